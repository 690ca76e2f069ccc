/** Versions of CockroachDB: the API takes major forms, `v25.2`, and answers full ones, `v25.2.6`. */

/** `v25.2` of `v25.2` or `v25.2.6`; undefined for anything else. */
export function majorVersion(version: string): string | undefined {
  return /^(v\d+\.\d+)(\.\d+)?(-[\w.-]+)?$/.exec(version)?.[1];
}

/** Whether both are of the same major version. */
export function isSameMajorVersion(one: string, other: string): boolean {
  return (majorVersion(one) ?? one) === (majorVersion(other) ?? other);
}
