/**
 * A range of addresses that may connect to a cluster.
 *
 * An entry is named by its address and mask; the API shows entries only as a list, and takes a while
 * to put a change into force. Basic and Standard clusters begin with an entry that nobody asked for:
 * 0.0.0.0/0.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AddAllowlistEntryRequest, AllowlistReading, WireAllowlistEntry } from "../sdk";
import { ConflictError, orUndefinedWhenGone, withAdvice } from "../sdk";
import { described, shapeFailures } from "./check";
import {
  checkImportedId,
  checkImportedValues,
  partTimeoutMs,
  removed,
  unlessClusterGone,
} from "./cluster-parts";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, onlyOne, partOf } from "./cluster-reference";
import { InitializationError, mayHaveHadEffect, messageOf } from "./errors";
import type { Context, Lifecycle, Note } from "./lifecycle";
import { serve } from "./lifecycle";
import { isOfType, registered } from "./registration";
import { typeToken } from "./resource-types";
import type { SharedList } from "./shared-list";
import { hasUnknown, isUnknown } from "./unknown";
import { waitUntil } from "./waiting";

/** Entries that were written together wait together, so that one look serves all. */
const shortestPauseMs = 2_000;

/** Arguments of an allowlist entry. */
export interface AllowlistEntryArgs {
  /**
   * The cluster, or its id. Given the `Cluster`, destroying both makes no request for the entry.
   * Changing it replaces this resource.
   */
  clusterId: ClusterReference;
  /**
   * IPv4 address of the network, `"203.0.113.0"`: its first one. Another one of the network fails at
   * preview. Changing it replaces this resource: the old entry is deleted first.
   */
  cidrIp: pulumi.Input<string>;
  /**
   * Length of the network's prefix: 32 is a single address, 0 with `"0.0.0.0"` is every address.
   * Changing it replaces this resource.
   */
  cidrMask: pulumi.Input<number>;
  /** Whether SQL clients may connect from there. Updated in place. */
  sql: pulumi.Input<boolean>;
  /** Whether the DB Console may be opened from there. Updated in place. */
  ui: pulumi.Input<boolean>;
  /**
   * For people. Updated in place.
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
  /** For people; may be empty. */
  declare readonly name: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the entry
   * @param options `import: "<cluster id>:<address>/<mask>"` takes an existing entry over and writes nothing
   */
  constructor(name: string, args: AllowlistEntryArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && { ...args, clusterId: clusterIdOf(args.clusterId) };
    super(
      ...registered(
        {
          type: "AllowlistEntry",
          outputs: ["clusterId", "cidrIp", "cidrMask", "sql", "ui", "name"],
        },
        name,
        inputs,
        // The same entry cannot be made a second time before the first is gone.
        { ...onlyOne(options), ...partOf(args?.clusterId, options) },
      ),
    );
  }

