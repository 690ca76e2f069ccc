/**
 * A folder of the organization.
 *
 * It holds clusters and other folders, and the API deletes only an empty one. A cluster whose deletion has
 * begun may hold its folder until it has ended.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UpdateFolderRequest, WireFolder } from "../sdk";
import { BadRequestError, ConflictError, withAdvice } from "../sdk";
import { waitUntil } from "./cache/polling";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { FolderReference } from "./program/reference";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { isRefusedForOther } from "./resource/lost-create";
import { typeToken } from "./resource/resource-types";
import { folderId, labelKey, labelValue, maxLabels } from "./resource/schema";
import { countText } from "./values/count";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** Arguments of a folder. */
export interface FolderArgs {
  /**
   * Name: 3 to 40 letters, digits, spaces, `-`, `_` and `'`, beginning and ending with a letter or digit.
   * Updated in place.
   */
  name: pulumi.Input<string>;
  /**
   * The folder that contains it; `"root"` is the top. Updated in place: the folder moves with everything in
   * it, and roles that were inherited from the former place end.
   * @default "root" when created, then not managed
   */
  parentId?: FolderReference;
  /**
   * Labels: at most 50. A key has 1 to 63 lowercase letters, digits, `-` and `_` and begins with a letter; a
   * value has at most 63 of them. Updated in place.
   * @default not managed; `{}` means none
   */
  labels?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** An ancestor of a folder. */
export interface FolderAncestor {
  /** UUID. */
  id: string;
  /** Name. */
  name: string;
}

/**
 * A folder, which holds clusters and other folders: at most three below one another. Only an empty one can be
 * deleted. API operations: CreateFolder, ListFolders, GetFolder, UpdateFolder, DeleteFolder,
 * ListFolderContents.
 */
export class Folder extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("Folder");

  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** Id of the folder that contains it, or `"root"`. */
  declare readonly parentId: pulumi.Output<string>;
  /** Labels; empty where there are none. */
  declare readonly labels: pulumi.Output<{ [key: string]: string }>;
  /** The folders that contain it, from the top; empty at the root. */
  declare readonly path: pulumi.Output<FolderAncestor[]>;
  /** Place counted from the root: `"/payments/eu west"`. */
  declare readonly fullPath: pulumi.Output<string>;
  /** Id of the organization. */
  declare readonly organizationId: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the folder
   * @param options `import: "<folder id>"` adopts an existing folder and writes nothing
   */
  constructor(name: string, args: FolderArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing folder, which this program reads and does not manage. */
  static readonly get = getterOf(Folder);
  /** Whether `value` is a folder of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<Folder>("Folder");
}

const inputs = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 '_-]{1,38}[A-Za-z0-9]$/, {
    error:
      "must have 3 to 40 letters, digits, spaces, dashes, underscores and apostrophes, and begin and end with a letter or digit.",
  }),
  parentId: folderId.optional(),
  labels: z
    .record(labelKey, labelValue)
    .refine((labels) => Object.keys(labels).length <= maxLabels, {
      error: ({ input }) =>
        `must be at most ${maxLabels}, and there are ${Object.keys(input as object).length}.`,
    })
    .optional(),
});

type Inputs = z.output<typeof inputs>;

interface State {
  name: string;
  parentId: string;
  labels: Record<string, string>;
  path: FolderAncestor[];
  fullPath: string;
  organizationId: string;
}

const definition: ResourceDefinition<Inputs, State, WireFolder> = {
  type: "Folder",
  noun: "folder",
  inputs,
  arguments: {
    name: { onChange: "update", changes: ["fullPath"] },
    // The API takes an empty id for the root.
    parentId: {
      onChange: "update",
      changes: ["path", "fullPath"],
      unset: "root",
      canonical: (id) => id || "root",
      reset: 'To move it to the root, write parentId: "root".',
    },
    labels: { onChange: "update", unset: {}, reset: "To remove all labels, write labels: {}." },
  },
  outputs: ["path", "fullPath", "organizationId"],

  idFormat: "<folder id>",
  idOf: (_inputs, remote) => remote?.resource_id,
  describe: ({ id, name }) => (name === undefined ? `folder ${id}` : `folder "${name}"`),
  claims: ({ name, parentId }) => [{ name, parentId: parentId || "root" }],

  impact({ updates }, { fullPath }, { parentId }) {
    if (!updates.includes("parentId") || hasUnknown(parentId)) return [];
    return [
      {
        severity: "info",
        message: `Folder "${fullPath}" moves with everything in it: roles that were inherited from its present place end.`,
      },
    ];
  },

  refuse: ({ id, name }, { parentId }) =>
    parentId === id
      ? `Folder "${name}" (${id}) cannot contain itself: give parentId the id of another folder, or "root".`
      : undefined,

  sample: ({ name = "folder", parentId = "root" }) => ({
    name,
    path: parentId === "root" ? [] : [{ id: parentId, name: "parent" }],
    fullPath: `${parentId === "root" ? "" : "/parent"}/${name}`,
    organizationId: "5ba5ed00-0000-4000-8000-0000000000aa",
  }),
  toState: toFolder,
  collection: {
    list: (_place, { cloud, options }) => cloud.folders.list({}, options),
    keyOf: ({ resource_id }) => resource_id,
    keyIn: ({ id }) => id,
    nameOf: ({ name }) => name,
    matches: (remote, { name, parentId = "root" }) =>
      remote.name === name && remote.parent_id === parentId,
    get: ({ id = "" }, { cloud, options }) => cloud.folders.get(id, options),
  },

  create: ({ name, parentId, labels }, { cloud, options }) =>
    cloud.folders.create(
      {
        name,
        ...omitUndefined({ parent_id: parentId, labels }),
      },
      options,
    ),
  lostCreate: {
    isOurs: (remote, { labels = {} }) => isDeepStrictEqual(remote.labels, labels),
    foundWarning: ({ name }) =>
      `The response to creating folder "${name}" was lost. A folder of this name was found afterwards and is managed here.`,
  },
  isRefusedAsExisting: isRefusedForOther,
  existsAdvice: "choose another name",

  update(before, { name, parentId, labels }, { cloud, options }, changed) {
    const values: UpdateFolderRequest = {
      ...(changed.includes("name") ? { name } : {}),
      ...(parentId !== undefined && changed.includes("parentId") ? { parent_id: parentId } : {}),
      ...(labels !== undefined && changed.includes("labels") ? { labels } : {}),
    };
    return cloud.folders.update(before.id, values, options);
  },
  isUpdateReadable: true,
  updateConflictAdvice: "Choose another name, or rename or delete the folder that has it first.",

  async delete({ id }, call) {
    const { cloud, options } = call;
    try {
      await cloud.folders.delete(id, options);
    } catch (error) {
      if (!BadRequestError.isInstance(error) && !ConflictError.isInstance(error)) throw error;
      const contents = await contentsThatStay(id, call);
      if (contents.length > 0) throw withAdvice(error, adviceToEmpty(contents));
      await cloud.folders.delete(id, options);
    }
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** A folder, or a cluster in one, as a program reads it. @internal */
export function toFolder({ name, parent_id, labels, path, organization_id }: WireFolder): State {
  return {
    name,
    parentId: parent_id,
    labels,
    path,
    fullPath: [...path.map((ancestor) => ancestor.name), name].map((one) => `/${one}`).join(""),
    organizationId: organization_id,
  };
}

const maxListedContents = 10;
const maxWaitMs = 10 * 60_000;
const minPollIntervalMs = 3_000;

interface Contents {
  readonly items: readonly WireFolder[];
  /** Whether there are only clusters that may be on their way out. */
  readonly isVanishing: boolean;
}

/** What is in the folder, once clusters that are being deleted are deleted. */
async function contentsThatStay(id: string, call: WriteCall): Promise<readonly WireFolder[]> {
  const { clock, progress, signal } = call.context;
  const observe = () => readContents(id, call);
  const first = await observe();
  if (!first.isVanishing) return first.items;
  const { items } = await waitUntil<Contents>({
    ...{ clock, signal, observe, minPauseMs: minPollIntervalMs },
    deadline: Math.min(call.deadline, clock.now() + maxWaitMs),
    isDone: ({ isVanishing }) => !isVanishing,
    describe: () =>
      `Deleting folder ${id} failed: the clusters in it are locked, and may be on their way to be deleted. Run the operation again when they are deleted.`,
    onProgress: (contents, waitedMs) =>
      progress(
        `waiting for the deletion of ${countText(contents.items.length, "cluster")} in it`,
        waitedMs,
      ),
  });
  return items;
}

async function readContents(id: string, { cloud, options, context }: WriteCall): Promise<Contents> {
  const items: WireFolder[] = [];
  for await (const one of cloud.folders.listContents(id, {}, options)) items.push(one);
  const states = await Promise.all(
    items.map(async ({ resource_id, resource_type }) =>
      resource_type === "CLUSTER"
        ? ((await context.clusters.get(resource_id, options))?.state ?? "DELETED")
        : resource_type,
    ),
  );
  // A cluster is locked while it is being deleted.
  const isVanishing =
    items.length > 0 && states.every((state) => state === "DELETED" || state === "LOCKED");
  return { items, isVanishing };
}

function adviceToEmpty(contents: readonly WireFolder[]): string {
  const listed = contents
    .slice(0, maxListedContents)
    .map(
      ({ resource_type, name, resource_id }) =>
        `${resource_type.toLowerCase()} "${name}" (${resource_id})`,
    );
  const more = contents.length - listed.length;
  const all = `${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `The folder holds ${all}: move or delete them first.`;
}
