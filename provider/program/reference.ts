/** How an argument names another resource: as a resource of the program, or by its id. */
import * as pulumi from "@pulumi/pulumi";
import { forProgram } from "../resource/errors";
import { alternatives, idOfOne } from "../resource/id-form";
import type { Reference } from "../resource/references";
import { referencesIn } from "../resource/references";
import { notedResource } from "../resource/resource";
import type { ResourceType } from "../resource/resource-types";
import { isOfCluster, nounOf, referencesOf, resourceTypeOf } from "../resource/resource-types";

/** A folder, as a `Folder` of the program, by its id, or `"root"`. */
export type FolderReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource & { readonly fullPath: unknown });

/** A member of a group: a user, a service account or another group, as a resource of the program or by its id. */
export type MemberReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource &
      (
        | { readonly creatorName: unknown }
        | { readonly userName: unknown }
        | { readonly members: unknown }
      ));

/** A replication stream, as a `PhysicalReplicationStream` of the program or by its id. */
export type PhysicalReplicationStreamReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource & { readonly primaryClusterId: unknown });

/** A service account, as a `ServiceAccount` of the program or by its id. */
export type ServiceAccountReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource & { readonly creatorName: unknown });

/** Who holds roles: a resource of the program such as a `ServiceAccount`, or the id of a person or group. */
export type UserReference = MemberReference;

/** Arguments with the ids of the resources in them. */
export function withIds<Args extends object>(args: Args): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(idOr) : idOr(value),
    ]),
  );
}

function idOr(value: unknown): unknown {
  return pulumi.CustomResource.isInstance(value) ? value.id : value;
}

/** The resource whose id an argument is, as far as the program shows it without a wait. */
export function resourceBehind(value: unknown): pulumi.CustomResource | undefined {
  const source = sourceOf(value);
  return source?.output === "id" ? source.resource : undefined;
}

/**
 * Refuses what only the run after the preview, once the resource is created, would show to be no id of what the argument
 * names: another resource, or another output.
 */
export function refuseOtherReferences(subject: string, type: ResourceType, args: object): void {
  for (const reference of referencesIn(type, { ...args })) {
    const problem = problemOf(reference);
    if (problem === undefined) continue;
    const { path, types } = reference;
    throw forProgram(new Error(`${subject}: ${path} must be ${idOfOne(types)}, and is ${problem}`));
  }
}

function problemOf({ name: argument, value, types, takesIdOnly }: Reference): string | undefined {
  const { resource, output } = sourceOf(value) ?? {};
  if (resource === undefined || output === undefined) return undefined;
  const token = String(Reflect.get(resource, "__pulumiType"));
  const name = pulumi.resourceName(resource);
  if (token === "pulumi:pulumi:StackReference") {
    return `that of StackReference "${name}". Give an output of it: requireOutput("<name>").`;
  }
  const type = resourceTypeOf(token);
  if (type === undefined) return undefined;
  const isWanted = types.includes(type);
  const advice = (wanted: string) =>
    takesIdOnly ? `Give the id of the ${wanted}.` : `Give the ${wanted} itself.`;
  if (output === "id") {
    // What belongs to a cluster is named without it.
    if (isWanted && isOfCluster(type))
      return `that of ${type} "${name}", which has its cluster in it. ${advice(type)}`;
    const isRight = isWanted || types.some((one) => hasIdOf(type, one));
    return isRight ? undefined : `that of ${type} "${name}". ${advice(alternatives(types))}`;
  }
  // An output that is an id itself may be the right one, such as the cluster of another part.
  const isReference = output === argument || referencesOf(type)[output] !== undefined;
  if (isReference || (!isWanted && output.endsWith("Id"))) return undefined;
  return `the output ${output} of ${type} "${name}". ${advice(isWanted ? type : alternatives(types))}`;
}

/** Whether the id of the one is that of the other, as with a setting of a cluster. */
function hasIdOf(type: ResourceType, other: ResourceType): boolean {
  return notedResource(type)?.idFormat === `<${nounOf(other).split(" ").at(-1)} id>`;
}

/** The resource of which an output is, and the property that it is there. */
function sourceOf(value: unknown): { resource: pulumi.CustomResource; output: string } | undefined {
  if (!pulumi.Output.isInstance(value)) return undefined;
  // Every SDK of Pulumi reads another one's outputs by this method.
  const { resources } = value as unknown as { resources?(): Set<pulumi.Resource> };
  for (const resource of resources?.() ?? []) {
    if (!pulumi.CustomResource.isInstance(resource)) continue;
    const output = Object.keys(resource).find((key) => Reflect.get(resource, key) === value);
    if (output !== undefined) return { resource, output };
  }
  return undefined;
}