  /** An existing entry, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): AllowlistEntry {
    return new AllowlistEntry(name, undefined as never, { ...options, id });
  }

  /** Whether `value` is an allowlist entry of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is AllowlistEntry {
    return isOfType(value, AllowlistEntry.__pulumiType);
  }
}

const cidrIp = z.string().check((context) => {
  const reason = addressProblem(context.value);
  if (reason) context.issues.push({ code: "custom", message: reason, input: context.value });
});

function addressProblem(value: string): string | undefined {
  if (value.includes(":")) {
    return `must be an IPv4 address, because the API takes no others, not ${described(value)}.`;
  }
  const [, address, mask] = /^([^/]+)\/(\d+)$/.exec(value) ?? [];
  if (address !== undefined && numberOf(address) !== undefined) {
    return `must be the address alone, not ${described(value)}: write cidrIp: "${address}", cidrMask: ${mask}.`;
  }
  return numberOf(value) === undefined
    ? `must be an IPv4 address such as "203.0.113.0", not ${described(value)}.`
    : undefined;
}

const maskProblem = "must be a whole number from 0 to 32.";

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  cidrIp,
  cidrMask: z.int().min(0, { error: maskProblem }).max(32, { error: maskProblem }),
  sql: z.boolean(),
  ui: z.boolean(),
  name: z.string().optional(),
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs & { name: string };

const identity = ["clusterId", "cidrIp", "cidrMask"] as const;
const changeable = ["name", "sql", "ui"] as const;

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "allowlist entry",

  check(olds, news) {
    const failures = shapeFailures(inputsSchema, news);
    const { cidrIp, cidrMask } = news as Partial<Inputs>;
    const isChanged = olds.cidrIp !== cidrIp || olds.cidrMask !== cidrMask;
    // An entry that is there already, from another tool, may be as it is.
    if (failures.length > 0 || !isChanged || hasUnknown([cidrIp, cidrMask])) {
      return { failures, notes: [] };
    }
    const reason = networkProblem(cidrIp as string, cidrMask as number);
    if (reason !== undefined) return { failures: [{ property: "cidrIp", reason }], notes: [] };
    return { failures, notes: cidrMask === 0 ? openNotes(news) : [] };
  },

  diff(id, { state }, news) {
    const is = placeOf(id);
    const replaces = identity.filter((key) => news[key] !== is[key]);
    return {
      replaces,
      updates: differing(state, news),
      deleteBeforeReplace: false,
      notes:
        replaces.length === 0
          ? []
          : [
              {
                severity: "warning",
                message: `Clients in ${keyOf(is)} can no longer connect to cluster ${is.clusterId} through this entry.`,
              },
            ],
    };
  },

  async create(inputs, context) {
    const { clusterId } = inputs;
    const id = `${clusterId}:${keyOf(inputs)}`;
    if (context.adopt !== undefined) return { id, outs: await adopted(id, inputs, context) };
    const deadline = context.deadline(partTimeoutMs);
    const outs = await whenReady(clusterId, context, deadline, () =>
      make(inputs, context, deadline),
    );
    await untilInForce(id, outs, context, deadline);
    return { id, outs };
  },

  async read(id, { asked }, context) {
    const { clusterId, cidrIp, cidrMask } = placeOf(id);
    const list = context.lists.allowlist(clusterId);
    const entries = await unlessClusterGone(clusterId, context, list.recentItems());
    const wire = entries?.get(keyOf({ cidrIp, cidrMask }));
    if (wire === undefined) return undefined;
    const state = toState(clusterId, wire);
    const { name, ...rest } = state;
    // A name that the program leaves open is no argument of it.
    const isLeftOpen = asked.name === undefined && (asked.clusterId !== undefined || name === "");
    return { state, inputs: isLeftOpen ? rest : state };
  },

  async update(id, { state, isForeign }, news, context) {
    const deadline = context.deadline(partTimeoutMs);
    const outs = { ...news, name: news.name ?? state.name ?? "" };
    if (differing(state, news).length > 0) {
      await whenReady(news.clusterId, context, deadline, () => change(outs, context, deadline));
    } else if (isForeign) {
      return outs;
    }
    await untilInForce(id, outs, context, deadline);
    return outs;
  },

  async delete(id, _stored, context) {
    const place = placeOf(id);
    const { clusterId, cidrIp, cidrMask } = place;
    const { cloud, lists, signal } = context;
    const entries = lists.allowlist(clusterId);
    try {
      await removed(
        clusterId,
        context,
        (options) => cloud.allowlist.delete(clusterId, cidrIp, cidrMask, options),
        (options) => entries.isThere(keyOf(place), options),
      );
    } finally {
      entries.wrote();
    }
    // Until then the addresses may still connect.
    const deadline = context.deadline(partTimeoutMs);
    await orUndefinedWhenGone(
      untilPropagated(
        clusterId,
        context,
        deadline,
        () =>
          `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for the removal of allowlist entry ${keyOf(place)} to reach cluster ${clusterId}: the entry is removed, and the service goes on without us. Run the operation again to go on waiting.`,
      ),
    );
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

/** What is managed and differs. */
function differing(state: Partial<State>, news: Inputs): (typeof changeable)[number][] {
  return changeable.filter(
    (key) => news[key] !== undefined && (isUnknown(news[key]) || state[key] !== news[key]),
  );
}

function networkProblem(cidrIp: string, cidrMask: number): string | undefined {
  const address = numberOf(cidrIp) ?? 0;
  const hosts = 2 ** (32 - cidrMask);
  const network = address - (address % hosts);
  return network === address
    ? undefined
    : `must be the first address of its network: write cidrIp: "${textOf(network)}" for the network with cidrMask: ${cidrMask}, or cidrMask: 32 for ${cidrIp} alone.`;
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

/** Sends the one POST. An entry that exists is somebody else's, except the one that the service made. */
async function make(inputs: Inputs, context: Context, deadline: number): Promise<State> {
  const { cloud, lists, signal } = context;
  const { clusterId } = inputs;
  const entries = lists.allowlist(clusterId);
  try {
    const wire = await cloud.allowlist.add(clusterId, toRequest(inputs), {
      signal,
      deadline,
      whenBusy: "fail",
    });
    return toState(clusterId, wire);
  } catch (error) {
    const isThere = ConflictError.isInstance(error);
    if (!isThere && !mayHaveHadEffect(error)) throw error;
    entries.wrote();
    const wire = (await entries.recentItems({ deadline })).get(keyOf(inputs));
    if (wire === undefined) {
      if (!isThere) throw error;
      throw withAdvice(error, "No such entry is to be seen on the cluster: run the update again.");
    }
    const state = toState(clusterId, wire);
    // Our own POST, whose answer was lost, has made it just so.
    if (!isThere && differing(state, { ...inputs, name: inputs.name ?? "" }).length === 0) {
      return state;
    }
    if (await isMadeByService(inputs, context, deadline)) {
      return await takenOver(state, inputs, context, deadline);
    }
    if (!ConflictError.isInstance(error)) throw error;
    throw withAdvice(
      error,
      `To manage the entry here, add the option {import: "${clusterId}:${keyOf(inputs)}"} to the resource; otherwise remove it from the program, or delete it from the cluster first.`,
    );
  } finally {
    entries.wrote();
  }
}

/** Whether the entry is the one with which every Basic or Standard cluster begins. */
async function isMadeByService(
  { clusterId, cidrIp, cidrMask }: Inputs,
  { clusters, signal }: Context,
  deadline: number,
): Promise<boolean> {
  if (cidrIp !== "0.0.0.0" || cidrMask !== 0) return false;
  const cluster = await clusters.get(clusterId, { signal, deadline });
  return cluster !== undefined && cluster.plan !== "ADVANCED";
}

async function takenOver(
  state: State,
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<State> {
  const wanted = { ...inputs, name: inputs.name ?? state.name };
  const isChanged = differing(state, inputs).length > 0;
  if (isChanged) await change(wanted, context, deadline);
  // A resource with another name that had it before is deleted after this, and must leave it alone.
  context.tookOver(`${inputs.clusterId}:${keyOf(inputs)}`);
  const before = isChanged ? `, changed from ${JSON.stringify(toSettings(state))}` : "";
  await context.note(
    "info",
    `The service gave the cluster the entry 0.0.0.0/0 when it was created; it is managed here from now on${before}. Deleting this resource deletes the entry.`,
  );
  return wanted;
}

/** Sends the one PATCH; when its answer is lost, looks whether it was carried out. */
async function change(
  entry: State,
  { cloud, lists, signal }: Context,
  deadline: number,
): Promise<void> {
  const { clusterId, cidrIp, cidrMask } = entry;
  const entries = lists.allowlist(clusterId);
  const settings = toSettings(entry);
  try {
    await cloud.allowlist.update(clusterId, cidrIp, cidrMask, settings, {
      signal,
      deadline,
      whenBusy: "fail",
    });
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw error;
    entries.wrote();
    const wire = (await entries.recentItems({ deadline })).get(keyOf(entry));
    if (wire === undefined || differing(toState(clusterId, wire), entry).length > 0) throw error;
  } finally {
    entries.wrote();
  }
}

/** Waits until the list is in force. The entry exists, so it goes into state whatever happens. */
async function untilInForce(
  id: string,
  outs: State,
  context: Context,
  deadline: number,
): Promise<void> {
  const { lists, signal } = context;
  const { clusterId } = outs;
  try {
    const reading = await untilPropagated(
      clusterId,
      context,
      deadline,
      () =>
        `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for allowlist entry ${keyOf(outs)} of cluster ${clusterId} to reach the cluster: the service goes on without us. It is in the stack's state, and the next update takes up the wait.`,
    );
    await tellIfOpen(outs, reading?.entries ?? [], lists.allowlist(clusterId), context);
  } catch (error) {
    throw new InitializationError(messageOf(error), { id, outs, cause: error });
  }
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
      return (await list.items(freshness, { deadline })).get(clusterId);
    },
    isDone: (reading) => reading?.propagating !== true,
    describe,
    onProgress: (_reading, waitedMs) => progress("propagating", waitedMs),
  });
}

