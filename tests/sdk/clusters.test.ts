import assert from "node:assert/strict";
import type { CreateClusterRequest, RequestError, UpdateClusterRequest } from "../../sdk";
import {
  CloudApiError,
  isNotFound,
  PermissionDeniedError,
  UnexpectedResponseError,
} from "../../sdk";
import type { ClientUnderTest } from "./client-under-test";
import { all, clientOf, creation, wireCluster } from "./client-under-test";
import type { LocalServer, Responder } from "./local-server";
import { closeServers, failure, json, localServer, reset, text } from "./local-server";

const id = wireCluster.id;

async function setUp(
  ...responses: Responder[]
): Promise<ClientUnderTest & { server: LocalServer }> {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

const sentBody = (server: LocalServer): unknown => JSON.parse(server.received[0]?.body ?? "");

describe("Clusters", () => {
  afterEach(closeServers);

  describe("reading", () => {
    it("takes missing, null and zero members for the same", async () => {
      const { id: itsId, name, plan, cloud_provider, state } = wireCluster;
      const bare = { id: itsId, name, plan, cloud_provider, state };
      const nulls = Object.fromEntries(
        ["config", "regions", "labels", "deleted_at", "parent_id", "account_id", "updated_at"].map(
          (member) => [member, null],
        ),
      );
      const zeros = { ...bare, config: {}, regions: [], labels: {}, parent_id: "", account_id: "" };
      const { client, run } = await setUp(
        json(200, bare),
        json(200, { ...bare, ...nulls }),
        json(200, zeros),
      );
      const fromBare = await run(client.clusters.get(id));
      assert.deepEqual(await run(client.clusters.get(id)), fromBare);
      assert.deepEqual(await run(client.clusters.get(id)), fromBare);
      assert.equal(fromBare.parent_id, "");
      assert.equal("deleted_at" in fromBare, false);
      assert.deepEqual(fromBare.config, {});
    });

    it("tolerates members and enumeration values that it does not know", async () => {
      const newer = { ...wireCluster, state: "HIBERNATING", plan: "GALACTIC", warp: { factor: 9 } };
      const { client, run } = await setUp(json(200, newer));
      const cluster = await run(client.clusters.get(id));
      assert.equal(cluster.state, "HIBERNATING");
      assert.equal(cluster.plan, "GALACTIC");
    });

    for (const [title, limits, expected] of [
      [
        "strings",
        { request_unit_limit: "50000000", storage_mib_limit: "5242880" },
        [50_000_000, 5_242_880],
      ],
      ["numbers", { request_unit_limit: 50, storage_mib_limit: 5 }, [50, 5]],
      [
        "zero as no limit",
        { request_unit_limit: "0", storage_mib_limit: 0 },
        [undefined, undefined],
      ],
      ["null as no limit", { request_unit_limit: null }, [undefined, undefined]],
    ] as const) {
      it(`reads limits given as ${title}`, async () => {
        const serverless = { ...wireCluster.config.serverless, usage_limits: limits };
        const { client, run } = await setUp(json(200, { ...wireCluster, config: { serverless } }));
        const read = (await run(client.clusters.get(id))).config.serverless?.usage_limits;
        assert.deepEqual([read?.request_unit_limit, read?.storage_mib_limit], expected);
      });
    }

    it("reads a limit beyond exact numbers as the nearest one", async () => {
      const serverless = { usage_limits: { request_unit_limit: "9223372036854775807" } };
      const { client, run } = await setUp(json(200, { ...wireCluster, config: { serverless } }));
      const read = (await run(client.clusters.get(id))).config.serverless?.usage_limits;
      assert.equal(read?.request_unit_limit, 2 ** 63);
    });

    for (const limit of ["18446744073709551615", "1.5", "many", 1e300]) {
      it(`refuses the limit ${limit}`, async () => {
        const serverless = { usage_limits: { request_unit_limit: limit } };
        const { client, fail } = await setUp(json(200, { ...wireCluster, config: { serverless } }));
        assert.ok(UnexpectedResponseError.isInstance(await fail(client.clusters.get(id))));
      });
    }

    it("finds a deleted cluster in its state", async () => {
      const deleted = { ...wireCluster, state: "DELETED", deleted_at: "2026-01-01T00:00:00Z" };
      const { client, run } = await setUp(json(200, deleted));
      const cluster = await run(client.clusters.get(id));
      assert.equal(cluster.state, "DELETED");
      assert.equal(cluster.deleted_at, "2026-01-01T00:00:00Z");
    });

    it("names the roles that a 403 asks for, and does not repeat", async () => {
      const { client, fail, server } = await setUp(failure(403, 7, "unauthorized"));
      const error = await fail(client.clusters.delete(id));
      assert.ok(PermissionDeniedError.isInstance(error));
      assert.match(error.message, /It requires the role Cluster Admin on the organization/);
      assert.equal(server.received.length, 1);
    });
  });

  const others: [string, object][] = [
    ["name", { name: "invoices" }],
    ["plan", { plan: "STANDARD" }],
    ["cloud_provider", { cloud_provider: "AWS" }],
  ];
  for (const [member, other] of others) {
    it(`are not taken for another one that a server made, with its own ${member}`, async () => {
      const { client, fail, server } = await setUp(json(200, { ...wireCluster, ...other }));
      const { message } = (await fail(client.clusters.create(creation))) as Error;
      assert.ok(message.includes(`(${member}: is another cluster's)`), message);
      assert.match(message, /may have taken effect/);
      assert.equal(server.received.length, 1);
    });
  }

  it("are not taken for another one that was not asked for, however the id is spelled", async () => {
    const other = { ...wireCluster, id: "00000000-0000-4000-8000-000000000002" };
    const spelled = { ...wireCluster, id: id.toUpperCase() };
    const { client, run, fail } = await setUp(json(200, other), json(200, spelled));
    assert.match(String(await fail(client.clusters.get(id))), /\(id: is another cluster's\)/);
    assert.equal((await run(client.clusters.get(id))).id, id.toUpperCase());
  });

  describe("creating", () => {
    it("sends limits as strings, inside of spec", async () => {
      const { client, run, server } = await setUp(json(200, { ...wireCluster, plan: "STANDARD" }));
      const serverless = { regions: ["r"], usage_limits: { provisioned_virtual_cpus: 2 } };
      const spec = { plan: "STANDARD", serverless };
      await run(client.clusters.create({ name: "orders", provider: "GCP", spec }));
      assert.deepEqual(sentBody(server), {
        name: "orders",
        provider: "GCP",
        spec: {
          plan: "STANDARD",
          serverless: { regions: ["r"], usage_limits: { provisioned_virtual_cpus: "2" } },
        },
      });
    });

    it("sends machines by region in place of one for all", async () => {
      const { client, run, server } = await setUp(
        json(200, { ...wireCluster, plan: "ADVANCED", cloud_provider: "AWS" }),
      );
      const body: CreateClusterRequest = {
        name: "orders",
        provider: "AWS",
        spec: {
          plan: "ADVANCED",
          dedicated: {
            region_nodes: { "us-east-1": 3 },
            region_machine_specs: { "us-east-1": { machine_type: "m6i.xlarge" } },
            hardware: { storage_gib: 35 },
          },
        },
      };
      await run(client.clusters.create(body));
      assert.deepEqual(sentBody(server), body);
    });

    for (const limit of [2 ** 53, 1.5, Number.NaN]) {
      it(`refuses the limit ${limit} before anything is sent`, async () => {
        const { client, fail, server } = await setUp(json(200, wireCluster));
        const serverless = { regions: ["r"], usage_limits: { request_unit_limit: limit } };
        const body = { ...creation, spec: { ...creation.spec, serverless } };
        const error = await fail(client.clusters.create(body));
        assert.ok(error instanceof RangeError);
        assert.match(error.message, /request_unit_limit/);
        assert.equal(server.received.length, 0);
      });
    }

    it("names the cluster in its errors", async () => {
      const { client, fail } = await setUp(
        failure(409, 6, "already exists", { "Cc-Trace-Id": "t1" }),
      );
      const error = await fail(client.clusters.create(creation));
      assert.equal(
        (error as Error).message,
        'Creating cluster "orders" failed: 409 already exists (request id t1).',
      );
    });
  });

  it("say in an error what was being done, and to what", async () => {
    const { client, fail } = await setUp(failure(400, 3, "no"));
    const said = async (call: Promise<unknown>) => {
      const { operation, object } = (await fail(call)) as RequestError;
      return [operation, object];
    };
    const one = `cluster ${id}`;
    assert.deepEqual(await said(client.clusters.get(id)), [`Reading ${one}`, one]);
    assert.deepEqual(await said(client.clusters.update(id, {})), [`Updating ${one}`, one]);
    assert.deepEqual(await said(client.clusters.delete(id)), [`Deleting ${one}`, one]);
    assert.deepEqual(await said(all(client.clusters.list())), ["Listing clusters", "clusters"]);
  });

  describe("updating", () => {
    const bodies: [UpdateClusterRequest, unknown?][] = [
      [{ serverless: { usage_limits: {} } }],
      [{ labels: {} }],
      [
        { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: 4 } } },
        { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "4" } } },
      ],
      [{ cockroach_version: "v25.4" }],
      [{ upgrade_status: "FINALIZED" }],
      [{ delete_protection: "ENABLED", parent_id: "root" }],
      [{ serverless: { regions: ["a", "b"], primary_region: "a", upgrade_type: "MANUAL" } }],
      [
        {
          dedicated: {
            region_machine_specs: {
              "us-east-1": { num_virtual_cpus: 8 },
              "us-west-2": { machine_type: "m6i.xlarge" },
            },
          },
        },
      ],
      [
        {
          dedicated: {
            region_nodes: { "us-east-1": 3 },
            hardware: { machine_spec: { num_virtual_cpus: 8 }, storage_gib: 150, disk_iops: 0 },
            cmek_region_specs: [
              { region: "r", key_spec: { type: "AWS_KMS", uri: "u", auth_principal: "p" } },
            ],
          },
        },
      ],
    ];
    for (const [body, sent = body] of bodies) {
      it(`sends ${JSON.stringify(sent)}`, async () => {
        const { client, run, server } = await setUp(json(200, wireCluster));
        await run(client.clusters.update(id, body));
        assert.deepEqual(sentBody(server), sent);
        assert.equal(server.received[0]?.method, "PATCH");
      });
    }
  });

  describe("deleting", () => {
    it("returns the deleted cluster", async () => {
      const { client, run } = await setUp(json(200, { ...wireCluster, state: "DELETED" }));
      assert.equal((await run(client.clusters.delete(id)))?.state, "DELETED");
    });

    for (const [title, response] of [
      ["{}", json(200, {})],
      ["nothing", text(200, "")],
    ] as const) {
      it(`succeeds when the response is ${title}`, async () => {
        const { client, run, server } = await setUp(response);
        assert.equal(await run(client.clusters.delete(id)), undefined);
        assert.equal(server.received.length, 1);
      });
    }

    it("succeeds when a repeat finds the cluster deleted", async () => {
      const { client, run, server } = await setUp(reset, failure(404, 5, "not found"));
      assert.equal(await run(client.clusters.delete(id)), undefined);
      assert.equal(server.received.length, 2);
    });

    it("does not take a page of something else for a deletion", async () => {
      const { client, fail, server } = await setUp(text(200, "<html>"));
      const error = await fail(client.clusters.delete(id));
      assert.ok(UnexpectedResponseError.isInstance(error), String(error));
      assert.match(error.message, /does not look like the CockroachDB Cloud API/);
      assert.ok(server.received.length > 5);
      const other = await setUp(text(200, "<html>"), failure(404, 5, "not found"));
      assert.equal(await other.run(other.client.clusters.delete(id)), undefined);
    });

    it("does not take somebody else's 404 for one that is deleted", async () => {
      const { client, fail } = await setUp(text(404, "<html>"));
      const error = await fail(client.clusters.delete(id));
      assert.ok(CloudApiError.isInstance(error) && !isNotFound(error), String(error));
    });

    it("says so when the cluster was never there", async () => {
      const { client, fail } = await setUp(failure(404, 5, "not found"));
      assert.ok(isNotFound(await fail(client.clusters.delete(id))));
    });

    it("says so when it is not there after a try that had no effect", async () => {
      const slow = failure(429, 8, "rate limit exceeded");
      const { client, fail } = await setUp(slow, failure(404, 5, "not found"));
      assert.ok(isNotFound(await fail(client.clusters.delete(id))));
    });

    for (const empty of ["", ".", ".."]) {
      it(`refuses the id ${JSON.stringify(empty)} before anything is sent`, async () => {
        const { client, fail, server } = await setUp(json(200, {}));
        assert.ok((await fail(client.clusters.delete(empty))) instanceof TypeError);
        assert.equal(server.received.length, 0);
      });
    }
  });

  describe("listing", () => {
    const page = (names: string[], next?: string | null) =>
      json(200, {
        clusters: names.map((name) => ({ ...wireCluster, name })),
        pagination: next === undefined ? null : { next_page: next, previous_page: null },
      });

    it("reads all pages, 500 at a time", async () => {
      const { client, run, server } = await setUp(page(["a", "b"], "t&1"), page(["c"], ""));
      const clusters = await run(all(client.clusters.list()));
      assert.deepEqual(
        clusters.map(({ name }) => name),
        ["a", "b", "c"],
      );
      assert.deepEqual(
        server.received.map(({ url }) => url),
        [
          "/api/v1/clusters?pagination.limit=500",
          "/api/v1/clusters?pagination.limit=500&pagination.page=t%261",
        ],
      );
    });

    for (const next of [undefined, null, ""]) {
      it(`ends at the next page ${JSON.stringify(next)}`, async () => {
        const { client, run, server } = await setUp(page(["a"], next));
        assert.equal((await run(all(client.clusters.list()))).length, 1);
        assert.equal(server.received.length, 1);
      });
    }

    it("asks for no more pages than are read", async () => {
      const { client, run, server } = await setUp(page(["a", "b"], "next"));
      const first = async () => {
        for await (const cluster of client.clusters.list()) return cluster.name;
        return undefined;
      };
      assert.equal(await run(first()), "a");
      assert.equal(server.received.length, 1);
    });

    it("fails on a list that does not end", async () => {
      const { client, fail } = await setUp(page(["a"], "again"));
      const error = await fail(all(client.clusters.list()));
      assert.ok(UnexpectedResponseError.isInstance(error));
      assert.match(error.message, /the list has no end/);
    });

    it("does not take a response without a list for an empty one", async () => {
      const { client, fail } = await setUp(json(200, {}));
      assert.ok(UnexpectedResponseError.isInstance(await fail(all(client.clusters.list()))));
    });
  });

  it("lists the regions of Basic and Standard when asked to", async () => {
    const { client, run, server } = await setUp(json(200, { regions: [] }));
    const query = { provider: "AWS", serverless: true } as const;
    assert.deepEqual(await run(all(client.clusters.listAvailableRegions(query))), []);
    assert.equal(
      server.received[0]?.url,
      "/api/v1/clusters/available-regions?provider=AWS&serverless=true&pagination.limit=500",
    );
  });
});
