// Reading invoices.

import type { ApiCall, Caller } from "./call";
import type { InvoiceStatus, WireInvoice } from "./invoice";
import { invoiceListSchema, invoiceSchema } from "./invoice";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { permission } from "./role";

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

/** The invoices of the organization: final ones of past months, and the draft of this month. */
export interface InvoicesApi {
  /** Lists invoices by billing period. */
  list(query?: ListInvoicesQuery, options?: RequestOptions): AsyncIterable<WireInvoice>;
  /** Reads an invoice. */
  get(invoiceId: string, options?: RequestOptions): Promise<WireInvoice>;
}

const permitted = permission(["BC", "CA"], "the organization");

/** @internal */
export class InvoiceOperations implements InvoicesApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

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
      (answer): WireInvoice[] => answer.invoices,
      undefined,
      options,
    );
  }

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
