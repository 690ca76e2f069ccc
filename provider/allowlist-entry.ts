/** A range of addresses that may connect to a cluster, identified by its address and mask. */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireAllowlistEntry } from "../sdk";
import { closeWith } from "./cluster/diff";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import type { Note } from "./resource/lifecycle";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";
import { addressProblem, networkProblem } from "./values/ipv4";
import { hasUnknown } from "./values/unknown";

/** Arguments of an allowlist entry. */
export interface AllowlistEntryArgs {
  /** The cluster, or its id, of any plan. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /**
   * IPv4 address of the network: its first one, so `203.0.113.0` and not `203.0.113.7` with a mask of 24.
   * Changing it replaces this resource: the old entry is deleted first.
   */
  cidrIp: pulumi.Input<string>;
  /**
   * Length of the network's prefix, 0 to 32: 32 is a single address, 0 with `"0.0.0.0"` is every address.
   * Changing it replaces this resource: the old entry is deleted first.
   */
  cidrMask: pulumi.Input<number>;
  /** Whether SQL clients may connect from there. Updated in place. */
  sql: pulumi.Input<boolean>;
  /** Whether the DB Console may be opened from there. Updated in place. */
  ui: pulumi.Input<boolean>;
  /**
   * A description. Updated in place.
   * @default empty when created, then not managed
   */
  name?: pulumi.Input<string>;
}

/**
 * A range of addresses that may connect to a cluster. An Advanced cluster begins with none, so that
 * nobody can connect; a Basic or Standard one with 0.0.0.0/0, unless it was created with
 * `serverless.withEmptyIpAllowlist`. API operations: AddAllowlistEntry, ListAllowlistEntries,
 * UpdateAllowlistEntry, DeleteAllowlistEntry.
 */
