/**
 * A range of addresses that may connect to a cluster.
 *
 * An entry is named by its address and mask; the API shows entries only as a list, and takes a while
 * to put a change into force. Basic and Standard clusters begin with an entry that nobody asked for:
 * 0.0.0.0/0.
 */
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AddAllowlistEntryRequest, AllowlistReading, WireAllowlistEntry } from "../sdk";
import { undefinedIfNotFound } from "../sdk";
import { waitUntil } from "./cache/polling";
import type { ClusterLists } from "./cache/resource-lists";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { CloudResource, getterOf, instanceOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { readOfCluster } from "./resource/cluster-scoped";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import type { Context, Note } from "./resource/lifecycle";
import { notFoundWaitMs } from "./resource/not-found";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";
import { addressProblem, networkProblem } from "./values/ipv4";
import { hasUnknown } from "./values/unknown";

/** Entries that were written together wait together, so that one look serves all. */
const shortestPauseMs = 2_000;

/** What other names of the API take at most. */
const longName = 255;

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
export class AllowlistEntry extends CloudResource {
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
    super(definition, name, args, options);
  }

  /** An existing entry, which this program reads and does not manage. */
  static readonly get = getterOf(AllowlistEntry);
  /** Whether `value` is an allowlist entry of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<AllowlistEntry>("AllowlistEntry");
}

const cidrIp = textThat(addressProblem);

const maskProblem = "must be a whole number from 0 to 32.";

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId,
  cidrIp,
  cidrMask: z.int().min(0, { error: maskProblem }).max(32, { error: maskProblem }),
  sql: z.boolean(),
  ui: z.boolean(),
  name: z.string().optional(),
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs & { name: string };

const definition: ResourceDefinition<Inputs, State, WireAllowlistEntry> = {
  type: "AllowlistEntry",
  noun: "allowlist entry",
  inputs: inputsSchema,
  arguments: {
    clusterId: replacesResource,
    cidrIp: replacesResource,
    cidrMask: replacesResource,
    name: { onChange: "update", unset: "", reset: 'To clear it, write name: "".' },
    sql: updatesInPlace,
    ui: updatesInPlace,
  },

  idFormat: "<cluster id>:<address>/<mask>",
  idOf: (inputs) => `${inputs.clusterId}:${rangeOf(inputs)}`,
  placeOf(id) {
    const [clusterId = "", cidrIp, cidrMask] = id.split(/[:/]/);
    const isWhole = cidrIp !== undefined && cidrMask !== undefined;
    return { clusterId, ...(isWhole ? { cidrIp, cidrMask: Number(cidrMask) } : {}) };
  },
  describe: (place) => `allowlist entry ${rangeOf(place)} of cluster ${place.clusterId}`,

  check(olds, news, failures) {
    const { cidrIp, cidrMask } = news as Partial<Inputs>;
    const isChanged = olds.cidrIp !== cidrIp || olds.cidrMask !== cidrMask;
    const isRange =
      !hasUnknown([cidrIp, cidrMask]) &&
      !failures.some(({ property }) => ["cidrIp", "cidrMask"].includes(property));
    // An entry that is there already, from another tool, may be as it is.
    const reason =
      isChanged && isRange ? networkProblem(cidrIp as string, cidrMask as number) : undefined;
    return {
      failures: [...failures, ...(reason === undefined ? [] : [{ property: "cidrIp", reason }])],
      notes: [
        ...(isChanged && cidrMask === 0 ? openNotes(news) : []),
        ...closedNotes(olds, news),
        ...longNameNotes(olds, news),
      ],
    };
  },
  impact({ replaces }, place) {
    if (replaces.length === 0) return [];
    return [
      {
        severity: "warning",
        message: `Clients in ${rangeOf(place)} can no longer connect to cluster ${place.clusterId} through this entry.`,
      },
    ];
  },

  sample: () => ({ sql: true, ui: true }),
  toState: ({ cidr_ip, cidr_mask, name, sql, ui }, { clusterId = "" }) => ({
    clusterId,
    cidrIp: cidr_ip,
    cidrMask: cidr_mask,
    name,
    sql,
    ui,
  }),
  collection: {
    describe: ({ clusterId }) => `the allowlist of cluster ${clusterId}`,
    list: ({ clusterId = "" }, { cloud, options }) => cloud.allowlist.list(clusterId, {}, options),
    keyOf: ({ cidr_ip, cidr_mask }) => `${cidr_ip}/${cidr_mask}`,
    keyIn: (place) =>
      place.cidrIp === undefined || place.cidrMask === undefined ? undefined : rangeOf(place),
    nameOf: (entry) => entry.name || `${entry.cidr_ip}/${entry.cidr_mask}`,
  },

  create: ({ clusterId, ...entry }, { cloud, options }) =>
    cloud.allowlist.add(clusterId, toRequest(entry), options),
  lostCreate: {
    isOurs: (wire, { name = "", sql, ui }) =>
      wire.name === name && wire.sql === sql && wire.ui === ui,
  },
  existsAdvice: "remove it from the program, or delete it from the cluster first",
  adoptExisting: adoptMadeByService,

  async update(before, after, call) {
    await change({ ...after, name: after.name ?? before.name }, call);
    return undefined;
  },
  isUpdateReadable: true,
  delete: ({ clusterId, cidrIp, cidrMask }, { cloud, options }) =>
    cloud.allowlist.delete(clusterId, cidrIp, cidrMask, options),

  async untilInForce(state, { context, deadline }) {
    const { signal } = context;
    const reading = await untilPropagated(
      state.clusterId,
      context,
      deadline,
      () =>
        `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for allowlist entry ${rangeOf(state)} of cluster ${state.clusterId} to reach the cluster: the service goes on without us. It is in the stack's state, and the next update takes up the wait.`,
    );
    await tellIfOpen(state, reading?.entries ?? [], context);
  },
  /** Until then the addresses may still connect. */
  async untilDeleted(place, { context, deadline }) {
    const { signal } = context;
    await undefinedIfNotFound(
      untilPropagated(
        place.clusterId,
        context,
        deadline,
        () =>
          `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for the removal of allowlist entry ${rangeOf(place)} to reach cluster ${place.clusterId}: the entry is removed, and the service goes on without us. Run the operation again to go on waiting.`,
      ),
    );
  },
};

