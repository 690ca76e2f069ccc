// Invoices of the organization.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { path } from "../http/path";
import { numberSchema, openEnumSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";
import type { CloudProvider } from "./cloud-provider";
import type { Plan } from "./cluster-settings";
import type { ClusterState, WireCluster } from "./clusters";
import { clusterSchema } from "./clusters";

/** An amount of money. */
export interface WireAmount {
  amount: number;
  currency: "USD" | "CRDB_CLOUD_CREDITS" | (string & {});
}

/** Whether an invoice can still change. */
export type InvoiceStatus = "FINALIZED" | "DRAFT" | (string & {});

/** One thing that is charged for. */
export interface WireLineItem {
  description: string;
  quantity: number;
  quantity_unit: "HOURS" | "REQUEST_UNITS" | "GIB" | "GIB_HOURS" | "VCPU_HOURS" | (string & {});
  /** In the currency of `total`. */
  unit_cost: number;
  total: WireAmount;
}

/** What one cluster costs. */
export interface WireInvoiceItem {
  /** As it was; members that an old cluster never had are empty. */
  cluster?: WireCluster;
  /** By currency. */
  totals: WireAmount[];
  line_items: WireLineItem[];
}

/** A discount or another correction. */
export interface WireInvoiceAdjustment {
  name: string;
  amount: WireAmount;
}

/** A folder that an invoiced cluster lies in. */
export interface WireInvoiceFolder {
  resource_id: string;
  resource_type: "FOLDER" | "CLUSTER" | (string & {});
  /** `root` at the top. */
  parent_id: string;
  organization_id: string;
  name: string;
  /** From the top down. */
  path: { id: string; name: string }[];
  labels: Record<string, string>;
}

/** The invoice of one billing period. */
export interface WireInvoice {
  invoice_id: string;
  /** `DRAFT` while the period lasts. */
  status: InvoiceStatus;
  /** RFC 3339. */
  period_start: string;
  /** RFC 3339; the period ends before it. */
  period_end: string;
  /** By currency, before the adjustments. */
  totals: WireAmount[];
  /** What is left to pay or to use up, by currency. */
  balances: WireAmount[];
  invoice_items: WireInvoiceItem[];
  adjustments: WireInvoiceAdjustment[];
  folder_resources: WireInvoiceFolder[];
}

const amountSchema = z.object({
  amount: numberSchema,
  currency: openEnumSchema<WireAmount["currency"]>().default("USD"),
});

const noAmount: WireAmount = { amount: 0, currency: "USD" };

const amountsSchema = z.array(amountSchema).default([]);

// A bill must be readable also when it is for a cluster of which little is left.
const invoicedClusterSchema = clusterSchema.extend({
  id: textSchema,
  name: textSchema,
  plan: openEnumSchema<Plan>().default(""),
  cloud_provider: openEnumSchema<CloudProvider>().default(""),
  state: openEnumSchema<ClusterState>().default(""),
});

const lineItemSchema = z.object({
  description: textSchema,
  quantity: numberSchema,
  quantity_unit: openEnumSchema<WireLineItem["quantity_unit"]>().default(""),
  unit_cost: numberSchema,
  total: amountSchema.default(noAmount),
});

const folderSchema = z.object({
  resource_id: textSchema,
  resource_type: openEnumSchema<WireInvoiceFolder["resource_type"]>().default(""),
  parent_id: textSchema,
  organization_id: textSchema,
  name: textSchema,
  path: z.array(z.object({ id: textSchema, name: textSchema })).default([]),
  labels: z.record(z.string(), z.string()).default({}),
});

/** @internal */
export const invoiceSchema = z.object({
  invoice_id: z.string().min(1),
  status: openEnumSchema<InvoiceStatus>().default(""),
  period_start: z.string(),
  period_end: z.string(),
  totals: amountsSchema,
  balances: amountsSchema,
  invoice_items: z
    .array(
      z.object({
        cluster: invoicedClusterSchema.exactOptional(),
        totals: amountsSchema,
        line_items: z.array(lineItemSchema).default([]),
      }),
    )
    .default([]),
  adjustments: z
    .array(z.object({ name: textSchema, amount: amountSchema.default(noAmount) }))
    .default([]),
  folder_resources: z.array(folderSchema).default([]),
});

/** @internal The spec has no pages here, the guide shows an empty `pagination`; pages would be read. */
export const invoiceListSchema = z.object({
  invoices: z.array(invoiceSchema),
  pagination: paginationSchema,
});

/** Which invoices to list. */
export interface ListInvoicesQuery {
  /** @default invoices of every status */
  status?: InvoiceStatus;
  /**
   * RFC 3339: billing periods that begin then or later.
   *
   * @default the beginning of the organization
   */
  startTime?: string;
  /**
   * RFC 3339: billing periods that end then or earlier.
   *
   * @default now
   */
  endTime?: string;
}

const permitted = permission(["BC", "CA"], "the organization");

/** The invoices of the organization: final ones of past months, and the draft of this month. */
export class InvoicesApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists invoices by billing period. */
  list(query: ListInvoicesQuery = {}, options?: RequestOptions): AsyncIterable<WireInvoice> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/invoices`,
        query: { status: query.status, start_time: query.startTime, end_time: query.endTime },
        operation: "Listing invoices",
        object: "invoices",
        permission: permitted,
        schema: invoiceListSchema,
      },
      (response): WireInvoice[] => response.invoices,
      undefined,
      options,
    );
  }

  /** Reads an invoice. */
  async get(invoiceId: string, options?: RequestOptions): Promise<WireInvoice> {
    const object = `invoice ${invoiceId}`;
    const call: ApiCall<WireInvoice> = {
      method: "GET",
      path: path`/api/v1/invoices/${invoiceId}`,
      operation: `Reading ${object}`,
      object,
      permission: permitted,
      schema: invoiceSchema,
    };
    return await this.#caller.run(call, options);
  }
}