export class AllowlistEntry extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("AllowlistEntry");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** IPv4 address of the network. */
  declare readonly cidrIp: pulumi.Output<string>;
  /** Length of the network's prefix, 0 to 32. */
  declare readonly cidrMask: pulumi.Output<number>;
  /** Whether SQL clients may connect from there. */
  declare readonly sql: pulumi.Output<boolean>;
  /** Whether the DB Console may be opened from there. */
  declare readonly ui: pulumi.Output<boolean>;
  /** The description; may be empty. */
  declare readonly name: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the entry
   * @param options `import: "<cluster id>:<address>/<mask>"` takes an existing entry over and writes nothing
   */
  constructor(name: string, args: AllowlistEntryArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing entry, which this program reads and does not manage. */
  static readonly get = getterOf(AllowlistEntry);
  /** Whether `value` is an allowlist entry of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<AllowlistEntry>("AllowlistEntry");
}

const everyAddress = "0.0.0.0/0";
const maskProblem = "must be a whole number from 0 to 32.";
/** What other names of the API take at most. */
const longName = 255;

const inputs = z.strictObject({
  clusterId,
  cidrIp: textThat(addressProblem),
  cidrMask: z.int().min(0, { error: maskProblem }).max(32, { error: maskProblem }),
  sql: z.boolean(),
  ui: z.boolean(),
  name: z.string().optional(),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs & { name: string };

const definition: ResourceDefinition<Inputs, State, WireAllowlistEntry> = {
  type: "AllowlistEntry",
  noun: "allowlist entry",
  inputs,
  arguments: {
    clusterId: replacesResource,
    cidrIp: replacesResource,
    cidrMask: replacesResource,
    name: { onChange: "update", unset: "", reset: 'To clear it, write name: "".' },
    sql: updatesInPlace,
    ui: updatesInPlace,
  },

  idFormat: "<cluster id>:<address>/<mask>",
  idOf: (entry) => `${entry.clusterId}:${rangeOf(entry)}`,
  placeOf(id) {
    const [, clusterId = id, cidrIp, cidrMask] = /^([^:]+):(.+)\/(\d+)$/.exec(id) ?? [];
    return cidrIp === undefined ? { clusterId } : { clusterId, cidrIp, cidrMask: Number(cidrMask) };
  },
  describe: (place) => `allowlist entry ${rangeOf(place)} of cluster ${place.clusterId}`,

  check(olds, news, failures) {
    const { cidrIp, cidrMask, sql, ui, name = "" } = news as Partial<Inputs>;
    const isChanged = olds.cidrIp !== cidrIp || olds.cidrMask !== cidrMask;
    const isRange =
      !hasUnknown([cidrIp, cidrMask]) &&
      !failures.some(({ property }) => ["cidrIp", "cidrMask"].includes(property));
    // An entry that exists already, from another tool, may be as it is.
    const reason =
      isChanged && isRange ? networkProblem(cidrIp as string, cidrMask as number) : undefined;
    const doors = [...(sql === false ? [] : ["SQL"]), ...(ui === false ? [] : ["the DB Console"])];
    const notes = [
      doors.length > 0 &&
        isChanged &&
        cidrMask === 0 &&
        `0.0.0.0/0 opens the cluster to every address (${doors.join(" and ")}): passwords and certificates are then its only protection.`,
      doors.length === 0 &&
        !(olds.sql === false && olds.ui === false) &&
        "sql and ui are both false: the entry lets nobody in. Set one to true, or remove it.",
      name.length > longName &&
        name !== olds.name &&
        `name has ${name.length} characters: the API documents no maximum, and may refuse more than ${longName}.`,
    ];
    return {
      failures: reason === undefined ? failures : [...failures, { property: "cidrIp", reason }],
      notes: notes.filter((note) => note !== false).map(warning),
    };
  },
  replacementWarning: (place) =>
    `Clients in ${rangeOf(place)} can no longer connect to cluster ${place.clusterId} through this entry.`,
  impact(_changes, place, { sql, ui }) {
    const closed = [
      ...(place.sql && sql === false ? ["SQL"] : []),
      ...(place.ui && ui === false ? ["the DB Console"] : []),
    ];
    const restriction = `Clients in ${rangeOf(place)} can no longer connect to ${closed.join(" and ")} of cluster ${place.clusterId} through this entry.`;
    return closed.length === 0 ? [] : [warning(restriction)];
  },

  sample: () => ({ sql: true, ui: true }),
  toState({ cidr_ip: cidrIp, cidr_mask: cidrMask, name, sql, ui }, { clusterId = "" }) {
    return { clusterId, cidrIp, cidrMask, name, sql, ui };
  },
  collection: {
    describe: ({ clusterId }) => `the allowlist of cluster ${clusterId}`,
    async *list({ clusterId = "" }, { cloud, options }) {
      const { entries, propagating } = await cloud.allowlist.read(clusterId, {}, options);
      yield* entries;
      return propagating ? { pending: "propagating" } : {};
    },
    keyOf,
    keyIn: (place) => (place.cidrIp === undefined ? undefined : rangeOf(place)),
    nameOf: (entry) => entry.name || keyOf(entry),
  },

  create: (entry, { cloud, options }) => {
    const { clusterId, cidrIp: cidr_ip, cidrMask: cidr_mask, name = "", sql, ui } = entry;
    return cloud.allowlist.add(clusterId, { cidr_ip, cidr_mask, name, sql, ui }, options);
  },
  lostCreate: {
    isOurs: (found, { name = "", sql, ui }) =>
      found.name === name && found.sql === sql && found.ui === ui,
  },
  existsAdvice: "remove it from the program, or delete it from the cluster first",
  adoptExisting: adoptOfService,

  update: (before, { name = before.name, ...entry }, call) => write({ ...entry, name }, call),
  isUpdateReadable: true,
  delete: ({ clusterId, cidrIp, cidrMask }, { cloud, options }) =>
    cloud.allowlist.delete(clusterId, cidrIp, cidrMask, options),

  settlement: {
    // The list says of itself whether its changes are in force.
    pending: () => undefined,
    pendingDeletion: () => undefined,
    listNote: (entry, listed) => openWarning(entry, listed.get(everyAddress)),
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Adopts the entry with which every Basic or Standard cluster begins. */
async function adoptOfService(
  found: WireAllowlistEntry,
  inputs: Inputs,
  call: WriteCall,
): Promise<WireAllowlistEntry | undefined> {
  const { clusterId, name = found.name, sql, ui } = inputs;
  const { context, options } = call;
  if (rangeOf(inputs) !== everyAddress) return undefined;
  const cluster = await context.clusters.get(clusterId, options);
  if (cluster === undefined || cluster.plan === "ADVANCED") return undefined;
  const wanted = { ...found, name, sql, ui };
  const isChanged = !isDeepStrictEqual(found, wanted);
  if (isChanged) await write({ ...inputs, name }, call);
  // A resource with another name that had it before is deleted after this, and must leave it alone.
  context.recordAdopted(`${clusterId}:${everyAddress}`);
  const former = JSON.stringify({ name: found.name, sql: found.sql, ui: found.ui });
  await context.note(
    "info",
    `The service gave the cluster the entry 0.0.0.0/0 when it was created; it is managed here from now on${isChanged ? `, changed from ${former}` : ""}. Deleting this resource deletes the entry.`,
  );
  return wanted;
}

async function write(entry: State, { cloud, options }: WriteCall): Promise<undefined> {
  const { clusterId, cidrIp, cidrMask, name, sql, ui } = entry;
  await cloud.allowlist.update(clusterId, cidrIp, cidrMask, { name, sql, ui }, options);
  return undefined;
}

/** An entry beside 0.0.0.0/0 restricts nothing; who adds one thinks that it does. */
function openWarning(
  { clusterId, cidrMask, sql, ui }: State,
  open: WireAllowlistEntry | undefined,
): Note | undefined {
  const isUseless = open !== undefined && cidrMask !== 0 && ((open.sql && sql) || (open.ui && ui));
  const message = `Cluster ${clusterId} also allows 0.0.0.0/0, so every address can connect and this entry restricts nothing. ${closeWith}`;
  return isUseless ? warning(message) : undefined;
}

function keyOf({ cidr_ip, cidr_mask }: WireAllowlistEntry): string {
  return `${cidr_ip}/${cidr_mask}`;
}

function rangeOf({ cidrIp, cidrMask }: Partial<Inputs>): string {
  return `${cidrIp}/${cidrMask}`;
}
