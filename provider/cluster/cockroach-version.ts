/** Versions of CockroachDB: the API takes major forms, `v25.2`, and returns full ones, `v25.2.6`. */

/** `v25.2` of `v25.2` or `v25.2.6`; undefined for anything else. */
export function majorVersion(version: string): string | undefined {
  return /^(v\d+\.\d+)(\.\d+)?(-[\w.-]+)?$/.exec(version)?.[1];
}

/** Whether the first is of an older major version; false when one of them is no version. */
export function isOlderMajorVersion(one: string, other: string): boolean {
  const [[year = Number.NaN, release = 0] = [], [otherYear = Number.NaN, otherRelease = 0] = []] = [
    one,
    other,
  ].map((version) => majorVersion(version)?.slice(1).split(".").map(Number));
  return year < otherYear || (year === otherYear && release < otherRelease);
}

/** Whether both are of the same major version. */
export function isSameMajorVersion(one: string, other: string): boolean {
  return (majorVersion(one) ?? one) === (majorVersion(other) ?? other);
}
