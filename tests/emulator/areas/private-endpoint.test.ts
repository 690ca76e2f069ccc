import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import { manualClock } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { advanced, assertRefused, basic, bodyOf, minute, standard, startQuick } from "../caller";

async function started(cluster: object, options: EmulatorOptions = {}) {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  const { emulator, api } = await startQuick({ clock, ...options });
  const { id } = emulator.clusters.create(cluster);
  const networking = `/clusters/${id}/networking`;
  return {
    emulator,
    api,
    id,
    clock,
    cluster: `/clusters/${id}`,
    services: `${networking}/private-endpoint-services`,
    connections: `${networking}/private-endpoint-connections`,
    awsConnections: `${networking}/aws-endpoint-connections`,
    owners: `${networking}/private-endpoint-trusted-owners`,
  };
}

async function withServices(provider = "AWS", options: EmulatorOptions = {}) {
  const api = await started(advanced("orders", {}, provider), options);
  bodyOf(await api.api.post(api.services, {}));
  await api.clock.advance(5 * minute);
  return api;
}

function statuses(body: object, list: string): string[] {
  return (body as Record<string, { status: string }[]>)[list]?.map(({ status }) => status) ?? [];
}

describe("Private endpoint services", () => {
  checkEmulators();

  it("are created by a request, one for each region, and are the same after a second one", async () => {
    const { api, services, cluster, clock } = await started(advanced("orders"));
    assert.deepEqual(bodyOf(await api.get(services)), { services: [] });
    assert.equal(bodyOf(await api.get(cluster))["regions"][0].private_endpoint_dns, "");
    assert.deepEqual(statuses(bodyOf(await api.post(services, {})), "services"), ["CREATING"]);
    await clock.advance(5 * minute);
    const created = bodyOf(await api.get(services));
    assert.deepEqual(statuses(created, "services"), ["AVAILABLE"]);
    assert.deepEqual(bodyOf(await api.post(services, {})), created);
    assert.notEqual(bodyOf(await api.get(cluster))["regions"][0].private_endpoint_dns, "");
  });

  it("have the names of their cloud, and the zones of the region on AWS", async () => {
    const aws = await withServices("AWS");
    const [service] = bodyOf(await aws.api.get(aws.services))["services"];
    assert.match(service.endpoint_service_id, /^vpce-svc-[0-9a-f]{17}$/);
    assert.equal(service.name, `com.amazonaws.vpce.us-east-1.${service.endpoint_service_id}`);
    assert.deepEqual(service.availability_zone_ids, ["use1-az1", "use1-az2", "use1-az3"]);
    assert.equal(service.aws.service_name, service.name);
    const gcp = await withServices("GCP");
    const [attachment] = bodyOf(await gcp.api.get(gcp.services))["services"];
    assert.match(attachment.endpoint_service_id, /^projects\/.*\/serviceAttachments\//);
    assert.equal(attachment.aws, undefined);
  });

  it("are there by themselves on Standard clusters and never on Basic ones", async () => {
    const onStandard = await started(standard("orders"));
    assert.deepEqual(statuses(bodyOf(await onStandard.api.get(onStandard.services)), "services"), [
      "AVAILABLE",
    ]);
    assertRefused(await onStandard.api.post(onStandard.services, {}), 400, 9);
    const onBasic = await started(basic("orders"));
    assert.deepEqual(bodyOf(await onBasic.api.get(onBasic.services)), { services: [] });
    const without = await started(standard("orders"), {
      assumptions: { standardPrivateEndpoints: false },
    });
    assert.deepEqual(bodyOf(await without.api.get(without.services)), { services: [] });
  });

  it("of Standard clusters follow their regions, with a private host name in each", async () => {
    const { emulator, api, id, cluster, services } = await started(standard("orders"));
    const hosts = async () =>
      bodyOf(await api.get(cluster))["regions"].map(
        (region: { private_endpoint_dns: string; sql_dns: string }) =>
          region.private_endpoint_dns === `private-${region.sql_dns}`,
      );
    assert.deepEqual(await hosts(), [true]);
    const regions = ["us-east1", "us-west2"];
    bodyOf(await api.patch(cluster, { serverless: { regions, primary_region: "us-east1" } }));
    const both = bodyOf(await api.get(services));
    assert.deepEqual(statuses(both, "services"), ["AVAILABLE", "AVAILABLE"]);
    assert.deepEqual(await hosts(), [true, true]);
    emulator.clusters.edit(id, { plan: "BASIC" });
    assert.deepEqual(bodyOf(await api.get(services)), { services: [] });
    assert.deepEqual(await hosts(), [false, false]);
  });

  it("of Standard clusters need several regions where the assumption says so", async () => {
    const { api, cluster, services } = await started(standard("orders"), {
      assumptions: { standardPrivateEndpoints: "multi-region-only" },
    });
    assert.deepEqual(bodyOf(await api.get(services)), { services: [] });
    const regions = ["us-east1", "us-west2"];
    bodyOf(await api.patch(cluster, { serverless: { regions, primary_region: "us-east1" } }));
    assert.equal(bodyOf(await api.get(services))["services"].length, 2);
  });

  it("of a region that is added are created by the next request, or by themselves", async () => {
    for (const [newRegionService, before] of [
      ["on-post", ["AVAILABLE"]],
      ["automatic", ["AVAILABLE", "CREATING"]],
    ] as const) {
      const subject = await withServices("AWS", { assumptions: { newRegionService } });
      const { emulator, api, id, services, clock } = subject;
      emulator.clusters.edit(id, { regionNodes: { "us-east-1": 3, "us-west-2": 3 } });
      assert.deepEqual(statuses(bodyOf(await api.get(services)), "services"), before);
      const after = bodyOf(await api.post(services, {}));
      assert.deepEqual(statuses(after, "services"), ["AVAILABLE", "CREATING"]);
      await clock.advance(5 * minute);
      assert.deepEqual(statuses(bodyOf(await api.get(services)), "services"), [
        "AVAILABLE",
        "AVAILABLE",
      ]);
    }
  });

  it("are in the audit log when some were created", async () => {
    const { emulator, api, services } = await withServices();
    bodyOf(await api.post(services, {}));
    const created = emulator.organization
      .auditLog()
      .filter(({ action }) => action === "AUDIT_LOG_ACTION_CREATE_PRIVATE_LINK");
    assert.equal(created.length, 1);
    // Still being created, or available: nothing is created again.
    bodyOf(await api.post(services, {}));
    assert.equal(emulator.organization.auditLog().length, 1);
  });

  it("are in the audit log once, also while they are being created", async () => {
    const { emulator, api, services } = await started(advanced("orders"));
    bodyOf(await api.post(services, {}));
    bodyOf(await api.post(services, {}));
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action),
      ["AUDIT_LOG_ACTION_CREATE_PRIVATE_LINK"],
    );
  });

  it("fail where a failing job was queued, and are not created on a locked cluster", async () => {
    const { emulator, api, id, services, clock } = await started(advanced("orders"));
    emulator.clusters.lock(id);
    assertRefused(await api.post(services, {}), 503, 14);
    emulator.clusters.unlock(id);
    emulator.faults.failNextJob();
    bodyOf(await api.post(services, {}));
    await clock.advance(5 * minute);
    assert.deepEqual(statuses(bodyOf(await api.get(services)), "services"), ["CREATE_FAILED"]);
  });
});

