// A folder as the emulator keeps it, and its place among the others.

import type { FolderOptions } from "../options";
import { invalidValue } from "../server/errors";

/** A folder of an organization. */
export interface FolderRecord {
  readonly id: string;
  readonly createdAt: number;
  name: string;
  /** UUID of the folder that contains it, or "root". */
  parentId: string;
  labels: Readonly<Record<string, string>>;
}

/** The folders of an organization, by id. */
export type FolderRecords = ReadonlyMap<string, FolderRecord>;

/** Creates a folder. */
export function newFolder(options: FolderOptions, now: number): FolderRecord {
  return {
    id: options.id,
    createdAt: now,
    name: options.name,
    parentId: options.parentId ?? "root",
    labels: { ...options.labels },
  };
}

/** The ids of the folders around a parent id, nearest first. */
export function folderPath(folders: FolderRecords, parentId: string): string[] {
  const path: string[] = [];
  let id = parentId;
  while (id !== "root" && !path.includes(id)) {
    path.push(id);
    id = folders.get(id)?.parentId ?? "root";
  }
  return path;
}

/** The stored parent: "" and "root" are the top level, anything else must be a folder. */
export function parentOf(parentId: string | undefined, folders: FolderRecords): string {
  if (parentId === undefined || parentId === "" || parentId === "root") {
    return "root";
  }
  const id = parentId.toLowerCase();
  if (!folders.has(id)) {
    throw invalidValue("the parent must exist");
  }
  return id;
}
