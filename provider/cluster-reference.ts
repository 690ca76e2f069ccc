/** How the parts of a cluster name the cluster that they belong to. */
import * as pulumi from "@pulumi/pulumi";

/** A cluster, as a `Cluster` of the program or by its id. */
export type ClusterReference = pulumi.Input<string> | pulumi.CustomResource;

// Known to every copy of this package in a program.
const outlivesStack = Symbol.for("pulumi-cockroachdb-cloud/outlivesStack");

/** The id of the cluster that is referred to. */
export function clusterIdOf(
  reference: ClusterReference | undefined,
): pulumi.Input<string> | undefined {
  return isResource(reference) ? reference.id : reference;
}

/** What the id of an object of a cluster says, `<cluster id>:<name>`; only the cluster where it is another one. */
export function namedPartOf(id: string): { clusterId: string; name?: string } {
  const [, clusterId = id, name] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  return name === undefined ? { clusterId } : { clusterId, name };
}

/** Notes that a cluster stays when the stack goes: the program looks it up, or retains it. */
export function noteOutlivesStack(cluster: pulumi.CustomResource): void {
  Object.defineProperty(cluster, outlivesStack, { value: true });
}

/**
 * The options of a part of a cluster: it vanishes with its cluster, so destroying both takes no request
 * for the part. Only a resource of the program can say so, and the user's own option wins. A cluster
 * that outlives the stack takes nothing with it.
 */
export function partOf(
  reference: ClusterReference | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  return isResource(reference) && !(outlivesStack in reference)
    ? { deletedWith: reference, ...options }
    : options;
}

/**
 * The options of a part that cannot be made a second time before the first is gone. With an import left
 * in the program the create may fail, and then nothing must have been deleted.
 */
export function onlyOne(options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return options.import === undefined ? { deleteBeforeReplace: true } : {};
}

function isResource(reference: ClusterReference | undefined): reference is pulumi.CustomResource {
  return pulumi.CustomResource.isInstance(reference);
}