/** The lists about which it was said already that they let everybody in. */
const toldOpen = new WeakSet<SharedList<WireAllowlistEntry>>();

/** An entry beside 0.0.0.0/0 restricts nothing; who adds one thinks that it does. */
async function tellIfOpen(
  entry: State,
  entries: readonly WireAllowlistEntry[],
  list: SharedList<WireAllowlistEntry>,
  { note }: Context,
): Promise<void> {
  const everybody = entries.find((other) => other.cidr_ip === "0.0.0.0" && other.cidr_mask === 0);
  if (everybody === undefined || entry.cidrMask === 0 || toldOpen.has(list)) return;
  if (!(everybody.sql && entry.sql) && !(everybody.ui && entry.ui)) return;
  toldOpen.add(list);
  await note(
    "warning",
    `Cluster ${entry.clusterId} also allows 0.0.0.0/0, so every address can connect and this entry restricts nothing. To restrict access, delete 0.0.0.0/0; a cluster created with serverless.withEmptyIpAllowlist: true begins without it.`,
  );
}

async function adopted(id: string, inputs: Inputs, context: Context): Promise<State> {
  checkImportedId(context, "allowlist entry", id, "<cluster id>:<address>/<mask>");
  const { clusterId } = inputs;
  const object = `allowlist entry ${keyOf(inputs)} of cluster ${clusterId}`;
  const entries = await orUndefinedWhenGone(context.lists.allowlist(clusterId).recentItems());
  const wire = entries?.get(keyOf(inputs));
  if (wire === undefined) {
    throw new Error(
      `Importing ${object} failed: there is no such entry, or this key may not see the cluster. Check the option import, or remove it to create the entry.`,
    );
  }
  const state = toState(clusterId, wire);
  checkImportedValues<Inputs>(object, differing(state, inputs), state, inputs);
  return state;
}

