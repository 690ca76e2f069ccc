/** The name of a cluster to which the program gives none: `<resource name, shortened>-<6 random hexadecimal digits>`. */
import { randomBytes } from "node:crypto";

const longest = 20;
const randomDigits = 6;

/** A new name, as the API takes it. */
export function generatedName(resourceName: string): string {
  return `${stemOf(resourceName)}-${randomBytes(randomDigits / 2).toString("hex")}`;
}

/** Whether a resource of this name may have been given this name for its cluster. */
export function isGeneratedFor(resourceName: string, name: string): boolean {
  const suffix = name.slice(-randomDigits);
  return name === `${stemOf(resourceName)}-${suffix}` && /^[0-9a-f]+$/.test(suffix);
}

/** The resource name as the beginning of the name of a cluster. */
export function stemOf(resourceName: string): string {
  const stem = resourceName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest - randomDigits - 1)
    .replace(/^-+|-+$/g, "");
  return stem === "" ? "cluster" : stem;
}