/** @internal */
export const { resource, lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

/** An entry that lets nobody in is allowed, and hardly what anybody wants. */
function closedNotes(olds: Partial<Inputs>, { sql, ui }: Record<string, unknown>): Note[] {
  if (sql !== false || ui !== false || (olds.sql === false && olds.ui === false)) return [];
  return [
    {
      severity: "warning",
      message:
        "sql and ui are both false: the entry lets nobody in. Set one to true, or remove it.",
    },
  ];
}

function longNameNotes(olds: Partial<Inputs>, { name }: Record<string, unknown>): Note[] {
  if (typeof name !== "string" || name.length <= longName || name === olds.name) return [];
  return [
    {
      severity: "warning",
      message: `name has ${name.length} characters: the API documents no maximum, and may refuse more than ${longName}.`,
    },
  ];
}

function openNotes({ sql, ui }: Record<string, unknown>): Note[] {
  const doors = [...(sql === false ? [] : ["SQL"]), ...(ui === false ? [] : ["the DB Console"])];
  if (doors.length === 0) return [];
  return [
    {
      severity: "warning",
      message: `0.0.0.0/0 opens the cluster to every address (${doors.join(" and ")}): passwords and certificates are then its only protection.`,
    },
  ];
}

/** Adopts the entry with which every Basic or Standard cluster begins. */
async function adoptMadeByService(
  wire: WireAllowlistEntry,
  inputs: Inputs,
  call: WriteCall,
): Promise<WireAllowlistEntry | undefined> {
  const { clusterId, cidrIp, cidrMask, name = wire.name, sql, ui } = inputs;
  const { context, options } = call;
  if (cidrIp !== "0.0.0.0" || cidrMask !== 0) return undefined;
  const cluster = await context.clusters.get(clusterId, options);
  if (cluster === undefined || cluster.plan === "ADVANCED") return undefined;
  const wanted = { ...wire, name, sql, ui };
  const isChanged = !isDeepStrictEqual(wire, wanted);
  if (isChanged) await change({ ...inputs, name }, call);
  // A resource with another name that had it before is deleted after this, and must leave it alone.
  context.tookOver(`${clusterId}:${rangeOf(inputs)}`);
  const { name: formerName, sql: formerSql, ui: formerUi } = wire;
  const former = { name: formerName, sql: formerSql, ui: formerUi };
  const before = isChanged ? `, changed from ${JSON.stringify(former)}` : "";
  await context.note(
    "info",
    `The service gave the cluster the entry 0.0.0.0/0 when it was created; it is managed here from now on${before}. Deleting this resource deletes the entry.`,
  );
  return wanted;
}

async function change(
  { clusterId, cidrIp, cidrMask, name, sql, ui }: State,
  { cloud, options }: WriteCall,
): Promise<void> {
  await cloud.allowlist.update(clusterId, cidrIp, cidrMask, { name, sql, ui }, options);
}

/** Waits until the service has brought all changes of the list to the cluster, and answers the list. */
async function untilPropagated(
  clusterId: string,
  context: Context,
  deadline: number,
  describe: () => string,
): Promise<AllowlistReading | undefined> {
  const { clock, lists, signal, progress } = context;
  const list = lists.allowlistReading(clusterId);
  return await waitUntil<AllowlistReading | undefined>({
    clock,
    signal,
    deadline,
    shortestPauseMs,
    pause: (ms) => list.pause(ms, signal),
    observe: async (since) => {
      const freshness = { since, heedsWrites: false };
      const read = async () => (await list.items(freshness, { deadline })).get(clusterId);
      return await readOfCluster(clusterId, context, read, {
        forMs: notFoundWaitMs,
        deadline,
      });
    },
    isDone: (reading) => reading?.propagating !== true,
    describe,
    onProgress: (_reading, waitedMs) => progress("propagating", waitedMs),
  });
}

/** Clusters of which it was reported already that everybody may connect. */
const reportedOpen = new WeakMap<ClusterLists, Set<string>>();

/** An entry beside 0.0.0.0/0 restricts nothing; who adds one thinks that it does. */
async function tellIfOpen(
  entry: State,
  entries: readonly WireAllowlistEntry[],
  { lists, note }: Context,
): Promise<void> {
  const everybody = entries.find((other) => other.cidr_ip === "0.0.0.0" && other.cidr_mask === 0);
  const reported = reportedOpen.get(lists) ?? new Set();
  if (everybody === undefined || entry.cidrMask === 0 || reported.has(entry.clusterId)) return;
  if (!(everybody.sql && entry.sql) && !(everybody.ui && entry.ui)) return;
  reportedOpen.set(lists, reported.add(entry.clusterId));
  await note(
    "warning",
    `Cluster ${entry.clusterId} also allows 0.0.0.0/0, so every address can connect and this entry restricts nothing. To restrict access, delete 0.0.0.0/0; a cluster created with serverless.withEmptyIpAllowlist: true begins without it.`,
  );
}

function toRequest({
  cidrIp,
  cidrMask,
  name = "",
  sql,
  ui,
}: Omit<Inputs, "clusterId">): AddAllowlistEntryRequest {
  return { cidr_ip: cidrIp, cidr_mask: cidrMask, name, sql, ui };
}

function rangeOf({ cidrIp, cidrMask }: Pick<Partial<State>, "cidrIp" | "cidrMask">): string {
  return `${cidrIp}/${cidrMask}`;
}
