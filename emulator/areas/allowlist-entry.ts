// The addresses that may connect to a cluster. Basic and Standard clusters begin with 0.0.0.0/0 unless they were
// created without, Advanced ones with nothing. A change takes a while to reach the cluster.

import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import { page } from "../server/paging";
import type { MessageShape } from "../server/protojson";
import { stateOfEachCluster } from "../state";

/** An entry as it is stored. */
export interface AllowlistRecord {
  /** IPv4 address, dotted. */
  readonly ip: string;
  /** Length of the network prefix, 0 to 32. */
  readonly mask: number;
  name: string;
  sql: boolean;
  ui: boolean;
  readonly createdAt: number;
}

/** The list of one cluster. */
export interface AllowlistState {
  entries: AllowlistRecord[];
  /** Until then the last change is on its way to the cluster. */
  propagatingUntil: number;
}

/** An entry as the API spells it. */
export interface WireAllowlistEntry {
  /** IPv4 address. */
  cidr_ip: string;
  /** Length of the network prefix, 0 to 32. */
  cidr_mask: number;
  name: string;
  /** Whether SQL clients may connect from there. */
  sql: boolean;
  /** Whether the DB Console may be opened from there. */
  ui: boolean;
}

/** Allowlists outside the API. Cluster ids are UUIDs, addresses are written "192.0.2.0/24". */
export interface AllowlistControls {
  /** The entries, sorted by address. */
  list(clusterId: string): WireAllowlistEntry[];
  /**
   * Adds an entry without any rule, or replaces the one of the same address.
   * @param details default: no name, `sql` and `ui` true
   */
  add(clusterId: string, cidr: string, details?: AllowlistEdit): void;
  /** Changes an entry. @throws when there is none. */
  edit(clusterId: string, cidr: string, details: AllowlistEdit): void;
  /** Removes an entry. @throws when there is none. */
  remove(clusterId: string, cidr: string): void;
  /** Whether a change is still on its way to the cluster. */
  isPropagating(clusterId: string): boolean;
}

/** What may be changed about an entry. */
export interface AllowlistEdit {
  name?: string;
  sql?: boolean;
  ui?: boolean;
}

/** The allowlist of a cluster. */
export const allowlistOf = stateOfEachCluster(
  ({ startsWithEmptyAllowlist, createdAt }): AllowlistState => {
    const everywhere = { ip: "0.0.0.0", mask: 0, name: "", sql: true, ui: true, createdAt };
    return { entries: startsWithEmptyAllowlist ? [] : [everywhere], propagatingUntil: 0 };
  },
  () => ({ entries: [], propagatingUntil: 0 }),
);

const shape: MessageShape = {
  name: "cockroach.cloud.AllowlistEntry",
  fields: { cidr_ip: "string", cidr_mask: "int32", name: "string", sql: "bool", ui: "bool" },
};

function listAllowlistEntries(call: Call): object {
  const allowlist = allowlistOf(liveClusterOf(call));
  const { items, pagination } = page(call, allowlist.entries, {
    sortKey,
    createdAt: (entry) => entry.createdAt,
  });
  return {
    allowlist: items.map(toWire),
    propagating: allowlist.propagatingUntil > call.now,
    pagination,
  };
}

/** POST, which names the address in the body. */
function addAllowlistEntry(call: Call): object {
  const body = readBody<Partial<WireAllowlistEntry>>(call, shape);
  return putEntry(call, body, body.cidr_ip ?? "", body.cidr_mask, "refused");
}

/** PUT, which names it in the path, and replaces an entry that exists. */
function addAllowlistEntry2(call: Call): object {
  const body = readBody<Partial<WireAllowlistEntry>>(call, shape);
  const { ip, mask } = addressOf(call);
  return putEntry(call, body, ip, mask, "replaced");
}

function putEntry(
  call: Call,
  body: AllowlistEdit,
  ip: string,
  mask: number | undefined,
  present: "refused" | "replaced",
): object {
  const cluster = changeableClusterOf(call);
  checkAddress(ip, mask);
  const allowlist = allowlistOf(cluster);
  const known = allowlist.entries.find((entry) => entry.ip === ip && entry.mask === mask);
  const { duplicateAllowlistEntry } = call.context.assumptions;
  if (known !== undefined && present === "refused" && duplicateAllowlistEntry !== "replaced") {
    throw new ApiError(duplicateAllowlistEntry, `allowlist entry ${ip}/${mask} already exists`);
  }
  const most = entriesAllowed(cluster);
  if (known === undefined && allowlist.entries.length >= most) {
    throw failedPrecondition(`the allowlist of this cluster can have at most ${most} entries`);
  }
  const entry: AllowlistRecord = {
    ip,
    mask: mask ?? 0,
    name: body.name ?? "",
    sql: body.sql ?? false,
    ui: body.ui ?? false,
    createdAt: known?.createdAt ?? call.now,
  };
  allowlist.entries = [...allowlist.entries.filter((other) => other !== known), entry];
  propagate(cluster, call.context);
  return toWire(entry);
}

/** What is absent of `sql` and `ui` is false, as anywhere in a message; a name stays. */
function updateAllowlistEntry(call: Call): object {
  const { strictPatch, strictRequired } = call.context.assumptions;
  const body = readBody<Partial<WireAllowlistEntry>>(
    call,
    shape,
    strictPatch ? "refused" : "ignored",
  );
  const cluster = changeableClusterOf(call);
  const entry = requestedEntry(call, cluster);
  const { sql, ui } = body;
  if (strictRequired && (sql === undefined || ui === undefined)) {
    throw invalidValue("sql and ui are required");
  }
  change(entry, { ...body, sql: sql ?? false, ui: ui ?? false });
  propagate(cluster, call.context);
  return toWire(entry);
}