describe("Private endpoint connections", () => {
  checkEmulators();

  it("need a service that is available", async () => {
    const { api, connections } = await started(advanced("orders"));
    assertRefused(await api.post(connections, { endpoint_id: "vpce-1" }), 400, 9);
  });

  it("are pending, then available, then rejected after a deletion while the endpoint exists", async () => {
    const { emulator, api, id, connections, clock } = await withServices();
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "vpce-1" });
    const listed = async () => statuses(bodyOf(await api.get(connections)), "connections");
    assert.deepEqual(await listed(), ["STATUS_PENDING_ACCEPTANCE"]);
    const added = bodyOf(await api.post(connections, { endpoint_id: "vpce-1" }));
    assert.equal(added["status"], "STATUS_PENDING");
    await clock.advance(minute);
    assert.deepEqual(await listed(), ["STATUS_AVAILABLE"]);
    bodyOf(await api.delete(`${connections}/vpce-1`));
    assert.deepEqual(await listed(), ["STATUS_DELETING"]);
    await clock.advance(minute);
    assert.deepEqual(await listed(), ["STATUS_REJECTED"]);
    bodyOf(await api.post(connections, { endpoint_id: "vpce-1" }));
    assert.deepEqual(await listed(), ["STATUS_REJECTED"]);
    await clock.advance(2_000);
    assert.deepEqual(await listed(), ["STATUS_PENDING"]);
    await clock.advance(minute);
    assert.deepEqual(await listed(), ["STATUS_AVAILABLE"]);
  });

  it("show the account of whoever has made the endpoint, in both lists of AWS", async () => {
    const { emulator, api, id, connections, awsConnections } = await withServices();
    const ownerId = "123456789012";
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "vpce-1", ownerId });
    for (const list of [connections, awsConnections]) {
      const [one] = bodyOf(await api.get(list))["connections"];
      assert.equal(one["external_owner_id"], ownerId);
    }
  });

  it("of GCP are listed only while they are accepted", async () => {
    const { emulator, api, id, connections, clock } = await withServices("GCP");
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "6133183410995353" });
    assert.deepEqual(bodyOf(await api.get(connections)), { connections: [] });
    bodyOf(await api.post(connections, { endpoint_id: "6133183410995353" }));
    await clock.advance(minute);
    bodyOf(await api.delete(`${connections}/6133183410995353`));
    await clock.advance(minute);
    assert.deepEqual(bodyOf(await api.get(connections)), { connections: [] });
  });

  it("of GCP stand for their VPC, whose other endpoints are available by themselves", async () => {
    const { emulator, api, id, connections, clock } = await withServices("GCP");
    const listed = async () =>
      bodyOf(await api.get(connections))
        ["connections"].map((one: { endpoint_id: string; status: string }) =>
          [one.endpoint_id, one.status].join(" "),
        )
        .sort();
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "1" });
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "2", sameVpcAs: "1" });
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "3" });
    bodyOf(await api.post(connections, { endpoint_id: "1" }));
    assert.deepEqual(await listed(), ["1 STATUS_PENDING"]);
    await clock.advance(minute);
    assert.deepEqual(await listed(), ["1 STATUS_AVAILABLE", "2 STATUS_AVAILABLE"]);
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "4", sameVpcAs: "2" });
    assert.equal((await listed()).at(-1), "4 STATUS_AVAILABLE");
  });

  it("are listed in no order that a client could rely on", async () => {
    const { emulator, api, id, connections } = await withServices();
    const ids = ["vpce-1", "vpce-2", "vpce-3", "vpce-4", "vpce-5"];
    for (const endpointId of ids) {
      emulator.privateEndpointConnections.createEndpoint(id, { endpointId });
    }
    const listed = bodyOf(await api.get(connections))["connections"].map(
      (one: { endpoint_id: string }) => one.endpoint_id,
    );
    assert.deepEqual([...listed].sort(), ids);
    assert.notDeepEqual(listed, ids);
  });

  it("name their region and their first status as the assumptions say", async () => {
    for (const [connectionRegionKey, names] of [
      ["region_name", ["region_name"]],
      ["region", ["region"]],
      ["none", []],
    ] as const) {
      const { api, connections } = await withServices("AWS", {
        assumptions: { connectionRegionKey, acceptedEndpointStatus: "PENDING_ACCEPTANCE" },
      });
      // The document has only one of the names.
      const response = await api.post(connections, { endpoint_id: "vpce-1" });
      const keys = Object.keys(bodyOf(response)).filter((key) => key.startsWith("region"));
      assert.deepEqual(keys, names);
      assert.equal(bodyOf(response).status, "STATUS_PENDING_ACCEPTANCE");
      const [listed] = bodyOf(await api.get(connections))["connections"];
      assert.equal(listed.status, "STATUS_PENDING");
    }
  });

  it("of Azure are found in any case, by an id whose slashes are encoded", async () => {
    const { api, connections, clock } = await withServices("AZURE");
    const endpointId = "/subscriptions/1/privateEndpoints/App";
    bodyOf(await api.post(connections, { endpoint_id: endpointId }));
    await clock.advance(minute);
    const lower = encodeURIComponent(endpointId.toLowerCase());
    assert.deepEqual(bodyOf(await api.delete(`${connections}/${lower}`)), {});
    assertRefused(await api.delete(`${connections}${endpointId}`), 404, 5);
  });

  it("are stale when the customer has deleted the endpoint, until they are deleted", async () => {
    const { emulator, api, id, connections, awsConnections } = await withServices();
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "vpce-1" });
    emulator.privateEndpointConnections.deleteEndpoint(id, "vpce-1");
    assert.deepEqual(statuses(bodyOf(await api.get(connections)), "connections"), ["STATUS_STALE"]);
    assert.deepEqual(bodyOf(await api.get(awsConnections)), { connections: [] });
    bodyOf(await api.delete(`${connections}/vpce-1`));
    assert.deepEqual(bodyOf(await api.get(connections)), { connections: [] });
    assertRefused(await api.delete(`${connections}/vpce-1`), 404, 5);
  });

  it("expire when nobody accepts them", async () => {
    const { emulator, api, id, connections, clock } = await withServices();
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "vpce-1" });
    await clock.advance(7 * 24 * 60 * minute);
    assert.deepEqual(statuses(bodyOf(await api.get(connections)), "connections"), [
      "STATUS_EXPIRED",
    ]);
  });

  it("are accepted and rejected in the list of AWS too, whose response has the status before", async () => {
    const { emulator, api, id, connections, awsConnections, clock } = await withServices();
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: "vpce-1" });
    const set = (status: string) => api.patch(`${awsConnections}/vpce-1`, { status });
    assert.equal(bodyOf(await set("AVAILABLE"))["status"], "PENDING_ACCEPTANCE");
    await clock.advance(minute);
    assert.equal(bodyOf(await set("REJECTED"))["status"], "AVAILABLE");
    await clock.advance(minute);
    assert.deepEqual(statuses(bodyOf(await api.get(awsConnections)), "connections"), ["REJECTED"]);
    assert.deepEqual(statuses(bodyOf(await api.get(connections)), "connections"), [
      "STATUS_REJECTED",
    ]);
    assertRefused(await set("PENDING"), 400, 3);
    assertRefused(await api.patch(`${awsConnections}/vpce-2`, { status: "REJECTED" }), 404, 5);
  });

  for (const [provider, wrong, right] of [
    ["AWS", ["endpoint-1", "VPCE-1", "12345"], "vpce-0123456789abcdef0"],
    ["GCP", ["vpce-1", "psc-1"], "6133183410995353"],
  ] as const) {
    it(`of an endpoint that no control has made need an id as ${provider} has them`, async () => {
      const { api, connections } = await withServices(provider);
      for (const endpoint_id of wrong) {
        assertRefused(await api.post(connections, { endpoint_id }), 400, 3, /no id of an endpoint/);
      }
      bodyOf(await api.post(connections, { endpoint_id: right }));
    });
  }

  it("of an endpoint that no control has made are refused if so configured", async () => {
    const { api, connections } = await withServices("AWS", {
      assumptions: { unknownEndpoint: { status: 400, code: 3 } },
    });
    assertRefused(await api.post(connections, { endpoint_id: "vpce-1" }), 400, 3);
  });
});

