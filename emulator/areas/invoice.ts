// Invoices: one for each month since the organization exists, generated from the clusters that existed in it. The
// current month is a draft. Prices are examples; amounts are rounded to cents.

import { randomUUID } from "node:crypto";
import type { Area } from "../area";
import { clustersOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { toWire } from "../cluster/response";
import type { WireCluster } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { Organization } from "../organization/organization";
import type { Call } from "../server/call";
import { notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import { enumParameter, timeParameter } from "../server/query";
import { stateOfEach } from "../state";

const hourMs = 60 * 60 * 1000;

/** An amount of money. */
export interface WireCurrencyAmount {
  amount: number;
  currency: "CRDB_CLOUD_CREDITS" | "USD";
}

/** A position of an invoice. */
export interface WireLineItem {
  description: string;
  quantity: number;
  quantity_unit: "GIB" | "GIB_HOURS" | "HOURS" | "REQUEST_UNITS" | "VCPU_HOURS";
  unit_cost: number;
  total: WireCurrencyAmount;
}

/** The part of an invoice that one cluster causes. */
export interface WireInvoiceItem {
  cluster: WireCluster;
  totals: WireCurrencyAmount[];
  line_items: WireLineItem[];
}

/** An invoice as the API spells it. */
export interface WireInvoice {
  invoice_id: string;
  totals: WireCurrencyAmount[];
  /** RFC 3339, inclusive. */
  period_start: string;
  /** RFC 3339, exclusive. */
  period_end: string;
  /** Sorted by the cluster's name. */
  invoice_items: WireInvoiceItem[];
  balances: WireCurrencyAmount[];
  status: "DRAFT" | "FINALIZED";
  adjustments: { name: string; amount: WireCurrencyAmount }[];
  folder_resources: object[];
}

/** The invoices that a test has written; those of the other months are generated. */
export const writtenInvoicesOf = stateOfEach<Organization, [], WireInvoice[]>(() => []);

/** The ids of generated invoices, by the beginning of their month. */
const invoiceIdsOf = stateOfEach<Organization, [], Map<number, string>>(() => new Map());

function listInvoices(call: Call): object {
  const { organization, context, query } = call;
  const status = enumParameter(query, "status", ["FINALIZED", "DRAFT"]);
  const start = timeParameter(query, "start_time");
  const end = timeParameter(query, "end_time");
  const invoices = invoicesOf(organization, context).filter(
    (invoice) =>
      (status === undefined || invoice.status === status) &&
      (start === undefined || Date.parse(invoice.period_start) >= start) &&
      (end === undefined || Date.parse(invoice.period_end) <= end),
  );
  return { invoices, ...(context.assumptions.invoicePagination && { pagination: null }) };
}

function getInvoice(call: Call): object {
  const { invoice_id: id = "" } = call.path;
  const invoice = invoicesOf(call.organization, call.context).find(
    (candidate) => candidate.invoice_id === id,
  );
  if (invoice === undefined) {
    throw notFound(`invoice '${id}' does not exist`);
  }
  return invoice;
}

/** All invoices of an organization, sorted by the beginning of their period. */
export function invoicesOf(organization: Organization, context: EmulatorContext): WireInvoice[] {
  const written = new Set(
    writtenInvoicesOf(organization).map((one) => Date.parse(one.period_start)),
  );
  const now = context.clock.now();
  const invoices = [...writtenInvoicesOf(organization)];
  let [start, end] = monthOf(organization.createdAt);
  while (start <= now) {
    if (!written.has(start)) {
      invoices.push(generatedInvoice(organization, context, start, end));
    }
    [start, end] = monthOf(end);
  }
  return invoices.sort((a, b) => Date.parse(a.period_start) - Date.parse(b.period_start));
}

/** Completes an invoice from some of its parts, of the current month if they do not say. */
export function newInvoice(parts: Partial<WireInvoice>, now: number): WireInvoice {
  const from = parts.period_start === undefined ? now : Date.parse(parts.period_start);
  const [start, end] = monthOf(from);
  return {
    invoice_id: randomUUID(),
    totals: [usd(0)],
    period_start: timestamp(start),
    period_end: timestamp(end),
    invoice_items: [],
    balances: [],
    status: end > now ? "DRAFT" : "FINALIZED",
    adjustments: [],
    folder_resources: [],
    ...parts,
  };
}

function monthOf(ms: number): [number, number] {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  return [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)];
}

function generatedInvoice(
  organization: Organization,
  context: EmulatorContext,
  start: number,
  end: number,
): WireInvoice {
  const now = context.clock.now();
  const id = invoiceIdsOf(organization).get(start) ?? randomUUID();
  invoiceIdsOf(organization).set(start, id);
  const items = clustersOf(organization, context)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((cluster) => {
      const until = Math.min(cluster.deletedAt ?? now, end, now);
      const hours = (until - Math.max(cluster.createdAt, start)) / hourMs;
      return hours > 0 ? [itemOf(cluster, hours, context)] : [];
    });
  const total = items.reduce((sum, item) => sum + (item.totals[0]?.amount ?? 0), 0);
  return newInvoice(
    {
      invoice_id: id,
      period_start: timestamp(start),
      totals: [usd(total)],
      invoice_items: items,
      balances: [{ amount: 0, currency: "CRDB_CLOUD_CREDITS" }],
    },
    now,
  );
}

function itemOf(cluster: ClusterRecord, hours: number, context: EmulatorContext): WireInvoiceItem {
  const line = lineOf(cluster, Math.round(hours * 100) / 100);
  return { cluster: toWire(cluster, context), totals: [{ ...line.total }], line_items: [line] };
}

function lineOf(cluster: ClusterRecord, hours: number): WireLineItem {
  if (cluster.plan === "BASIC") {
    const quantity = Math.round(hours * 10_000);
    return {
      description: "Request units",
      quantity,
      quantity_unit: "REQUEST_UNITS",
      unit_cost: 0.0000002,
      total: usd(quantity * 0.0000002),
    };
  }
  const machines = new Set(cluster.regions.flatMap(({ machine }) => machine?.type ?? []));
  const vcpus = cluster.disk
    ? cluster.regions.reduce((sum, { nodes, machine }) => sum + nodes * (machine?.vcpus ?? 0), 0)
    : Number(cluster.serverless?.usageLimits?.provisioned_virtual_cpus ?? 0);
  const unitCost = cluster.plan === "ADVANCED" ? 0.6 : 0.18;
  return {
    description: cluster.disk ? [...machines].join(", ") : "Provisioned compute",
    quantity: hours * vcpus,
    quantity_unit: "VCPU_HOURS",
    unit_cost: unitCost,
    total: usd(hours * vcpus * unitCost),
  };
}

function usd(amount: number): WireCurrencyAmount {
  return { amount: Math.round(amount * 100) / 100, currency: "USD" };
}

/** The invoices of an organization. */
export const invoiceArea: Area = {
  operations: { GetInvoice: getInvoice, ListInvoices: listInvoices },
};
