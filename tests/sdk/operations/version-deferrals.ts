import type { WireVersionDeferral } from "../../../sdk";
import type { versionDeferralSchema } from "../../../sdk/resources/version-deferrals";
import { advanced } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const deferral = { deferral_policy: "DEFERRAL_30_DAYS", deferred_until: "2026-03-01T00:00:00Z" };

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof versionDeferralSchema, WireVersionDeferral>],

  operations: [
    {
      name: "versionDeferrals.get",
      operation: "Reading the version deferral of cluster c/1",
      object: "the version deferral of cluster c/1",
      call: ({ versionDeferrals }) => versionDeferrals.get(id),
      method: "GET",
      template: `${ofCluster}/version-deferral`,
      url: `${base}/version-deferral`,
      response: { deferral_policy: "NOT_DEFERRED", deferred_until: null },
      result: { deferral_policy: "NOT_DEFERRED" },
    },
    {
      name: "versionDeferrals.set",
      operation: "Setting the version deferral of cluster c/1",
      object: "the version deferral of cluster c/1",
      call: ({ versionDeferrals }) => versionDeferrals.set(id, "DEFERRAL_30_DAYS"),
      method: "PUT",
      template: `${ofCluster}/version-deferral`,
      url: `${base}/version-deferral`,
      body: { deferral_policy: "DEFERRAL_30_DAYS" },
      response: deferral,
      result: deferral,
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await client.versionDeferrals.set(id, "DEFERRAL_30_DAYS");
    await client.versionDeferrals.get(id);
  },
};
