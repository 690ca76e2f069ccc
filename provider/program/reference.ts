/** How an argument names another resource: as a resource of the program, or by its id. */
import * as pulumi from "@pulumi/pulumi";

/** A folder, as a `Folder` of the program, by its id, or `"root"`. */
export type FolderReference = pulumi.Input<string> | pulumi.CustomResource;

/** A member of a group: a user, a service account or another group, as a resource of the program or by its id. */
export type MemberReference = pulumi.Input<string> | pulumi.CustomResource;

/** A replication stream, as a `PhysicalReplicationStream` of the program or by its id. */
export type PhysicalReplicationStreamReference = pulumi.Input<string> | pulumi.CustomResource;

/** A service account, as a `ServiceAccount` of the program or by its id. */
export type ServiceAccountReference = pulumi.Input<string> | pulumi.CustomResource;

/** Who holds roles: a resource of the program such as a `ServiceAccount`, or the id of a person or group. */
export type UserReference = pulumi.Input<string> | pulumi.CustomResource;

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
