/** Numbers with their nouns, as messages show them. */

/** `1 region`, `3 regions`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
