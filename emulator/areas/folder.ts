// Folders of an organization: up to three in one another, with clusters on every level.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { clustersOf } from "../cluster/find";
import { checkLabels } from "../cluster/labels";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { FolderRecord, FolderRecords } from "../organization/folders";
import { folderPath, newFolder, parentOf } from "../organization/folders";
import { endGrantsOn, grantsOf } from "../organization/grants";
import type { Organization } from "../organization/organization";
import type { Call } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, permissionDenied } from "../server/errors";
import { page } from "../server/paging";
import type { Field } from "../server/protojson";
import { textParameter } from "../server/query";
import type { Subject } from "../server/roles";
import { isAllowed } from "../server/roles";
import { collection, isPermitted } from "./collection";

/** Folders that may be in one another. */
const maxDepth = 3;

/** A folder, or a cluster among the contents of a folder, as the API spells it. */
export interface WireFolder {
  /** UUID. */
  resource_id: string;
  resource_type: "CLUSTER" | "FOLDER";
  /** UUID of the folder that contains it, or "root". */
  parent_id: string;
  /** UUID. */
  organization_id: string;
  name: string;
  /** The folders that contain it, from the top. */
  path: { id: string; name: string }[];
  labels: Record<string, string>;
}

/** Folders of all organizations outside the API, without the rules of names, number and depth. */
export interface FolderControls {
  /** All folders, by name. */
  list(): WireFolder[];
  /**
   * Adds a folder, to the first organization where no parent says another. Returns its UUID.
   * @param details default: at the root, without labels
   */
  add(name: string, details?: { parentId?: string; labels?: Record<string, string> }): string;
  /** @throws when there is no such folder. */
  rename(id: string, name: string): void;
  /** Replaces all labels. @throws when there is no such folder. */
  label(id: string, labels: Record<string, string>): void;
  /** Moves a folder with everything in it. @param parentId UUID of a folder, or "root". @throws when there is none. */
  move(id: string, parentId: string): void;
  /** Removes a folder; what is in it moves to the folder around it. @throws when there is no such folder. */
  remove(id: string): void;
}

/** The body of create and update. */
interface FolderBody {
  name?: string;
  parent_id?: string;
  labels?: Record<string, string>;
}

const fields: Readonly<Record<string, Field>> = {
  name: "string",
  parent_id: "string",
  labels: { map: "string" },
};

const folders = collection<FolderRecord, FolderBody>({
  noun: "folder",
  parameter: "folder_id",
  listed: "folders",
  shapes: {
    create: { name: "cockroach.cloud.CreateFolderRequest", fields },
    update: { name: "cockroach.cloud.UpdateFolderSpecification", fields },
  },
  itemsOf: ({ organization }) => organization.folders,
  subjectOf: (call, folder) => inFolder(call, folder.id),
  sortKey: ({ name, id }) => [name, id],
  toWire: ({ organization }, folder) => folderToWire(folder, organization),
  showsDeleted: false,

  create(call, { name = "", parent_id = "", labels = {} }) {
    const { folders: others } = call.organization;
    const parentId = parentOf(parent_id, others);
    checkMayPlaceIn(call, parentId);
    checkName(name);
    checkLabels(labels, "folder");
    const folder = newFolder({ id: randomUUID(), name, parentId, labels }, call.now);
    checkPlace(call, folder, name, parentId);
    const { maxFolders } = call.context.assumptions;
    if (others.size >= maxFolders) {
      throw failedPrecondition(`an organization can have at most ${maxFolders} folders`);
    }
    return folder;
  },

  update(call, folder, { name, parent_id, labels }) {
    if (labels !== undefined) {
      checkMayLabel(call, folder);
      checkLabels(labels, "folder");
    }
    const parentId =
      parent_id === undefined ? folder.parentId : parentOf(parent_id, call.organization.folders);
    if (parentId !== folder.parentId) {
      checkMayPlaceIn(call, folder.parentId);
      checkMayPlaceIn(call, parentId);
    }
    if (name !== undefined) {
      checkName(name);
    }
    const next = { name: name ?? folder.name, parentId, labels: labels ?? folder.labels };
    if (next.name !== folder.name || parentId !== folder.parentId) {
      checkPlace(call, folder, next.name, parentId);
    }
    Object.assign(folder, next);
  },

  beforeDelete({ organization, context }, folder) {
    const holds = (cluster: ClusterRecord) =>
      cluster.parentId === folder.id && holdsFolder(cluster, context);
    if (
      foldersIn(organization.folders, folder.id).length > 0 ||
      clustersOf(organization, context).some(holds)
    ) {
      throw failedPrecondition(`folder '${folder.id}' is not empty`);
    }
    if (!context.assumptions.grantsOutliveResource) {
      endGrantsOn(organization, folder.id);
    }
  },
});

