// What functions make of the responses of the API.

import assert from "node:assert/strict";
import * as cockroachdb from "../../../provider/functions/index";
import { checkEmulators } from "../../support/emulator";
import { labForEachTest, missingId } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("translate", () => {
    const amount = { amount: 1, currency: "USD" };
    const rows: [string, string, object, () => Promise<unknown>, unknown][] = [
      [
        "an organization",
        "GetOrganizationInfo",
        {
          id: missingId,
          label: "acme",
          name: "Acme",
          created_at: "2026-01-02T03:04:05Z",
          cockroach_cloud_service_principals: {
            aws: { user_arn: "arn" },
            gcp: { service_account_email: "a@b" },
            azure: { app_registration_client_id: "client", app_registration_name: "app" },
          },
        },
        () => cockroachdb.getOrganization(),
        {
          id: missingId,
          label: "acme",
          name: "Acme",
          createdAt: "2026-01-02T03:04:05Z",
          cockroachCloudServicePrincipals: {
            aws: { userArn: "arn" },
            gcp: { serviceAccountEmail: "a@b" },
            azure: { appRegistrationClientId: "client", appRegistrationName: "app" },
          },
        },
      ],
      [
        "an organization that trusts nobody",
        "GetOrganizationInfo",
        { id: missingId, cockroach_cloud_service_principals: {} },
        () => cockroachdb.getOrganization(),
        { id: missingId, label: "", name: "", cockroachCloudServicePrincipals: {} },
      ],
      [
        "an organization of which little is returned",
        "GetOrganizationInfo",
        { id: missingId },
        () => cockroachdb.getOrganization(),
        { id: missingId, label: "", name: "" },
      ],
      [
        "major versions",
        "ListMajorClusterVersions",
        {
          versions: [
            {
              version: "v25.2",
              release_type: "REGULAR",
              support_status: "SUPPORTED",
              support_end: "2027-01-01T00:00:00Z",
              allowed_upgrades: ["v25.4"],
            },
            { version: "v26.1", release_type: "INNOVATION", support_status: "PREVIEW" },
          ],
        },
        () => cockroachdb.listMajorClusterVersions(),
        [
          {
            version: "v25.2",
            releaseType: "REGULAR",
            supportStatus: "SUPPORTED",
            supportEnd: "2027-01-01T00:00:00Z",
            allowedUpgrades: ["v25.4"],
          },
          {
            version: "v26.1",
            releaseType: "INNOVATION",
            supportStatus: "PREVIEW",
            allowedUpgrades: [],
          },
        ],
      ],
      [
        "entries of the audit log",
        "ListAuditLogs",
        {
          entries: [
            {
              id: "a",
              action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
              source: "AUDIT_LOG_SOURCE_UI",
              created_at: "2026-01-02T03:04:05Z",
              cluster_id: missingId,
              cluster_name: "orders",
              user_email: "me@example.com",
              service_account_name: "ci",
              payload: "{}",
              error: "no",
              session_id: "session",
              trace_id: "trace",
              metadata: { ip_address: "198.51.100.7" },
            },
            { id: "b", system_actor_name: "SYSTEM_ACTOR_NAME_SYSTEM" },
          ],
        },
        () => cockroachdb.listAuditLogs({ limit: 2 }),
        [
          {
            id: "a",
            action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
            source: "AUDIT_LOG_SOURCE_UI",
            createdAt: "2026-01-02T03:04:05Z",
            clusterId: missingId,
            clusterName: "orders",
            userEmail: "me@example.com",
            serviceAccountName: "ci",
            systemActorName: "",
            payload: "{}",
            error: "no",
            sessionId: "session",
            traceId: "trace",
            metadata: { ipAddress: "198.51.100.7" },
          },
          {
            id: "b",
            action: "",
            source: "",
            clusterId: "",
            clusterName: "",
            userEmail: "",
            serviceAccountName: "",
            systemActorName: "SYSTEM_ACTOR_NAME_SYSTEM",
            payload: "",
            error: "",
            sessionId: "",
            traceId: "",
          },
        ],
      ],
      [
        "what an invoice says about no cluster",
        "GetInvoice",
        {
          invoice_id: missingId,
          period_start: "2026-01-01T00:00:00Z",
          period_end: "2026-02-01T00:00:00Z",
          status: "DRAFT",
          invoice_items: [{ totals: [amount] }],
        },
        () => cockroachdb.getInvoice({ invoiceId: missingId }),
        {
          invoiceId: missingId,
          periodStart: "2026-01-01T00:00:00Z",
          periodEnd: "2026-02-01T00:00:00Z",
          status: "DRAFT",
          totals: [],
          balances: [],
          adjustments: [],
          folderResources: [],
          invoiceItems: [{ totals: [amount], lineItems: [] }],
        },
      ],
      [
        "a deferral of which nothing is returned",
        "GetClusterVersionDeferral",
        { deferral_policy: "DEFERRAL_90_DAYS" },
        () => cockroachdb.getVersionDeferral({ clusterId: missingId }),
        { deferralPolicy: "DEFERRAL_90_DAYS" },
      ],
      [
        "the former name of a deferral",
        "GetClusterVersionDeferral",
        { deferral_policy: "FIXED_DEFERRAL" },
        () => cockroachdb.getVersionDeferral({ clusterId: missingId }),
        { deferralPolicy: "DEFERRAL_60_DAYS" },
      ],
      [
        "encryption that is being enabled",
        "GetCMEKClusterInfo",
        { status: "ENABLING", region_infos: [] },
        () => cockroachdb.getCmekClusterInfo({ clusterId: missingId }),
        { status: "ENABLING", regionInfos: [] },
      ],
    ];
    for (const [title, operation, body, call, expected] of rows) {
      it(title, async () => {
        lab.emulator.faults.add(operation, { status: 200, body });
        assert.deepEqual(await call(), expected);
      });
    }
  });
});
