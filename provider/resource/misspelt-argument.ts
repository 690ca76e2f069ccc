/** Which argument a program means that writes one that there is not. */
import { z } from "zod";

type Path = readonly PropertyKey[];

/**
 * The argument that `key`, which does not belong at `path`, is most like: by its name when it is at the same
 * place, else by its path when it stands elsewhere. Undefined when none is like it.
 */
export function likelyArgument(schema: z.ZodType, path: Path, key: string): Path | undefined {
  const beside = likelyName(namesAt(schema, path), key);
  if (beside !== undefined) return [beside];
  return pathsIn(schema).find((other) => plain(String(other.at(-1))) === plain(key));
}

/** The name that `written` is most like; undefined when none is like it. */
export function likelyName(names: readonly string[], written: string): string | undefined {
  const nearest = names
    .map((name) => ({ name, distance: distanceBetween(plain(written), plain(name)) }))
    .sort((one, other) => one.distance - other.distance)[0];
  const isLike = nearest !== undefined && nearest.distance <= Math.max(1, written.length / 4);
  return isLike ? nearest.name : names.find((name) => isBeginningOf(name, written));
}

/** `cluster` of `clusterId`, `frequency` of `frequencyMinutes`. */
function isBeginningOf(name: string, written: string): boolean {
  return name.startsWith(written) && /^[A-Z]/.test(name.slice(written.length));
}

/** Spellings of other languages are the same: `request_unit_limit`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function namesAt(schema: z.ZodType, path: Path): string[] {
  const [, ...rest] = path;
  const inner = membersOf(schema);
  if (path.length === 0) return Object.keys(inner);
  const [key = ""] = path;
  const member = inner[String(key)] ?? itemOf(schema);
  return member === undefined ? [] : namesAt(member, rest);
}

/** The paths of all arguments outside of lists and maps. */
function pathsIn(schema: z.ZodType, path: Path = []): Path[] {
  return Object.entries(membersOf(schema)).flatMap(([key, member]) => [
    [...path, key],
    ...pathsIn(member, [...path, key]),
  ]);
}

function membersOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const known = unwrapOptional(schema);
  return known instanceof z.ZodObject ? known.shape : {};
}

/** What each item of a list, or each value of a map, is. */
function itemOf(schema: z.ZodType): z.ZodType | undefined {
  const known = unwrapOptional(schema);
  if (known instanceof z.ZodArray) return known.element as z.ZodType;
  return known instanceof z.ZodRecord ? (known.valueType as z.ZodType) : undefined;
}

function unwrapOptional(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
}

/** How many letters must be added, removed, changed or swapped with the next to get from one name to the other. */
function distanceBetween(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => row + column),
  );
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      (rows[row] as number[])[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(one.length, other.length);
}
