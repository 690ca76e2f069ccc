/** Reads folders, and lists what is in them. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireFolder } from "../../sdk/index";
import { creationMarkKey } from "../cluster/creation-mark";
import type { FolderAncestor } from "../folder";
import { toFolder } from "../folder";
import type { FolderReference } from "../program/reference";
import { checkEither, collect, textIn, uuidIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { onlyMatch } from "./only-match";

/** A folder. */
export interface FolderInfo {
  /** UUID. */
  id: string;
  /** Name. */
  name: string;
  /** Id of the folder that contains it, or `"root"`. */
  parentId: string;
  /** Labels; empty where there are none. */
  labels: { [key: string]: string };
  /** The folders that contain it, from the top; empty at the root. */
  path: FolderAncestor[];
  /** Place counted from the root: `"/payments/eu west"`. */
  fullPath: string;
  /** Id of the organization. */
  organizationId: string;
}

/** A folder or a cluster in a folder. */
export interface FolderContentInfo extends FolderInfo {
  /** `FOLDER` or `CLUSTER`. */
  type: string;
}

/** Which folder: exactly one of the two. */
export interface GetFolderArgs {
  /** UUID. */
  id?: string;
  /** Place counted from the root: `"/payments/eu west"`. */
  path?: string;
}

/** Which folder: exactly one of the two. */
export interface GetFolderOutputArgs {
  /** The folder, or its id. */
  id?: FolderReference;
  /** Place counted from the root: `"/payments/eu west"`. */
  path?: pulumi.Input<string>;
}

/** Reads a folder by `id` or by `path`, as `"/payments/eu west"`. Fails when there is none, or when several have the path. */
export function getFolder(args: GetFolderArgs, options?: FunctionOptions): Promise<FolderInfo> {
  return callFunction(oneFolder, args, options);
}

/** `getFolder` for outputs. */
export function getFolderOutput(
  args: GetFolderOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<FolderInfo> {
  return callFunctionOutput(oneFolder, args, options);
}

/** Which folders. */
export interface ListFoldersArgs {
  /**
   * Only those directly in this folder, by its id, or in `"root"`.
   * @default all folders of the organization
   */
  parentId?: string;
  /**
   * Only what is at this place, counted from the root: `"/payments/eu west"`.
   * @default all folders of the organization
   */
  path?: string;
}

/** Which folders. */
export interface ListFoldersOutputArgs {
  /**
   * Only those directly in this folder, or its id, or in `"root"`.
   * @default all folders of the organization
   */
  parentId?: FolderReference;
  /**
   * Only what is at this place, counted from the root: `"/payments/eu west"`.
   * @default all folders of the organization
   */
  path?: pulumi.Input<string>;
}

/** Lists the folders of the organization by name: with `parentId` those directly in one, with `path` what is at a place, where `getFolder` fails when there is none. */
export function listFolders(
  args: ListFoldersArgs = {},
  options?: FunctionOptions,
): Promise<FolderInfo[]> {
  return callFunction(folders, args, options);
}

/** `listFolders` for outputs. */
export function listFoldersOutput(
  args: ListFoldersOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<FolderInfo[]> {
  return callFunctionOutput(folders, args, options);
}

/** Which contents. */
export interface ListFolderContentsArgs {
  /**
   * Id of the folder, or `"root"`.
   * @default "root"
   */
  folderId?: string;
  /**
   * Also what is in the folders below, with one request for each.
   * @default false
   */
  recursive?: boolean;
}

/** Which contents. */
export interface ListFolderContentsOutputArgs {
  /**
   * The folder, or its id, or `"root"`.
   * @default "root"
   */
  folderId?: FolderReference;
  /**
   * Also what is in the folders below, with one request for each.
   * @default false
   */
  recursive?: pulumi.Input<boolean>;
}

/** Lists what is in a folder or at the root: folders by name, then clusters by name; with `recursive` then what is in those folders. */
export function listFolderContents(
  args: ListFolderContentsArgs = {},
  options?: FunctionOptions,
): Promise<FolderContentInfo[]> {
  return callFunction(contents, args, options);
}

/** `listFolderContents` for outputs. */
export function listFolderContentsOutput(
  args: ListFolderContentsOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<FolderContentInfo[]> {
  return callFunctionOutput(contents, args, options);
}

/** @internal */
export const oneFolder: ProviderFunction<GetFolderArgs, FolderInfo> = {
  name: "getFolder",
  async read({ cloud }, { id, path }) {
    checkEither("getFolder", { id, path });
    if (id !== undefined) {
      const byPath = (text: string) => `getFolder({ path: ${JSON.stringify(`/${text}`)} })`;
      return toInfo(await cloud.folders.get(uuidIn("getFolder", "id", id, "a folder", byPath)));
    }
    const place = placeIn("getFolder", path);
    return toInfo(
      onlyMatch(
        await collect(cloud.folders.list({ path: place })),
        ({ resource_id }) => resource_id,
        {
          object: `folder ${JSON.stringify(place)}`,
          path: "/api/v1/folders",
          reason: "this credential can see no folder at this path",
          advice:
            "A path begins at the root and has the names of all folders around, as they are written there.",
          shared: "folders are at this path",
        },
      ),
    );
  },
};

/** @internal */
export const folders: ProviderFunction<ListFoldersArgs, FolderInfo[]> = {
  name: "listFolders",
  async read({ cloud }, { parentId, path }) {
    const query = path === undefined ? {} : { path: placeIn("listFolders", path) };
    const all = await collect(cloud.folders.list(query));
    return all
      .filter(({ parent_id }) => parentId === undefined || parent_id === (parentId || "root"))
      .map(toInfo);
  },
};

/** @internal */
export const contents: ProviderFunction<ListFolderContentsArgs, FolderContentInfo[]> = {
  name: "listFolderContents",
  async read({ cloud }, { folderId = "root", recursive = false }) {
    const all: WireFolder[] = [];
    // The loop appends to it, so a folder's folders come after those beside it.
    const places = [folderId || "root"];
    for (const place of places) {
      const items = await collect(cloud.folders.listContents(place));
      all.push(...items);
      if (!recursive) continue;
      const below = items.filter(({ resource_type }) => resource_type === "FOLDER");
      places.push(...below.map(({ resource_id }) => resource_id));
    }
    return all.map((item) => ({ ...toInfo(item), type: item.resource_type }));
  },
};

/** A path as the API takes it. */
function placeIn(name: string, path: string | undefined): string {
  const text = textIn(name, "path", path, "a folder's path");
  const names = text.replace(/^\/+|\/+$/g, "");
  return `/${textIn(name, "path", names, 'a folder\'s path such as "/payments/eu west"')}`;
}

function toInfo(wire: WireFolder): FolderInfo {
  const folder = toFolder(wire);
  // A cluster among them may carry it, while its creation is not finished.
  const { [creationMarkKey]: _mark, ...labels } = folder.labels;
  return { id: wire.resource_id, ...folder, labels };
}
