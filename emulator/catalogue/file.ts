// Machines, regions and versions from a file, for the emulator as a server: what is added to the default catalogues.

import { readFileSync } from "node:fs";
import type { EmulatorOptions } from "../options";
import { defaultMachines } from "./machines";
import { defaultRegions } from "./regions";
import { defaultVersions } from "./versions";

/**
 * Reads a JSON file with `machines`, `regions` or `versions` and returns the catalogues: the default entries and those of
 * the file, which replace the ones of the same name.
 * @throws when the file cannot be read or an entry is not like the default ones.
 */
export function readCatalogues(
  file: string,
): Required<Pick<EmulatorOptions, "machines" | "regions" | "versions">> {
  const { machines, regions, versions, ...others } = objectOf(parse(file), file);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new Error(`${file}: "${unknown}" is none of machines, regions, versions.`);
  }
  return {
    machines: extend(`${file}: machines`, defaultMachines, machines, ["provider", "type"]),
    regions: extend(`${file}: regions`, defaultRegions, regions, ["provider", "name"]),
    versions: extend(`${file}: versions`, defaultVersions, versions, ["version"]),
  };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

function extend<Entry extends object>(
  where: string,
  defaults: readonly Entry[],
  added: unknown = [],
  names: readonly (keyof Entry)[],
): Entry[] {
  if (!Array.isArray(added)) {
    throw new Error(`${where} must be a list.`);
  }
  const entries = added.map((entry, index) => check(`${where}[${index}]`, defaults[0], entry));
  const kept = defaults.filter(
    (entry) => !entries.some((other) => names.every((name) => other[name] === entry[name])),
  );
  return [...kept, ...entries];
}

/** Takes a default entry for the model of all. */
function check<Entry extends object>(
  where: string,
  model: Entry | undefined,
  value: unknown,
): Entry {
  const entry = objectOf(value, where);
  for (const [key, like] of Object.entries(model ?? {})) {
    const given = entry[key];
    if (typeof given !== typeof like || Array.isArray(given) !== Array.isArray(like)) {
      throw new Error(
        `${where}.${key} must be of the kind of ${JSON.stringify(like)}, got ${JSON.stringify(given)}.`,
      );
    }
  }
  return entry as Entry;
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${where} must be an object.`);
  }
  return value as Record<string, unknown>;
}
