import { strict as assert } from "node:assert";
import type { EmulatorOptions, WireInvoice } from "../../../emulator/index";
import { manualClock } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  day,
  standard,
  startQuick,
} from "../caller";

describe("Invoices", () => {
  checkEmulators();

  const start = async (options: EmulatorOptions = {}) =>
    startQuick({ clock: manualClock(Date.UTC(2026, 5, 10)), ...options });

  const monthsOf = (invoices: WireInvoice[]) =>
    invoices.map(({ period_start: from, status }) => `${from.slice(0, 7)} ${status}`);

  it("exist for three months, the current one as a draft", async () => {
    const { emulator, api } = await start();
    const { invoices, pagination } = bodyOf(await api.get("/invoices"));
    assert.equal(pagination, undefined);
    assert.deepEqual(monthsOf(invoices), [
      "2026-04 FINALIZED",
      "2026-05 FINALIZED",
      "2026-06 DRAFT",
    ]);
    assert.equal(invoices[2].period_end, "2026-07-01T00:00:00Z");
    await emulator.clock.advance(30 * day);
    const later = bodyOf(await api.get("/invoices")).invoices;
    assert.deepEqual(monthsOf(later).slice(2), ["2026-06 FINALIZED", "2026-07 DRAFT"]);
    assert.equal(later[2].invoice_id, invoices[2].invoice_id);
  });

  it("begin when the organization does", async () => {
    const organizations = [{ createdAt: "2026-06-05T12:00:00Z" }];
    const { api } = await start({ organizations });
    assert.deepEqual(monthsOf(bodyOf(await api.get("/invoices")).invoices), ["2026-06 DRAFT"]);
  });

  it("are filtered by status and period", async () => {
    const { api } = await start();
    const months = async (query: string) =>
      monthsOf(bodyOf(await api.get(`/invoices?${query}`)).invoices).map((text) =>
        text.slice(5, 7),
      );
    assert.deepEqual(await months("status=DRAFT"), ["06"]);
    assert.deepEqual(await months("status=FINALIZED"), ["04", "05"]);
    assert.deepEqual(await months("start_time=2026-05-01T00:00:00Z"), ["05", "06"]);
    assert.deepEqual(await months("end_time=2026-06-01T00:00:00Z"), ["04", "05"]);
    assertRefused(await api.get("/invoices?status=PAID"), 400, 3);
  });

  it("are returned one by one without a wrapper", async () => {
    const { api } = await start();
    const [first] = bodyOf(await api.get("/invoices")).invoices;
    assert.deepEqual(bodyOf(await api.get(`/invoices/${first.invoice_id}`)), first);
    assertRefused(await api.get("/invoices/none"), 404, 5);
  });

  it("charge for clusters as long as they live", async () => {
    const { emulator, api } = await start();
    const { id } = emulator.clusters.create(standard("shop-standard", 4));
    emulator.clusters.create(advanced("shop-advanced"));
    emulator.clusters.create(basic("shop-basic"));
    await emulator.clock.advance(day);
    emulator.clusters.delete(id);
    await emulator.clock.advance(day);
    const { invoices } = bodyOf(await api.get("/invoices?status=DRAFT"));
    const items = invoices[0].invoice_items;
    assert.deepEqual(
      items.map((item: WireInvoice["invoice_items"][0]) => [
        item.cluster.name,
        item.line_items[0]?.quantity,
        item.line_items[0]?.quantity_unit,
        item.totals[0]?.amount,
      ]),
      [
        ["shop-advanced", 48 * 12, "VCPU_HOURS", 345.6],
        ["shop-basic", 480_000, "REQUEST_UNITS", 0.1],
        ["shop-standard", 24 * 4, "VCPU_HOURS", 17.28],
      ],
    );
    assert.deepEqual(invoices[0].totals, [{ amount: 362.98, currency: "USD" }]);
  });

  it("charges each region of an Advanced cluster for its own machines", async () => {
    const { emulator, api } = await start();
    emulator.clusters.create(
      advanced("shop-mixed", {
        region_nodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 4 },
        region_machine_specs: {
          "us-east-1": { num_virtual_cpus: 4 },
          "us-east-2": { num_virtual_cpus: 4 },
          "us-west-2": { num_virtual_cpus: 8 },
        },
        hardware: { storage_gib: 0 },
      }),
    );
    await emulator.clock.advance(day);
    const { invoices } = bodyOf(await api.get("/invoices?status=DRAFT"));
    const [line] = invoices[0].invoice_items[0].line_items;
    assert.deepEqual(
      [line.description, line.quantity],
      ["m6i.xlarge, m6i.2xlarge", 24 * (3 * 4 + 3 * 4 + 4 * 8)],
    );
  });

  it("can be added by a test, and have a pagination if so configured", async () => {
    const { emulator, api } = await start({ assumptions: { invoicePagination: true } });
    const made = emulator.organization.addInvoice({
      period_start: "2026-05-01T00:00:00Z",
      totals: [{ amount: 12.34, currency: "USD" }],
      balances: [{ amount: 100, currency: "CRDB_CLOUD_CREDITS" }],
      adjustments: [{ name: "discount", amount: { amount: -1, currency: "USD" } }],
    });
    const { invoices, pagination } = bodyOf(await api.get("/invoices"));
    assert.equal(pagination, null);
    assert.deepEqual(invoices[1], made);
    assert.equal(invoices.length, 3);
    assert.deepEqual(emulator.organization.invoices(), invoices);
    const current = emulator.organization.addInvoice();
    assert.equal(current.status, "DRAFT");
    assert.equal(bodyOf(await api.get("/invoices")).invoices.length, 3);
  });

  it("are for BILLING_COORDINATOR and CLUSTER_ADMIN", async () => {
    const { emulator } = await start();
    const callerWith = (role: "BILLING_COORDINATOR" | "BILLING_VIEWER" | "CLUSTER_ADMIN") =>
      callerOf(emulator, emulator.organization.addKey({ roles: [{ role }] }));
    bodyOf(await callerWith("BILLING_COORDINATOR").get("/invoices"));
    bodyOf(await callerWith("CLUSTER_ADMIN").get("/invoices"));
    assertRefused(await callerWith("BILLING_VIEWER").get("/invoices"), 403, 7);
  });
});
