/**
 * What a program keeps secret among its arguments.
 *
 * Pulumi hands secrets over without their marks and puts the marks back only where an output has the
 * name of a secret argument. So the class notes where the secrets are, as a hidden input that names
 * places and holds no value, and the operations keep them out of messages and of every other output.
 */
import { valueAt } from "./property-value";
import { asSecret, markedAsSecret } from "./state-values";
import { isUnknown } from "./unknown";

type Properties = Record<string, unknown>;

/** Names and indices that lead to a value. */
export type Path = readonly string[];

/** The secrets of a resource: where they are, and what they say. */
export class Secrets {
  readonly paths: readonly Path[];
  readonly texts: readonly string[];

  constructor(paths: readonly Path[], texts: readonly string[] = []) {
    this.paths = paths;
    this.texts = texts;
  }

  /** Those at the paths, with their texts in the values. */
  static at(paths: readonly Path[], ...values: readonly object[]): Secrets {
    return new Secrets(
      paths,
      values.flatMap((one) => textsAt(one as Properties, paths)),
    );
  }

  with({ paths, texts }: Secrets): Secrets {
    return new Secrets([...this.paths, ...paths], [...this.texts, ...texts]);
  }

  /** The values with marks on the secrets at the paths, and on copies of their texts. */
  mark(values: object): Properties {
    return markSecrets(values, this.paths, this.texts);
  }
}

/** The texts and numbers of the values at these places, and the names in a map of texts. */
export function textsAt(properties: Properties, paths: readonly Path[]): string[] {
  return paths.flatMap((path) => textsIn(valueAt(properties, path)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" || isUnknown(value) ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  const members = Object.values(value);
  const isMapOfTexts = !Array.isArray(value) && members.every((item) => typeof item === "string");
  return [...(isMapOfTexts ? Object.keys(value) : []), ...members.flatMap(textsIn)];
}

/** Whether the program has a value at this place. */
export function hasValueAt(properties: Properties, path: Path): boolean {
  return valueAt(properties, path) !== undefined;
}

/** Values without the marks of secrets, and where the marks were. */
export interface Unmarked {
  readonly values: Properties;
  readonly secretPaths: readonly Path[];
}

/** Takes the marks off: the reverse of `markSecrets`. */
export function unmarkSecrets(values: Properties): Unmarked {
  const secretPaths: Path[] = [];
  const plain = (value: unknown, path: Path, isInSecret: boolean): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const secret = markedAsSecret(value);
    if (secret !== undefined) {
      if (!isInSecret) secretPaths.push(path);
      return plain(secret.value, path, true);
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => plain(item, [...path, String(index)], isInSecret));
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        plain(member, [...path, key], isInSecret),
      ]),
    );
  };
  return { values: plain(values, [], false) as Properties, secretPaths };
}

/** A shorter text may stand in another output by chance. */
const minCopyLength = 12;

/**
 * The values with secrets in the places of `paths`, and wherever one of `texts` stands in another. As
 * Pulumi does it, a list that holds a secret is one as a whole.
 */
export function markSecrets(
  values: object,
  paths: readonly Path[],
  texts: readonly string[],
): Properties {
  const copies = texts.filter(({ length }) => length >= minCopyLength);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      concealedAt(value, pathsBelow(paths, key), copies),
    ]),
  );
}

function concealedAt(value: unknown, paths: readonly Path[], copies: readonly string[]): unknown {
  const isPlace = paths.some(({ length }) => length === 0);
  if (isPlace || (Array.isArray(value) && (paths.length > 0 || containsCopy(value, copies)))) {
    return asSecret(value);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return markSecrets(value, paths, copies);
  }
  return containsCopy(value, copies) ? asSecret(value) : value;
}

function pathsBelow(paths: readonly Path[], key: string): Path[] {
  return paths.filter(([first]) => first === key).map((path) => path.slice(1));
}

function containsCopy(value: unknown, copies: readonly string[]): boolean {
  if (typeof value === "string") return copies.some((copy) => value.includes(copy));
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => containsCopy(member, copies));
}
