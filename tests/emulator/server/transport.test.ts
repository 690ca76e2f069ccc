import { strict as assert } from "node:assert";
import { operations } from "../../../emulator/server/operations";
import { checkEmulators } from "../../support/emulator";
import { advanced, assertRefused, basic, bodyOf, callerOf, startQuick } from "../caller";

const unknownId = "00000000-0000-4000-8000-000000000000";

describe("Transport", () => {
  checkEmulators();

  describe("credentials", () => {
    it("are refused with 401 if missing, of another scheme, empty or unknown", async () => {
      const { emulator, api } = await startQuick();
      for (const authorization of ["", "Basic abc", "Bearer", "Bearer ", "Bearer nobody"]) {
        const response = await api.send("GET", "/clusters", undefined, { authorization });
        assertRefused(response, 401, 16);
        assert.equal(response.headers.get("content-type"), "application/json");
      }
      emulator.organization.addKey({ name: "old", secret: "old-secret" });
      bodyOf(await callerOf(emulator, "old-secret").get("/clusters"));
      emulator.organization.revokeKey("old");
      assertRefused(await callerOf(emulator, "old-secret").get("/clusters"), 401, 16);
    });

    it("are refused with 403 if their role does not cover the operation, which has no effect", async () => {
      const { emulator } = await startQuick();
      const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_DEVELOPER" }] });
      assertRefused(
        await callerOf(emulator, secret).post("/clusters", basic("orders")),
        403,
        7,
        "unauthorized",
      );
      assert.deepEqual(emulator.clusters.list(), []);
    });
  });

  describe("Cc-Version and Cc-Trace-Id", () => {
    it("serves and names the latest version without the header", async () => {
      const { api } = await startQuick();
      assert.equal((await api.get("/clusters")).headers.get("cc-version"), "2026-09-15");
    });

    const known = ["2022-03-31", "2022-09-20", "2023-04-10", "2024-09-16", "2026-09-15"];

    it("echoes a known version", async () => {
      const { api } = await startQuick();
      for (const version of known) {
        const response = await api.send("GET", "/clusters", undefined, { "cc-version": version });
        assert.equal(response.headers.get("cc-version"), version);
        bodyOf(response);
      }
    });

    it("reports a cluster with its plan in every version", async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders"));
      for (const version of known) {
        const response = await api.send("GET", `/clusters/${id}`, undefined, {
          "cc-version": version,
        });
        assert.equal(bodyOf(response).plan, "BASIC");
        assert.equal("edition" in response.body, false);
      }
    });

    it("refuses an unknown version, and names those that it knows", async () => {
      const { api } = await startQuick();
      for (const version of ["2099-01-01", "foo"]) {
        const response = await api.send("GET", "/clusters", undefined, { "cc-version": version });
        const message = `invalid Cc-Version: the emulator knows ${known.join(", ")}`;
        assertRefused(response, 400, 3, message);
      }
    });

    it("gives every response its own trace id, errors too", async () => {
      const { api } = await startQuick();
      const responses = [
        await api.get("/clusters"),
        await api.get("/nowhere"),
        await api.send("GET", "/clusters", undefined, { authorization: "" }),
      ];
      const ids = responses.map((response) => response.headers.get("cc-trace-id"));
      assert.equal(new Set(ids).size, 3);
      assert.ok(ids.every(Boolean));
    });
  });

  describe("routes", () => {
    it("return 404 for an unknown path and 501 for an unsupported method", async () => {
      const { api } = await startQuick();
      assertRefused(await api.get("/nowhere"), 404, 5);
      assertRefused(await api.get("/clusters/available-regions/more"), 404, 5);
      assertRefused(await api.send("DELETE", "/clusters"), 501, 12);
      assertRefused(await api.put(`/clusters/${unknownId}`, {}), 501, 12);
    });

    it("return 404 for a path that begins with two slashes", async () => {
      const { emulator } = await startQuick();
      for (const path of ["//", "//api/v1/clusters"]) {
        const response = await fetch(`${emulator.url}${path}`, {
          headers: { authorization: `Bearer ${emulator.apiKey}` },
        });
        assert.equal(response.status, 404, path);
      }
    });

    it("give clients no reason to retry, whatever operation they call", async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(advanced("orders"));
      for (const { method, path, name } of operations) {
        const target = path.replace("{cluster_id}", id).replace(/\{\w+\}/g, unknownId);
        const response = await api.send(method, `/../..${target}`);
        assert.ok(response.status < 500 && response.status !== 429, `${name}: ${response.text}`);
        assert.notEqual(response.status, 405, `${name} is served`);
      }
    });

    it("return 400 for an id that is no UUID and 404 for an unknown one", async () => {
      const { api } = await startQuick();
      assertRefused(await api.get("/clusters/orders"), 400, 3);
      assertRefused(await api.get(`/clusters/${unknownId}`), 404, 5);
    });

    it("return 400 for query values that are wrong, empty or repeated", async () => {
      const { api } = await startQuick();
      for (const [query, message] of [
        ["pagination.limit=abc", /^parsing field "limit": .* parsing "abc": invalid syntax$/],
        ["pagination.limit=99999999999", /^parsing field "limit": .*: value out of range$/],
        ["pagination.limit=", /^parsing field "limit": strconv.ParseInt: parsing "": invalid/],
        ["pagination.limit", /^parsing field "limit": strconv.ParseInt: parsing "": invalid/],
        ["show_inactive=maybe", /^parsing field "show_inactive": strconv.ParseBool/],
        ["show_inactive=", /^parsing field "show_inactive": strconv.ParseBool: parsing "": inv/],
        ["pagination.sort_order=UP", /^parsing field "sort_order": "UP" is not a valid value$/],
        ["pagination.sort_order=", /^parsing field "sort_order": "" is not a valid value$/],
        ["pagination.sort_order=3", /^parsing field "sort_order": "3" is not a valid value$/],
        ["pagination.as_of_time=yesterday", /^parsing field "as_of_time": parsing time "yest/],
        ["pagination.as_of_time=", /^parsing field "as_of_time": parsing time ""/],
        ["pagination.as_of_time=2026-02-30T00:00:00Z", /^parsing field "as_of_time"/],
        ["pagination.limit=2&pagination.limit=3", /^too many values for field "limit": 2, 3$/],
        ["show_inactive=true&show_inactive=true", /^too many values for field "show_inactive"/],
        ["pagination.page=&pagination.page=", /^too many values for field "page": , $/],
        ["a;b=1", /^invalid semicolon separator in query$/],
        ["show_inactive=true&showInactive=false", /^duplicate field "show_inactive"$/],
      ] as const) {
        assertRefused(await api.get(`/clusters?${query}`), 400, 3, message);
      }
    });

    it("accept query values in all forms of their type", async () => {
      const { api } = await startQuick();
      for (const query of [
        "pagination.page=",
        "showInactive=T",
        "pagination.sortOrder=2",
        "pagination.sort_order=0",
        "pagination.limit=%2B3",
        "pagination.as_of_time=2026-06-01T0:00:00,5Z",
      ]) {
        bodyOf(await api.get(`/clusters?${query}`));
      }
      // Negative, but in the range of its type: left to the operation.
      const message = "invalid argument: pagination.limit must not be negative";
      const lowest = await api.get("/clusters?pagination.limit=-2147483648");
      assertRefused(lowest, 400, 3, message);
    });
  });

  describe("ids", () => {
    it("are found in any case of their letters", async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders"));
      assert.equal(bodyOf(await api.get(`/clusters/${id.toUpperCase()}`)).id, id);
    });
  });

  describe("bodies", () => {
    it("are refused as malformed JSON with the reader's wording", async () => {
      const { api } = await startQuick();
      for (const [body, message] of [
        ["{", "unexpected EOF"],
        ['{"name"}', "invalid character '}' after object key"],
        ['{"name":"orders",}', "invalid character '}' looking for beginning of object key string"],
        ["nonsense", "invalid character 'o' in literal null (expecting 'u')"],
        ["[]", "proto: syntax error (line 1:1): unexpected token ["],
        ['"text"', 'proto: syntax error (line 1:1): unexpected token "text"'],
      ] as const) {
        assertRefused(await api.post("/clusters", body), 400, 3, message);
      }
    });

    it("are empty messages when absent", async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders", {}, { labels: { team: "web" } }));
      for (const body of [undefined, "", " \n"]) {
        const cluster = bodyOf(await api.send("PATCH", `/clusters/${id}`, body));
        assert.deepEqual(cluster.labels, { team: "web" });
        const refused = await api.send("POST", "/clusters", body);
        assertRefused(refused, 400, 3, "invalid argument: name is required");
      }
    });

    it("are read up to the first value, and secrets after it are not logged", async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders"));
      const body = '{"name":"app","password":"first secret"} {"password":"second secret"}';
      assert.equal(bodyOf(await api.post(`/clusters/${id}/sql-users`, body)).name, "app");
      assert.deepEqual(emulator.requests.at(-1)?.body, { name: "app", password: "[redacted]" });
      assert.doesNotMatch(JSON.stringify(emulator.organization.auditLog()), /secret"/);
    });

    it("may be nested 10,000 levels deep at most", async () => {
      const { emulator, api } = await startQuick();
      const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
      const { id } = emulator.clusters.create(basic("orders"));
      bodyOf(await api.post(`/clusters/${id}/databases`, `{"name":"a",${nested(9000).slice(1)}`));
      const refused = await api.post(`/clusters/${id}/databases`, nested(11_000));
      assertRefused(refused, 400, 3, "invalid character '[' exceeded max depth");
    });

    it("lose unknown names of enum values silently, as in newer services, if so configured", async () => {
      const { emulator, api } = await startQuick({ assumptions: { protobufVersion: "1.33" } });
      const { id } = emulator.clusters.create(basic("orders"));
      const body = { delete_protection: "enabled" };
      const cluster = bodyOf(await api.patch(`/clusters/${id}`, body));
      assert.equal(cluster.delete_protection, "DISABLED");
      const strict = await startQuick();
      const other = strict.emulator.clusters.create(basic("orders"));
      assertRefused(
        await strict.api.patch(`/clusters/${other.id}`, body),
        400,
        3,
        'proto: (line 1:22): invalid value for enum type: "enabled"',
      );
    });

    it("may have enum values by number, but no number without a name", async () => {
      const { api } = await startQuick();
      const body = { ...basic("orders"), provider: 1 };
      const { id, cloud_provider: provider } = bodyOf(await api.post("/clusters", body));
      assert.equal(provider, "GCP");
      const protect = { delete_protection: 1 };
      assert.equal(
        bodyOf(await api.patch(`/clusters/${id}`, protect)).delete_protection,
        "ENABLED",
      );
      assertRefused(
        await api.patch(`/clusters/${id}`, { delete_protection: 9 }),
        400,
        3,
        "invalid argument: invalid delete_protection: 9",
      );
    });

    it("are refused with the position of an unknown enum name", async () => {
      const { api } = await startQuick();
      assertRefused(
        await api.post("/clusters", '{"name":"orders","provider":"GCP","spec":{"plan":"HAHA"}}'),
        400,
        3,
        'proto: (line 1:50): invalid value for enum type: "HAHA"',
      );
      assertRefused(
        await api.post("/clusters", '{\n  "provider": "HAHA"\n}'),
        400,
        3,
        'proto: (line 2:15): invalid value for enum type: "HAHA"',
      );
    });

    it("are refused for wrong JSON types, and may have numbers in quotes", async () => {
      const { api } = await startQuick();
      const wrong: object[] = [
        { name: { first: "orders" } },
        { name: 7 },
        { spec: [] },
        { spec: { labels: { a: 1 } } },
        { spec: { serverless: { regions: "us-east1" } } },
        { spec: { serverless: { with_empty_ip_allowlist: "yes" } } },
        { spec: { dedicated: { region_nodes: { "us-east1": "three" } } } },
        { spec: { dedicated: { region_nodes: { "us-east1": 1.5 } } } },
      ];
      for (const body of wrong) {
        const message = /^proto: (syntax error )?\(line 1:\d+\)/;
        assertRefused(await api.post("/clusters", body), 400, 3, message);
      }
      const body = bodyOf(
        await api.post("/clusters", {
          name: "orders",
          provider: "GCP",
          spec: {
            dedicated: {
              region_nodes: { "us-east1": "3" },
              hardware: { machine_spec: { num_virtual_cpus: "4" }, storage_gib: null },
            },
          },
        }),
      );
      assert.equal(body.regions[0].node_count, 3);
    });

    it("may have 64-bit integers as number or text, and are returned with text", async () => {
      const { api } = await startQuick();
      for (const [index, vcpus] of [2, "2"].entries()) {
        const body = bodyOf(
          await api.post("/clusters", {
            name: `orders-${index}`,
            provider: "GCP",
            spec: {
              serverless: {
                regions: ["us-east1"],
                usage_limits: { provisioned_virtual_cpus: vcpus },
              },
            },
          }),
        );
        assert.deepEqual(body.config.serverless.usage_limits, { provisioned_virtual_cpus: "2" });
      }
    });

    it("may use camelCase, are returned in snake_case, and are refused with both spellings", async () => {
      const { api } = await startQuick();
      const body = bodyOf(
        await api.post("/clusters", {
          name: "orders",
          provider: "GCP",
          spec: {
            deleteProtection: "ENABLED",
            serverless: { regions: ["us-east1"], usageLimits: { requestUnitLimit: "5" } },
          },
        }),
      );
      assert.equal(body.delete_protection, "ENABLED");
      assert.deepEqual(body.config.serverless.usage_limits, { request_unit_limit: "5" });
      assertRefused(
        await api.patch(`/clusters/${body.id}`, {
          delete_protection: "ENABLED",
          deleteProtection: "DISABLED",
        }),
        400,
        3,
        /duplicate field/,
      );
    });

    it("may have unknown keys in POST, such as a plan beside the name", async () => {
      const { api } = await startQuick();
      const body = bodyOf(
        await api.post("/clusters", {
          ...basic("orders", {}, { plan: undefined }),
          plan: "STANDARD",
          colour: "red",
        }),
      );
      assert.equal(body.plan, "BASIC");
    });
  });

  describe("rate limit", () => {
    for (const algorithm of ["sliding-window", "token-bucket"] as const) {
      it(`refuses the 11th request in a second, per key, with Retry-After (${algorithm})`, async () => {
        const { emulator, api } = await startQuick({ rateLimit: { algorithm, time: "emulator" } });
        for (let n = 0; n < 10; n += 1) {
          bodyOf(await api.get("/clusters"));
        }
        const refused = await api.get("/clusters");
        assertRefused(refused, 429, 8, "rate limit exceeded");
        assert.equal(refused.headers.get("retry-after"), "1");
        assert.equal(emulator.requests.at(-1)?.throttled, true);
        const other = callerOf(emulator, emulator.organization.addKey({}));
        bodyOf(await other.get("/clusters"));
        await emulator.clock.advance(1000);
        bodyOf(await api.get("/clusters"));
      });
    }

    it("lets a token bucket pass single requests after a burst, where a window refuses them", async () => {
      for (const [algorithm, status] of [
        ["sliding-window", 429],
        ["token-bucket", 200],
      ] as const) {
        const { emulator, api } = await startQuick({ rateLimit: { algorithm, time: "emulator" } });
        await Promise.all(Array.from({ length: 10 }, () => api.get("/clusters")));
        await emulator.clock.advance(100);
        assert.equal((await api.get("/clusters")).status, status, algorithm);
      }
    });

    it("counts by the wall clock by default, and can be changed or turned off", async () => {
      const { api } = await startQuick({ rateLimit: 2 });
      const statuses = await Promise.all(
        [1, 2, 3].map(async () => (await api.get("/clusters")).status),
      );
      assert.deepEqual(statuses.sort(), [200, 200, 429]);
      const { api: unlimited } = await startQuick({ rateLimit: "off" });
      const responses = await Promise.all(
        Array.from({ length: 30 }, () => unlimited.get("/clusters")),
      );
      assert.ok(responses.every((response) => response.status === 200));
    });
  });
});
