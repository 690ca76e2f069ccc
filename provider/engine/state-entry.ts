/**
 * Who has written an entry of the state, and what is noted in it beside the outputs.
 *
 * The classes note it in hidden properties. The plugin has one output for it, which no schema has: the engine hands over
 * outputs, and nothing else that says where an entry comes from.
 */
import type { Properties } from "./adapter";

/** Name of the plugin's output. */
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
  readonly entry: StateEntry;
  readonly isOfPlugin: boolean;
  /** Whether another provider wrote the entry. */
  readonly isFromBridge: boolean;
}

/** Reads an entry, whether the classes or the plugin have written it. */
export function readEntry(outputs: Properties): ReadEntry {
  const { [stateEntryName]: noted, ...others } = outputs;
  const state = Object.fromEntries(
    Object.entries(others).filter(([name]) => !name.startsWith("__")),
  );
  const isOfPlugin = noted !== undefined;
  if (isOfPlugin) return { state, entry: noted as StateEntry, isOfPlugin, isFromBridge: false };
  const { __madeAt: madeAt, __mark: creationMark, __cluster: cluster } = others;
  return {
    state,
    isOfPlugin,
    isFromBridge: others["__provider"] === undefined,
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
