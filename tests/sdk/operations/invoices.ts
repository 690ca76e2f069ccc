import type { WireInvoice } from "../../../sdk";
import type { invoiceListSchema, invoiceSchema } from "../../../sdk/resources/invoices";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { range, rangeText } from "../operation";

const invoice = {
  invoice_id: "i/1",
  status: "DRAFT",
  period_start: "2026-01-01T00:00:00Z",
  period_end: "2026-02-01T00:00:00Z",
  totals: [{ amount: 12.34, currency: "USD" }],
  balances: [{ amount: 1.5, currency: "CRDB_CLOUD_CREDITS" }],
  invoice_items: [],
  adjustments: [{ name: "discount", amount: { amount: -2, currency: "USD" } }],
  folder_resources: [],
};

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof invoiceSchema, WireInvoice>,
    true satisfies Lists<typeof invoiceListSchema, "invoices", WireInvoice>,
  ],

  operations: [
    {
      name: "invoices.list",
      operation: "Listing invoices",
      object: "invoices",
      call: ({ invoices }) => all(invoices.list({ status: "FINALIZED", ...range })),
      method: "GET",
      template: "/api/v1/invoices",
      url: `/api/v1/invoices?status=FINALIZED&${rangeText}`,
      response: { invoices: [invoice] },
      result: [invoice],
    },
    {
      name: "invoices.get",
      operation: "Reading invoice i/1",
      object: "invoice i/1",
      call: ({ invoices }) => invoices.get(invoice.invoice_id),
      method: "GET",
      template: "/api/v1/invoices/{invoice_id}",
      url: "/api/v1/invoices/i%2F1",
      response: invoice,
      result: invoice,
    },
  ],

  async callEach({ client }) {
    const [first] = await all(client.invoices.list());
    await client.invoices.get(first?.invoice_id ?? "");
  },
};