function deleteAllowlistEntry(call: Call): object {
  const cluster = changeableClusterOf(call);
  const entry = requestedEntry(call, cluster);
  const allowlist = allowlistOf(cluster);
  allowlist.entries = allowlist.entries.filter((other) => other !== entry);
  propagate(cluster, call.context);
  return toWire(entry);
}

function requestedEntry(call: Call, cluster: ClusterRecord): AllowlistRecord {
  const { ip, mask } = addressOf(call);
  const { entries } = allowlistOf(cluster);
  const entry = entries.find((candidate) => candidate.ip === ip && candidate.mask === mask);
  if (entry === undefined) {
    throw notFound(`allowlist entry ${ip}/${mask} does not exist`);
  }
  return entry;
}

function addressOf(call: Call): { ip: string; mask: number } {
  const { cidr_ip: ip = "", cidr_mask: mask = "" } = call.path;
  // The gateway takes a zero in front for an octal number: 024 is 20. Refused, since nobody means that.
  if (!/^(0|[1-9]\d{0,2})$/.test(mask)) {
    throw invalidValue(`invalid cidr_mask '${mask}'`);
  }
  return { ip, mask: Number(mask) };
}

function checkAddress(ip: string, mask: number | undefined): void {
  const isOctet = (text: string) => /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255;
  const octets = ip.split(".");
  if (octets.length !== 4 || !octets.every(isOctet)) {
    throw invalidValue(ip === "" ? "cidr_ip is required" : `invalid cidr_ip '${ip}'`);
  }
  // A mask that is left out is a mask of 0 on the wire, which opens the cluster to everybody; only 0.0.0.0 means that.
  if (mask === undefined && ip !== "0.0.0.0") {
    throw invalidValue("cidr_mask is required");
  }
  if (mask !== undefined && (mask < 0 || mask > 32)) {
    throw invalidValue(`invalid cidr_mask '${mask}': must be between 0 and 32`);
  }
}

function entriesAllowed(cluster: ClusterRecord): number {
  if (cluster.plan !== "ADVANCED") {
    return 50;
  }
  return cluster.provider === "AWS" ? 20 : 200;
}

function propagate(cluster: ClusterRecord, context: EmulatorContext): void {
  allowlistOf(cluster).propagatingUntil =
    context.clock.now() + context.durations.allowlistPropagationMs;
}

function change(entry: AllowlistRecord, edit: AllowlistEdit): void {
  entry.name = edit.name ?? entry.name;
  entry.sql = edit.sql ?? entry.sql;
  entry.ui = edit.ui ?? entry.ui;
}

function sortKey(entry: AllowlistRecord): string[] {
  return [...entry.ip.split("."), String(entry.mask)].map((part) => part.padStart(3, "0"));
}

function toWire(entry: AllowlistRecord): WireAllowlistEntry {
  const { ip, mask, name, sql, ui } = entry;
  return { cidr_ip: ip, cidr_mask: mask, name, sql, ui };
}

/** The allowlist of a cluster. */
export const allowlistArea: ControlledArea<AllowlistControls> = {
  operations: {
    AddAllowlistEntry: addAllowlistEntry,
    AddAllowlistEntry2: addAllowlistEntry2,
    DeleteAllowlistEntry: deleteAllowlistEntry,
    ListAllowlistEntries: listAllowlistEntries,
    UpdateAllowlistEntry: updateAllowlistEntry,
  },
  createControls: allowlistControls,
};

function allowlistControls({ findCluster, context }: ControlParts): AllowlistControls {
  const stateOf = (clusterId: string) => allowlistOf(findCluster(clusterId));
  const without = (clusterId: string, cidr: string): AllowlistRecord[] =>
    stateOf(clusterId).entries.filter((entry) => `${entry.ip}/${entry.mask}` !== cidr);
  const present = (clusterId: string, cidr: string): AllowlistRecord => {
    const kept = without(clusterId, cidr);
    const found = stateOf(clusterId).entries.find((entry) => !kept.includes(entry));
    if (found === undefined) {
      throw new Error(`The allowlist of cluster ${clusterId} has no entry ${cidr}.`);
    }
    return found;
  };
  return {
    list: (clusterId) =>
      [...stateOf(clusterId).entries]
        .sort((a, b) => (sortKey(a).join(".") < sortKey(b).join(".") ? -1 : 1))
        .map(toWire),
    add: (clusterId, cidr, details = {}) => {
      const [ip = "", mask = ""] = cidr.split("/");
      checkAddress(ip, Number(mask));
      const entry = { ip, mask: Number(mask), name: "", sql: true, ui: true, ...details };
      stateOf(clusterId).entries = [
        ...without(clusterId, cidr),
        { ...entry, createdAt: context.clock.now() },
      ];
    },
    edit: (clusterId, cidr, details) => change(present(clusterId, cidr), details),
    remove: (clusterId, cidr) => {
      present(clusterId, cidr);
      stateOf(clusterId).entries = without(clusterId, cidr);
    },
    isPropagating: (clusterId) => stateOf(clusterId).propagatingUntil > context.clock.now(),
  };
}
