/**
 * Whose endpoints may be connected to a cluster.
 *
 * Without any trusted owner, everybody's may: the first one restricts, and the deletion of the last one opens again.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WirePrivateEndpointTrustedOwner } from "../sdk";
import { cloudFailures } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { describeValue } from "./resource/check";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { adviceOnAccount } from "./values/stack-file";
import { hasUnknown } from "./values/unknown";

const everyAccount = "*";

/** Arguments of a private endpoint trusted owner. */
export interface PrivateEndpointTrustedOwnerArgs {
  /** The cluster, or its id, of plan ADVANCED on AWS. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /**
   * AWS account: its twelve digits as a string, since leading zeros count, or `"*"` for every account. Changing it
   * replaces this resource: the new owner is added first.
   */
  externalOwnerId: pulumi.Input<string>;
}

/**
 * An AWS account whose private endpoints may be connected to an Advanced cluster; without any, those of every account
 * may. The API grants access to this feature on request. API operations: AddPrivateEndpointTrustedOwner,
 * ListPrivateEndpointTrustedOwners, RemovePrivateEndpointTrustedOwner.
 */
export class PrivateEndpointTrustedOwner extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("PrivateEndpointTrustedOwner");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** AWS account, or `"*"`. */
  declare readonly externalOwnerId: pulumi.Output<string>;
  /** `"AWS_ACCOUNT_ID"`. */
  declare readonly type: pulumi.Output<string>;
  /** UUID of the trusted owner. */
  declare readonly ownerId: pulumi.Output<string>;
  /** When it was added, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the trusted owner
   * @param options `import: "<cluster id>:<owner id>"` adopts an existing one and writes nothing
   */
  constructor(
    name: string,
    args: PrivateEndpointTrustedOwnerArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing trusted owner, which this program reads and does not manage. */
  static readonly get = getterOf(PrivateEndpointTrustedOwner);
  /** Whether `value` is a private endpoint trusted owner of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<PrivateEndpointTrustedOwner>(
    "PrivateEndpointTrustedOwner",
  );
}

const inputs = z.strictObject({
  clusterId,
  externalOwnerId: z.string().regex(/^(\d{12}|\*)$/, {
    error: ({ input }) =>
      `must be the 12 digits of an AWS account, or "*" for every account, not ${describeValue(input)}.${adviceOnAccount(input)}`,
  }),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  type: string;
  ownerId: string;
  createdAt: string;
}

const definition: ResourceDefinition<Inputs, State, WirePrivateEndpointTrustedOwner> = {
  type: "PrivateEndpointTrustedOwner",
  noun: "private endpoint trusted owner",
  inputs,
  arguments: {
    clusterId: replacesResource,
    externalOwnerId: replacesResource,
  },
  outputs: ["type", "ownerId", "createdAt"],
  createsBeforeDelete: true,

  check: (_olds, _news, failures, _adopt, cluster) => ({
    failures: [...failures, ...cloudFailures("AWS", cluster)],
    notes: [],
  }),

  idFormat: "<cluster id>:<owner id>",
  idOf: ({ clusterId }, remote) => (remote === undefined ? undefined : `${clusterId}:${remote.id}`),
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ ownerId: name }) };
  },
  describe: ({ clusterId, externalOwnerId, ownerId }) =>
    `private endpoint trusted owner ${externalOwnerId ?? ownerId} of cluster ${clusterId}`,
  claims: ({ externalOwnerId, clusterId }) => [{ externalOwnerId, clusterId }],

  impact({ replaces }, { clusterId, externalOwnerId }, news) {
    const isSure = replaces.some((name) => !hasUnknown(news[name]));
    if (hasUnknown(news.clusterId) || !isSure) return [];
    if (replaces.includes("clusterId")) {
      return [
        warning(
          `Cluster ${clusterId} no longer has the private endpoint trusted owner ${externalOwnerId}: it admits those of its other trusted owners, or of every account where it has no other.`,
        ),
      ];
    }
    const refused =
      externalOwnerId === everyAccount ? "other accounts" : `account ${externalOwnerId}`;
    const loss = `Private endpoints of ${refused} can no longer be connected to cluster ${clusterId} by this trusted owner.`;
    return news.externalOwnerId === everyAccount ? [] : [warning(loss)];
  },

  sample: () => ({
    type: "AWS_ACCOUNT_ID",
    ownerId: "5ba5ed00-0000-4000-8000-0000000000ee",
    createdAt: "2026-01-31T00:00:00Z",
  }),
  toState: ({ id, type, external_owner_id, created_at }, { clusterId = "" }) => ({
    clusterId,
    externalOwnerId: external_owner_id,
    type,
    ownerId: id,
    createdAt: created_at,
  }),
  collection: {
    plans: ["ADVANCED"],
    async *list({ clusterId = "" }, { cloud, options }) {
      yield* await cloud.privateEndpointTrustedOwners.list(clusterId, options);
    },
    get: ({ clusterId = "", ownerId = "" }, { cloud, options }) =>
      cloud.privateEndpointTrustedOwners.get(clusterId, ownerId, options),
    keyOf: ({ id }) => id,
    keyIn: ({ ownerId }) => ownerId,
    matches: ({ external_owner_id }, { externalOwnerId }) => external_owner_id === externalOwnerId,
    nameOf: ({ external_owner_id }) =>
      external_owner_id === everyAccount ? "every-account" : `account-${external_owner_id}`,
  },

  create: ({ clusterId, externalOwnerId }, { cloud, options }) =>
    cloud.privateEndpointTrustedOwners.add(
      clusterId,
      { type: "AWS_ACCOUNT_ID", external_owner_id: externalOwnerId },
      options,
    ),
  existsAdvice: "remove it from the program, or delete it from the cluster first",
  async delete({ clusterId, ownerId }, { cloud, options, context }) {
    const { privateEndpointTrustedOwners } = cloud;
    await privateEndpointTrustedOwners.remove(clusterId, ownerId, options);
    const others = await privateEndpointTrustedOwners.list(clusterId, options);
    if (others.length > 0) return;
    await context.note(
      "warning",
      `Cluster ${clusterId} has no private endpoint trusted owner any more: endpoints of every account may be connected.`,
    );
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);
