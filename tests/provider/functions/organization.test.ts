// The functions that read the service and the organization, on the emulator.

import assert from "node:assert/strict";
import * as cockroachdb from "../../../provider/functions/index";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import { labForEachTest, missingId } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("of the service and the organization", () => {
    it("list regions", async () => {
      const all = await cockroachdb.listAvailableRegions();
      const some = await cockroachdb.listAvailableRegions({ provider: "GCP", serverless: true });
      assert.ok(some.length > 0 && some.length < all.length);
      for (const region of some) {
        assert.deepEqual([region.provider, region.serverless], ["GCP", true]);
        assert.equal(typeof region.distance, "number");
        assert.ok(region.location);
      }
    });

    it("list major versions", async () => {
      const versions = await cockroachdb.listMajorClusterVersions();
      const known = versions.find(({ version }) => version === "v25.2");
      assert.equal(known?.supportStatus, "SUPPORTED");
      assert.ok(Date.parse(known?.supportEnd ?? ""));
      assert.ok((known?.allowedUpgrades.length ?? 0) > 0);
    });

    it("list the audit log: in time, by number, in both directions", async () => {
      const hour = (n: number) => new Date(Date.UTC(2030, 0, 1, n));
      for (let n = 0; n < 5; n += 1) {
        lab.emulator.organization.addAuditLogEntry({
          id: `entry-${n}`,
          created_at: hour(n).toISOString(),
          metadata: { ip_address: "198.51.100.7" },
        });
      }
      const ids = async (args: cockroachdb.ListAuditLogsArgs) =>
        (await cockroachdb.listAuditLogs(args)).map(({ id }) => id);
      assert.deepEqual(await ids({ startingFrom: hour(1), until: hour(3).toISOString() }), [
        "entry-2",
        "entry-3",
      ]);
      assert.deepEqual(await ids({ startingFrom: hour(0), limit: 2 }), ["entry-1", "entry-2"]);
      const [last] = await cockroachdb.listAuditLogs({
        sortOrder: "DESC",
        limit: 1,
        startingFrom: hour(9),
      });
      assert.equal(last?.id, "entry-4");
      assert.deepEqual(last?.metadata, { ipAddress: "198.51.100.7" });
      await assert.rejects(cockroachdb.listAuditLogs({ limit: 1.5 }), {
        name: "ArgumentError",
        message: "listAuditLogs takes limit as a whole number from 1, not 1.5.",
      });
    });

    it("list invoices and read one, with amounts of money", async () => {
      lab.basic("orders");
      const invoices = await cockroachdb.listInvoices();
      assert.ok(invoices.length >= 2);
      const drafts = await cockroachdb.listInvoices({ status: "DRAFT" });
      assert.equal(drafts.length, 1);
      const [draft] = drafts;
      assert.ok(draft);
      const { amount, currency } = draft.totals[0] ?? {};
      assert.equal(typeof amount, "number");
      assert.equal(currency, "USD");
      const past = await cockroachdb.listInvoices({ endTime: new Date(draft.periodStart) });
      assert.ok(past.length >= 1 && past.every(({ status }) => status === "FINALIZED"));
      const [item] = draft.invoiceItems;
      assert.equal(item?.cluster?.name, "orders");
      const same = await cockroachdb.getInvoice({ invoiceId: draft.invoiceId });
      assert.deepEqual(same.periodStart, draft.periodStart);
    });

    it("read every part of an invoice", async () => {
      const total = { amount: 1.5, currency: "USD" as const };
      const credits = { amount: 2, currency: "CRDB_CLOUD_CREDITS" as const };
      const folder = {
        resource_id: missingId,
        resource_type: "FOLDER" as const,
        parent_id: "root",
        organization_id: lab.emulator.organization.id,
        name: "team",
        path: [{ id: "root", name: "root" }],
        labels: { a: "b" },
      };
      const cluster = lab.basic("orders");
      const { invoice_id: invoiceId } = lab.emulator.organization.addInvoice({
        totals: [total, credits],
        balances: [credits],
        adjustments: [{ name: "discount", amount: total }],
        invoice_items: [
          {
            cluster,
            totals: [total],
            line_items: [
              {
                description: "Storage",
                quantity: 3,
                quantity_unit: "GIB_HOURS",
                unit_cost: 0.5,
                total,
              },
            ],
          },
        ],
        ...({ folder_resources: [folder] } as object),
      });
      const invoice = await cockroachdb.getInvoice({ invoiceId });
      assert.deepEqual(invoice.totals, [total, credits]);
      assert.deepEqual(invoice.balances, [credits]);
      assert.deepEqual(invoice.adjustments, [{ name: "discount", amount: total }]);
      const [item] = invoice.invoiceItems;
      assert.equal(item?.cluster?.id, cluster.id);
      assert.deepEqual(item?.lineItems, [
        { description: "Storage", quantity: 3, quantityUnit: "GIB_HOURS", unitCost: 0.5, total },
      ]);
      assert.deepEqual(invoice.folderResources, [
        {
          resourceId: missingId,
          resourceType: "FOLDER",
          parentId: "root",
          organizationId: lab.emulator.organization.id,
          name: "team",
          path: [{ id: "root", name: "root" }],
          labels: { a: "b" },
        },
      ]);
    });

    it("say which invoice there is not", async () => {
      await assert.rejects(cockroachdb.getInvoice({ invoiceId: missingId }), (error: Error) => {
        assert.match(error.message, new RegExp(`^Reading invoice ${missingId} failed: 404`));
        return isNotFound(error);
      });
      await assert.rejects(cockroachdb.getInvoice({ invoiceId: "" }), {
        message: "getInvoice needs invoiceId, the id of an invoice.",
      });
    });

    it("read the organization", async () => {
      const organization = await cockroachdb.getOrganization();
      assert.equal(organization.id, lab.emulator.organization.id);
      assert.equal(organization.name, lab.emulator.organization.name);
      assert.ok(organization.label);
      assert.ok(organization.cockroachCloudServicePrincipals?.aws?.userArn);
    });
  });
});