describe("Private endpoint trusted owners", () => {
  checkEmulators();
  const account = { type: "AWS_ACCOUNT_ID", external_owner_id: "012345678901" };

  it("are added, read and removed", async () => {
    const { api, owners } = await started(advanced("orders"));
    assert.deepEqual(bodyOf(await api.get(owners)), { trusted_owners: [] });
    const { trusted_owner: owner } = bodyOf(await api.post(owners, account));
    assert.deepEqual(bodyOf(await api.get(`${owners}/${owner.id}`)), { trusted_owner: owner });
    assertRefused(await api.post(owners, account), 409, 6);
    assert.deepEqual(bodyOf(await api.delete(`${owners}/${owner.id}`)), { trusted_owner: owner });
    assertRefused(await api.get(`${owners}/${owner.id}`), 404, 5);
  });

  it("are added once, and listed when there are none, as the assumptions say", async () => {
    const { api, owners } = await started(advanced("orders"), {
      assumptions: { duplicateTrustedOwner: "same-entry", emptyTrustedOwners: "absent" },
    });
    assert.deepEqual(bodyOf(await api.get(owners)), {});
    const body = { type: "AWS_ACCOUNT_ID", external_owner_id: "123456789012" };
    const added = bodyOf(await api.post(owners, body));
    assert.deepEqual(bodyOf(await api.post(owners, body)), added);
    assert.equal(bodyOf(await api.get(owners))["trusted_owners"].length, 1);
  });

  it("decide whose endpoints can be accepted", async () => {
    const { emulator, api, id, owners, connections } = await withServices();
    for (const [endpointId, ownerId] of [
      ["vpce-1", "012345678901"],
      ["vpce-2", "999999999999"],
    ] as const) {
      emulator.privateEndpointConnections.createEndpoint(id, { endpointId, ownerId });
    }
    bodyOf(await api.post(owners, account));
    assertRefused(await api.post(connections, { endpoint_id: "vpce-2" }), 400, 9);
    bodyOf(await api.post(connections, { endpoint_id: "vpce-1" }));
  });

  for (const [what, body] of [
    ["no account", { type: "AWS_ACCOUNT_ID", external_owner_id: "12345" }],
    ["a number", { type: "AWS_ACCOUNT_ID", external_owner_id: 123456789012 }],
    ["no type", { external_owner_id: "012345678901" }],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { api, owners } = await started(advanced("orders"));
      assertRefused(await api.post(owners, body), 400, 3);
    });
  }

  it("need an Advanced cluster on AWS and an organization that has them", async () => {
    const onGcp = await started(advanced("orders", {}, "GCP"));
    assertRefused(await onGcp.api.post(onGcp.owners, account), 400, 9);
    const without = await started(advanced("orders"), { assumptions: { hasTrustedOwners: false } });
    assertRefused(await without.api.post(without.owners, account), 403, 7);
  });
});