function listFolders(call: Call): object {
  const path = (textParameter(call.query, "path") ?? "").replace(/^\/|\/$/g, "");
  const names = (folder: FolderRecord) => {
    const { path: around } = folderToWire(folder, call.organization);
    return [...around.map(({ name }) => name), folder.name].join("/");
  };
  return folders.list(call, (folder) => path === "" || names(folder) === path);
}

function listFolderContents(call: Call): object {
  const { organization, context } = call;
  const folderId = call.path["folder_id"] === "root" ? "root" : folders.find(call).id;
  const subfolders = foldersIn(organization.folders, folderId)
    .filter(({ id }) => isPermitted(call, inFolder(call, id)))
    .map((folder) => ({ at: folder.createdAt, wire: folderToWire(folder, organization) }));
  const clusters = clustersOf(organization, context)
    .filter((cluster) => cluster.parentId === folderId && cluster.phase !== "deleted")
    .filter(({ id }) => isPermitted(call, { ...inFolder(call, folderId), clusterId: id }))
    .map((cluster) => ({ at: cluster.createdAt, wire: clusterToWire(cluster, organization) }));
  const contents = [...subfolders, ...clusters];
  const seesNothing = folderId !== "root" && contents.length === 0;
  if (seesNothing && !isPermitted(call, inFolder(call, folderId))) {
    throw permissionDenied();
  }
  const { items, pagination } = page(call, contents, {
    sortKey: ({ wire }) => [
      wire.resource_type === "FOLDER" ? "0" : "1",
      wire.name,
      wire.resource_id,
    ],
    createdAt: ({ at }) => at,
  });
  return { resources: items.map(({ wire }) => wire), pagination };
}

function inFolder(call: Call, folderId: string): Subject {
  return { folderIds: folderPath(call.organization.folders, folderId) };
}

/** Creating a folder takes a role where it is going to be, moving one takes it at both places. */
function checkMayPlaceIn(call: Call, parentId: string): void {
  if (!isPermitted(call, inFolder(call, parentId))) {
    throw permissionDenied();
  }
}

/** A Folder Mover may rename and move, only a Folder Admin may change labels. */
function checkMayLabel(call: Call, folder: FolderRecord): void {
  const admin = grantsOf(call).filter(({ role }) => role === "FOLDER_ADMIN");
  if (!isAllowed(admin, call.operation, inFolder(call, folder.id))) {
    throw permissionDenied();
  }
}

function checkName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9 '_-]{1,38}[A-Za-z0-9]$/.test(name)) {
    throw invalidValue(
      `invalid folder name '${name}': must be 3-40 characters of letters, numbers, spaces, dashes, apostrophes and ` +
        "underscores, beginning and ending with a letter or number",
    );
  }
}

