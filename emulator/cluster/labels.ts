// Labels of clusters and folders.

import { invalidValue } from "../server/errors";

/**
 * At most 50 labels; keys of 1 to 63 characters that begin with a letter, values of at most 63.
 * @param noun What carries them.
 */
export function checkLabels(labels: Readonly<Record<string, string>>, noun: string): void {
  const entries = Object.entries(labels);
  if (entries.length > 50) {
    throw invalidValue(`a ${noun} can have at most 50 labels, got ${entries.length}`);
  }
  for (const [key, value] of entries) {
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key)) {
      throw invalidValue(`invalid label key '${key}'`);
    }
    if (!/^[a-z0-9_-]{0,63}$/.test(value)) {
      throw invalidValue(`invalid label value '${value}' of key '${key}'`);
    }
  }
}
