/**
 * What the plugin notes in each entry of the state, as the one output that no schema has. The engine hands over outputs
 * and nothing else that says where an entry comes from.
 */
import type { Properties } from "../provider/engine/adapter";

/** Name of the output. */
export const stateEntryName = "stateEntry";

export interface StateEntry {
  /** Distinguishes two entries of one object. */
  readonly madeAt?: string | undefined;
  /** Whether the stack had the cluster of the object, or each of them, when the object was last written. */
  readonly clusterInStack?: boolean | readonly boolean[] | undefined;
  /** The mark that something of the object carries, while its creation is not finished. */
  readonly creationMark?: string | undefined;
}

/** Outputs as the program means them, and what is noted beside them. */
export interface ReadEntry {
  readonly state: Properties;
  /** Undefined where another provider wrote the entry. */
  readonly entry: StateEntry | undefined;
}

/** Reads an entry, also one that the dynamic classes have written. */
export function readEntry(outputs: Properties): ReadEntry {
  const { [stateEntryName]: noted, ...others } = outputs;
  const state = Object.fromEntries(
    Object.entries(others).filter(([name]) => !name.startsWith("__")),
  );
  if (noted !== undefined) return { state, entry: noted as StateEntry };
  if (others["__provider"] === undefined) return { state, entry: undefined };
  const { __madeAt: madeAt, __mark: creationMark, __cluster: cluster } = others;
  return {
    state,
    entry: {
      madeAt: textIn(madeAt),
      creationMark: textIn(creationMark),
      clusterInStack: Array.isArray(cluster)
        ? cluster.map((urn) => urn !== "")
        : cluster === undefined
          ? undefined
          : cluster !== "",
    },
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