/** Whether a folder may get a name and a parent of which one is new. */
function checkPlace(call: Call, folder: FolderRecord, name: string, parentId: string): void {
  const { folders: others } = call.organization;
  const { duplicateFolder } = call.context.assumptions;
  const around = folderPath(others, parentId);
  if (around.includes(folder.id)) {
    throw invalidValue("a folder cannot be moved into itself or a folder below it");
  }
  if (around.length + heightOf(others, folder.id) > maxDepth) {
    throw failedPrecondition(`folders can be nested at most ${maxDepth} levels deep`);
  }
  const isTaken = foldersIn(others, parentId).some((other) => other.name === name);
  if (isTaken && duplicateFolder !== "allowed") {
    throw new ApiError(duplicateFolder, `a folder with the name '${name}' already exists`);
  }
}

/** Levels of folders from this one down. */
function heightOf(all: FolderRecords, id: string): number {
  return 1 + Math.max(0, ...foldersIn(all, id).map((child) => heightOf(all, child.id)));
}

function foldersIn(all: FolderRecords, parentId: string): FolderRecord[] {
  return [...all.values()].filter((folder) => folder.parentId === parentId);
}

function holdsFolder(cluster: ClusterRecord, context: EmulatorContext): boolean {
  if (cluster.phase !== "deleting") {
    return cluster.phase !== "deleted";
  }
  const { deletingClusterHoldsFolder: holds } = context.assumptions;
  return holds === "always" || (holds === "advanced" && cluster.plan === "ADVANCED");
}

function folderToWire(folder: FolderRecord, organization: Organization): WireFolder {
  return toWire(folder, "FOLDER", organization);
}

function clusterToWire(cluster: ClusterRecord, organization: Organization): WireFolder {
  return toWire(cluster, "CLUSTER", organization);
}

function toWire(
  { id, parentId, name, labels }: FolderRecord | ClusterRecord,
  type: WireFolder["resource_type"],
  organization: Organization,
): WireFolder {
  const around = folderPath(organization.folders, parentId).reverse();
  return {
    resource_id: id,
    resource_type: type,
    parent_id: parentId,
    organization_id: organization.id,
    name,
    path: around.map((id) => ({ id, name: organization.folders.get(id)?.name ?? "" })),
    labels: { ...labels },
  };
}

/** Folders, and what is in them. */
export const folderArea: ControlledArea<FolderControls> = {
  operations: {
    CreateFolder: folders.create,
    DeleteFolder: folders.delete,
    GetFolder: folders.get,
    ListFolderContents: listFolderContents,
    ListFolders: listFolders,
    UpdateFolder: folders.update,
  },
  createControls: folderControls,
};

function folderControls({ context, organizations }: ControlParts): FolderControls {
  const owner = (id: string): { organization: Organization; folder: FolderRecord } => {
    for (const organization of organizations) {
      const folder = organization.folders.get(id);
      if (folder !== undefined) {
        return { organization, folder };
      }
    }
    throw new Error(`The emulator has no folder ${id}.`);
  };
  return {
    list: () =>
      organizations
        .flatMap((one) => [...one.folders.values()].map((folder) => folderToWire(folder, one)))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    add: (name, { parentId = "root", labels = {} } = {}) => {
      const folder = newFolder({ id: randomUUID(), name, parentId, labels }, context.clock.now());
      const organization = parentId === "root" ? organizations[0] : owner(parentId).organization;
      organization?.folders.set(folder.id, folder);
      return folder.id;
    },
    rename: (id, name) => {
      owner(id).folder.name = name;
    },
    label: (id, labels) => {
      owner(id).folder.labels = { ...labels };
    },
    move: (id, parentId) => {
      const { organization, folder } = owner(id);
      const isKnown = parentId === "root" || organization.folders.has(parentId);
      if (!isKnown || folderPath(organization.folders, parentId).includes(id)) {
        throw new Error(`Folder ${id} cannot be moved to ${parentId}.`);
      }
      folder.parentId = parentId;
    },
    remove: (id) => {
      const { organization, folder } = owner(id);
      organization.folders.delete(id);
      const orphans = [...organization.folders.values(), ...organization.clusters.values()];
      for (const orphan of orphans.filter(({ parentId }) => parentId === id)) {
        orphan.parentId = folder.parentId;
      }
    },
  };
}
