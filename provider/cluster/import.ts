/** Adopts an existing cluster by its id, and reads one that is not in state. */
import type { RequestOptions, WireCluster } from "../../sdk/index";
import { BadRequestError, withAdvice } from "../../sdk/index";
import type { ClusterCache } from "../cache/cluster-cache";
import { nameForId } from "../resource/errors";
import type { Context } from "../resource/lifecycle";
import { Expression, linesToWrite } from "../values/code-writer";
import type { Change } from "./diff";
import { describeDifferences, diffCluster } from "./diff";
import type { Inputs, Unchecked } from "./schema";
import { clusterArguments } from "./to-program";
import { defaultTimeoutsMs } from "./wait";
import type { State } from "./wire";
import { toState, writeOnlyInputsOf } from "./wire";

/** Takes an existing cluster into the stack when the arguments describe it; writes nothing. */
export async function importCluster(
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  const { clusters, signal } = context;
  const deadline = context.deadline(defaultTimeoutsMs.create[inputs.plan]);
  const wire = await clusters.get(id, { signal, deadline });
  if (wire === undefined) {
    throw new Error(
      `Importing cluster ${id} failed: there is no such cluster in this organization, or this credential may not see it. Check the id in the option import, or remove the option to create a cluster.`,
    );
  }
  const state = toState(wire, writeOnlyInputsOf(inputs), context.mark);
  const different = diffCluster(state, inputs);
  if (different.length > 0) {
    throw new Error(
      `Importing cluster "${wire.name}" (${id}) failed: the arguments differ from the cluster: ${describeDifferences(different, state, inputs)}. Make the arguments equal to the cluster; change them after the import, and to replace it remove the option import.${linesToWrite(argumentsOf(different, state, inputs))}`,
    );
  }
  return { id, outs: state };
}

/** The cluster that `pulumi import` or a program names by its id. A name in the place of that is refused with the id. */
export async function readExternal(
  id: string,
  clusters: ClusterCache,
  options: RequestOptions,
): Promise<WireCluster | undefined> {
  try {
    return await clusters.get(id, options);
  } catch (error) {
    if (!BadRequestError.isInstance(error)) throw error;
    const named = (await clusters.now(options)).filter(({ name }) => name === id);
    if (named.length === 0) {
      const advice =
        "The id is a UUID; `getCluster({ name })` of a program finds the cluster of a name, and the CockroachDB Cloud Console shows the id.";
      throw withAdvice(error, advice);
    }
    const ids = named.map((cluster) => cluster.id);
    throw nameForId("cluster", id, "<cluster id>", ids);
  }
}

/** The arguments that say how the cluster is, of those in which the program differs. */
function argumentsOf(different: readonly Change[], state: State, inputs: Inputs): object {
  const described: Unchecked = clusterArguments(state);
  const keys = different.map(({ property }) => property.split(".", 1)[0] as string);
  // With another plan hardly anything is as the program says.
  const all = keys.includes("plan") ? [...Object.keys(described), ...Object.keys(inputs)] : keys;
  const entries = [...new Set(all)].map((key) => [
    key,
    described[key] ?? state[key as keyof State] ?? new Expression("undefined"),
  ]);
  return Object.fromEntries(entries);
}