function toRequest(inputs: Inputs): AddAllowlistEntryRequest {
  const { cidrIp, cidrMask, name = "", sql, ui } = inputs;
  return { cidr_ip: cidrIp, cidr_mask: cidrMask, name, sql, ui };
}

function toSettings({ name, sql, ui }: State): { name: string; sql: boolean; ui: boolean } {
  return { name, sql, ui };
}

function toState(clusterId: string, wire: WireAllowlistEntry): State {
  const { cidr_ip: cidrIp, cidr_mask: cidrMask, name, sql, ui } = wire;
  return { clusterId, cidrIp, cidrMask, name, sql, ui };
}

function keyOf({ cidrIp, cidrMask }: Pick<Inputs, "cidrIp" | "cidrMask">): string {
  return `${cidrIp}/${cidrMask}`;
}

function placeOf(id: string): Pick<Inputs, "clusterId" | "cidrIp" | "cidrMask"> {
  const [clusterId = "", cidrIp = "", cidrMask] = id.split(/[:/]/);
  return { clusterId, cidrIp, cidrMask: Number(cidrMask) };
}

/** The 32 bits of an address. */
function numberOf(address: string): number | undefined {
  const octets = address.split(".");
  const isOctet = (text: string) => /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;
  if (octets.length !== 4 || !octets.every(isOctet)) return undefined;
  return octets.reduce((bits, octet) => bits * 256 + Number(octet), 0);
}

function textOf(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}
