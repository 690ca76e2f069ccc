/** Reads invoices: final ones of past months, and the draft of this month. */
import type * as pulumi from "@pulumi/pulumi";
import type {
  WireAmount,
  WireInvoice,
  WireInvoiceFolder,
  WireInvoiceItem,
  WireLineItem,
} from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import { collect, textIn, timeIn, wordIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import type { ClusterInfo } from "./cluster";
import { toInfo } from "./cluster";

/** An amount of money. */
export interface CurrencyAmount {
  /** Amount in this currency. */
  amount: number;
  /** `USD` or `CRDB_CLOUD_CREDITS`. */
  currency: string;
}

/** The invoice of one billing period. */
export interface InvoiceInfo {
  /** Id of the invoice. */
  invoiceId: string;
  /** `FINALIZED`, or `DRAFT` while the period lasts. */
  status: string;
  /** RFC 3339. */
  periodStart: string;
  /** RFC 3339; the period ends before it. */
  periodEnd: string;
  /** By currency, before the adjustments. */
  totals: CurrencyAmount[];
  /** What is left to pay or to use up, by currency. */
  balances: CurrencyAmount[];
  /** By cluster. */
  invoiceItems: InvoiceItem[];
  /** Credits and charges beside those of the clusters. */
  adjustments: InvoiceAdjustment[];
  /** The folders and clusters that the invoice is about. */
  folderResources: InvoiceFolder[];
}

/** What one cluster costs. */
export interface InvoiceItem {
  /** As it was; members that an old cluster never had are empty. */
  cluster?: ClusterInfo;
  /** By currency. */
  totals: CurrencyAmount[];
  /** What is charged, one by one. */
  lineItems: InvoiceLineItem[];
}

/** One thing that is charged for. */
export interface InvoiceLineItem {
  /** What is charged. */
  description: string;
  /** How much of it, in `quantityUnit`. */
  quantity: number;
  /** `HOURS`, `REQUEST_UNITS`, `GIB_HOURS`, `VCPU_HOURS` and others. */
  quantityUnit: string;
  /** In the currency of `total`. */
  unitCost: number;
  /** What it costs. */
  total: CurrencyAmount;
}

/** A discount or another correction. */
export interface InvoiceAdjustment {
  /** What it is for. */
  name: string;
  /** How much it is. */
  amount: CurrencyAmount;
}

/** A folder that an invoiced cluster lies in. */
export interface InvoiceFolder {
  /** Id of the folder or cluster. */
  resourceId: string;
  /** `FOLDER` or `CLUSTER`. */
  resourceType: string;
  /** `root` at the top. */
  parentId: string;
  /** Id of the organization. */
  organizationId: string;
  /** Name of the folder or cluster. */
  name: string;
  /** From the top down. */
  path: {
    /** Id of the folder. */
    id: string;
    /** Name of the folder. */
    name: string;
  }[];
  /** Labels; empty where there are none. */
  labels: { [key: string]: string };
}

/** Whether an invoice can still change. */
export type InvoiceStatus = "FINALIZED" | "DRAFT";

/** Which invoices. */
export interface ListInvoicesArgs {
  /**
   * Status of the invoices that are listed.
   * @default invoices of every status
   */
  status?: InvoiceStatus;
  /** Billing periods that begin then or later, RFC 3339. @default the beginning of the organization */
  startTime?: string | Date;
  /** Billing periods that end then or earlier, RFC 3339. @default now */
  endTime?: string | Date;
}

/** Which invoices. */
export interface ListInvoicesOutputArgs {
  /**
   * Status of the invoices that are listed.
   * @default invoices of every status
   */
  status?: pulumi.Input<InvoiceStatus>;
  /** Billing periods that begin then or later, RFC 3339. @default the beginning of the organization */
  startTime?: pulumi.Input<string> | Date;
  /** Billing periods that end then or earlier, RFC 3339. @default now */
  endTime?: pulumi.Input<string> | Date;
}

/** Lists the invoices of past months and the draft of this one; amounts are `{ amount, currency }`. */
export function listInvoices(
  args: ListInvoicesArgs = {},
  options?: FunctionOptions,
): Promise<InvoiceInfo[]> {
  return callFunction(invoices, args, options);
}

/** `listInvoices` for outputs. */
export function listInvoicesOutput(
  args: ListInvoicesOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<InvoiceInfo[]> {
  return callFunctionOutput(invoices, args, options);
}

/** Which invoice. */
export interface GetInvoiceArgs {
  /** Id of the invoice. */
  invoiceId: string;
}

/** Which invoice. */
export interface GetInvoiceOutputArgs {
  /** Id of the invoice. */
  invoiceId: pulumi.Input<string>;
}

/** Reads an invoice. */
export function getInvoice(args: GetInvoiceArgs, options?: FunctionOptions): Promise<InvoiceInfo> {
  return callFunction(invoice, args, options);
}

/** `getInvoice` for outputs. */
export function getInvoiceOutput(
  args: GetInvoiceOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<InvoiceInfo> {
  return callFunctionOutput(invoice, args, options);
}

/** @internal */
export const invoices: ProviderFunction<ListInvoicesArgs, InvoiceInfo[]> = {
  name: "listInvoices",
  async read({ cloud }, { status, startTime, endTime }) {
    const query = omitUndefined({
      status: wordIn("listInvoices", "status", status, ["FINALIZED", "DRAFT"]),
      startTime: timeIn("listInvoices", "startTime", startTime),
      endTime: timeIn("listInvoices", "endTime", endTime),
    });
    return (await collect(cloud.invoices.list(query))).map(toInvoice);
  },
};

/** @internal */
export const invoice: ProviderFunction<GetInvoiceArgs, InvoiceInfo> = {
  name: "getInvoice",
  async read({ cloud }, { invoiceId }) {
    const id = textIn("getInvoice", "invoiceId", invoiceId, "the id of an invoice");
    return toInvoice(await cloud.invoices.get(id));
  },
};

function toInvoice(wire: WireInvoice): InvoiceInfo {
  return {
    invoiceId: wire.invoice_id,
    status: wire.status,
    periodStart: wire.period_start,
    periodEnd: wire.period_end,
    totals: wire.totals.map(toAmount),
    balances: wire.balances.map(toAmount),
    invoiceItems: wire.invoice_items.map(toItem),
    adjustments: wire.adjustments.map(({ name, amount }) => ({ name, amount: toAmount(amount) })),
    folderResources: wire.folder_resources.map(toFolder),
  };
}

function toItem({ cluster, totals, line_items }: WireInvoiceItem): InvoiceItem {
  return {
    ...omitUndefined({ cluster: cluster && toInfo(cluster) }),
    totals: totals.map(toAmount),
    lineItems: line_items.map(toLineItem),
  };
}

function toLineItem(wire: WireLineItem): InvoiceLineItem {
  return {
    description: wire.description,
    quantity: wire.quantity,
    quantityUnit: wire.quantity_unit,
    unitCost: wire.unit_cost,
    total: toAmount(wire.total),
  };
}

function toFolder(wire: WireInvoiceFolder): InvoiceFolder {
  return {
    resourceId: wire.resource_id,
    resourceType: wire.resource_type,
    parentId: wire.parent_id,
    organizationId: wire.organization_id,
    name: wire.name,
    path: wire.path.map(({ id, name }) => ({ id, name })),
    labels: wire.labels,
  };
}

function toAmount({ amount, currency }: WireAmount): CurrencyAmount {
  return { amount, currency };
}
