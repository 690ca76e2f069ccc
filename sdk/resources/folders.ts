// Folders of the organization, and what is in them.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { openEnumSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** What a folder can contain. */
export type FolderResourceType = "FOLDER" | "CLUSTER";

/** A folder, or a cluster among the contents of a folder. */
export interface WireFolder {
  /** UUID of the folder or cluster. */
  resource_id: string;
  resource_type: FolderResourceType;
  /** UUID of the folder that contains it, or `root`. */
  parent_id: string;
  /** UUID. */
  organization_id: string;
  name: string;
  /** The folders that contain it, from the top; empty at the root. */
  path: { id: string; name: string }[];
  labels: Record<string, string>;
}

/** Body of `create`. */
export interface CreateFolderRequest {
  /** 3 to 40 letters, digits, spaces, `-`, `_` and `'`; the first and last are letters or digits. */
  name: string;
  /**
   * UUID of the folder that will contain it.
   *
   * @default "root"
   */
  parent_id?: string;
  /** At most 50. */
  labels?: Record<string, string>;
}

/** Body of `update`; what is left out stays. */
export interface UpdateFolderRequest {
  name?: string;
  /** UUID of another folder, or `root`: moves the folder with everything in it. */
  parent_id?: string;
  /** Replaces all labels. */
  labels?: Record<string, string>;
}

/** Which folders to list. */
export interface ListFoldersQuery extends ListQuery {
  /**
   * Only the folder at this place, counted from the root: `/payments/eu west`.
   *
   * @default all folders
   */
  path?: string;
}

/** @internal */
export const folderSchema = z.object({
  resource_id: z.string().min(1),
  resource_type: openEnumSchema<FolderResourceType>(),
  parent_id: textSchema.transform((id) => id || "root"),
  organization_id: textSchema,
  name: textSchema,
  path: z.array(z.object({ id: textSchema, name: textSchema })).default([]),
  labels: z.record(z.string(), z.string()).default({}),
});

/** @internal */
export const folderListSchema = z.object({
  folders: z.array(folderSchema),
  pagination: paginationSchema,
});

/** @internal */
export const folderContentsSchema = z.object({
  resources: z.array(folderSchema).default([]),
  pagination: paginationSchema,
});

const scope = "the organization or the folder";
const toList = permission(["OA", "CA", "CO", "CD", "CC", "FA", "FM", "MV", "CM"], scope);
const toListContents = permission(["OA", "CA", "CO", "CD", "FA", "FM", "MV", "CM"], scope);
const toMove = permission(["FA", "FM"], scope);
const toWrite = permission(["FA"], scope);

const folders = { path: path`/api/v1/folders`, object: "folders", schema: folderListSchema };

function folder(id: string) {
  return { path: path`/api/v1/folders/${id}`, object: `folder ${id}`, schema: folderSchema };
}

/** Folders, which hold clusters and other folders. */
export class FoldersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the folders that the key may see, by name. */
  list(query: ListFoldersQuery = {}, options?: RequestOptions): AsyncIterable<WireFolder> {
    const { path: place, pageSize = defaultPageSize } = query;
    const call = operation("GET", folders, toList, { verb: "Listing", query: { path: place } });
    return this.#caller.list(call, (response) => response.folders, pageSize, options);
  }

  /**
   * Creates a folder. It is sent once: repeated only where the first try certainly had no effect. When
   * the error says `effect: "unknown"`, the folder may exist.
   */
  async create(body: CreateFolderRequest, options?: RequestOptions): Promise<WireFolder> {
    const object = `folder ${JSON.stringify(body.name)}`;
    const target = { ...folders, object, schema: folderSchema };
    return await this.#caller.run(operation("POST", target, toWrite, { body }), options);
  }

  /** Reads a folder. */
  async get(id: string, options?: RequestOptions): Promise<WireFolder> {
    return await this.#caller.run(operation("GET", folder(id), toList), options);
  }

  /** Renames or moves a folder, or replaces its labels, which takes the role Folder Admin. */
  async update(
    id: string,
    body: UpdateFolderRequest,
    options?: RequestOptions,
  ): Promise<WireFolder> {
    const role = body.labels === undefined ? toMove : toWrite;
    return await this.#caller.run(operation("PATCH", folder(id), role, { body }), options);
  }

  /**
   * Deletes an empty folder. One that a repeated request does not find counts as deleted; one that was
   * never there is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", folder(id), toWrite), options);
  }

  /**
   * Lists what is directly in a folder: folders by name, then clusters by name.
   *
   * @param id UUID of a folder, or `root`.
   */
  listContents(
    id: string,
    query: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireFolder> {
    const target = {
      path: path`/api/v1/folders/${id}/contents`,
      object: `the contents of folder ${id}`,
      schema: folderContentsSchema,
    };
    const { pageSize = defaultPageSize } = query;
    const call = operation("GET", target, toListContents, { verb: "Listing" });
    return this.#caller.list(call, (response) => response.resources, pageSize, options);
  }
}
