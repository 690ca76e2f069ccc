/**
 * How the parts of a cluster name the cluster that they belong to.
 *
 * A reference takes resources that have an output of the class it is for, and no other class here has. So the compiler
 * refuses the others, and takes a subclass and the class of another copy of this package.
 */
import * as pulumi from "@pulumi/pulumi";
import { notOfStack } from "../resource/lifecycle";
import { typeToken } from "../resource/resource-types";

/** A cluster, as a `Cluster` of the program or by its id. */
export type ClusterReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource & { readonly routingId: unknown });

// Known to every copy of this package in a program.
const outlivesStack = Symbol.for("pulumi-cockroachdb-cloud/outlivesStack");

/** The id of the cluster that is referred to. */
export function clusterIdOf(
  reference: ClusterReference | undefined,
): pulumi.Input<string> | undefined {
  return isResource(reference) ? reference.id : reference;
}

/** Notes that a cluster stays when the stack goes: the program looks it up, or retains it. */
export function noteOutlivesStack(cluster: pulumi.CustomResource): void {
  Object.defineProperty(cluster, outlivesStack, { value: true });
}

/**
 * The URN of the cluster that is referred to, when the stack deletes it: the part is then to find out whether its
 * cluster may be deleted, before it is deleted itself.
 */
export async function clusterUrnOf(reference: ClusterReference | undefined): Promise<string> {
  const cluster = isResource(reference) ? reference : await clusterBehind(reference);
  if (!isCluster(cluster) || outlivesStack in cluster) return notOfStack;
  return await plainValue(cluster.urn);
}

/**
 * The options of a part that cannot be made a second time before the first is deleted. With an import left
 * in the program the create may fail, and then nothing must have been deleted.
 */
export function deleteBeforeReplaceUnlessImport(
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  return options.import === undefined ? { deleteBeforeReplace: true, ...options } : options;
}

/**
 * The value of an output without what it depends on. As an output, a URN would make the resource depend on what it
 * is the URN of, which to Pulumi means all children of a component: the resource itself, and those that wait for it.
 */
export function plainValue<T>(output: pulumi.OutputInstance<T>): Promise<T> {
  return internals(output).promise();
}

const clusterType = typeToken("Cluster");

/** The cluster whose id an output is, such as `cluster.id`. */
async function clusterBehind(
  reference: pulumi.Input<string> | undefined,
): Promise<pulumi.CustomResource | undefined> {
  if (!pulumi.Output.isInstance(reference)) return undefined;
  const id = await plainValue(reference);
  for (const resource of await internals(reference).allResources()) {
    if (id !== undefined && isCluster(resource) && (await plainValue(resource.id)) === id) {
      return resource;
    }
  }
  return undefined;
}

function isResource(reference: unknown): reference is pulumi.CustomResource {
  return pulumi.CustomResource.isInstance(reference);
}

function isCluster(value: unknown): value is pulumi.CustomResource {
  return isResource(value) && Reflect.get(value, "__pulumiType") === clusterType;
}

/** What Pulumi's own SDKs ask of each other's outputs. */
interface OutputInternals<T> {
  promise(): Promise<T>;
  allResources(): Promise<Set<pulumi.Resource>>;
}

function internals<T>(output: pulumi.OutputInstance<T>): OutputInternals<T> {
  return output as unknown as OutputInternals<T>;
}
