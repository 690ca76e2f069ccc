import assert from "node:assert/strict";
import type { ListAuditLogsQuery } from "../../sdk";
import { UnexpectedResponseError } from "../../sdk";
import { all, clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, json, localServer } from "./local-server";

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  const { client, run, fail } = clientOf(server);
  return {
    client,
    fail,
    server,
    ids: async (query?: ListAuditLogsQuery) =>
      (await run(all(client.auditLogs.list(query)))).map((entry) => entry.id).join(" "),
    queries: () => server.received.map(({ url }) => url.split("?")[1]),
  };
}

const at = (second: string) => `2026-01-01T00:00:${second}Z`;

/** Entries as `name@second`. */
const page = (entries: string, next?: string | null) =>
  json(200, {
    entries: entries
      .split(" ")
      .filter((entry) => entry !== "")
      .map((entry) => {
        const [id, second] = entry.split("@");
        return { id, created_at: second === undefined ? null : at(second) };
      }),
    ...(next === undefined ? {} : { next_starting_from: next === null ? null : at(next) }),
  });

describe("The audit log", () => {
  afterEach(closeServers);

  it("is followed from cursor to cursor, to the page that is empty", async () => {
    const { ids, queries } = await setUp(
      page("a@01 b@02", "02"),
      page("c@03", "03"),
      page("", "03"),
    );
    assert.equal(await ids(), "a b c");
    assert.deepEqual(queries(), [
      "limit=200",
      "starting_from=2026-01-01T00%3A00%3A02Z&limit=200",
      "starting_from=2026-01-01T00%3A00%3A03Z&limit=200",
    ]);
  });

  for (const next of [undefined, null]) {
    it(`ends without a request more at the cursor ${next}, as in descending order`, async () => {
      const { ids, server } = await setUp(page("b@02 a@01", next));
      assert.equal(await ids({ sortOrder: "DESC" }), "b a");
      assert.equal(server.received.length, 1);
    });
  }

  it("ends at a cursor that stays", async () => {
    const { ids, server } = await setUp(page("a@01 b@02", "02"), page("b@02", "02"));
    assert.equal(await ids(), "a b");
    assert.equal(server.received.length, 2);
  });

  it("ends at a cursor that is where it began", async () => {
    const { ids, server } = await setUp(page("a@01", "01"));
    assert.equal(await ids({ startingFrom: at("01") }), "a");
    assert.equal(server.received.length, 1);
  });

  it("ends at cursors that go in a circle", async () => {
    const { ids } = await setUp(page("a@01", "01"), page("b@02", "02"), page("c@03", "01"));
    assert.equal(await ids(), "a b c");
  });

  it("shows an entry once that two responses share", async () => {
    const { ids } = await setUp(
      page("a@01 b@02 c@02", "02"),
      page("b@02 c@02 d@03", "03"),
      page("d@03 d@03 e@04", "04"),
      page("", "04"),
    );
    assert.equal(await ids(), "a b c d e");
  });

  it("goes on after a response that is nothing but doubles", async () => {
    const { ids } = await setUp(page("a@01", "01"), page("a@01", "02"), page("b@03", null));
    assert.equal(await ids(), "a b");
  });

  it("takes entries without an id for different ones", async () => {
    const { ids } = await setUp(json(200, { entries: [{ action: "A" }, { action: "B" }] }));
    assert.equal(await ids(), " ");
  });

  const untils: [string, ListAuditLogsQuery, string][] = [
    ["ends after the time", { until: at("02") }, "a b c"],
    ["ends before the first", { until: at("00") }, ""],
    ["compares nanoseconds", { until: at("02.000000001") }, "a b c d"],
    ["understands offsets", { until: "2026-01-01T01:00:02+01:00" }, "a b c"],
    ["reaches the end", { until: at("59") }, "a b c d e"],
  ];
  for (const [title, query, expected] of untils) {
    it(`with until ${title}`, async () => {
      const { ids } = await setUp(page("a@01 b@02 c@02.000 d@02.000000001 e@03", null));
      assert.equal(await ids(query), expected);
    });
  }

  it("with until asks for no page beyond it", async () => {
    const { ids, server } = await setUp(page("a@01 b@03", "03"));
    assert.equal(await ids({ until: at("02") }), "a");
    assert.equal(server.received.length, 1);
  });

  it("with until ends at earlier entries in descending order", async () => {
    const { ids, queries } = await setUp(page("c@03 b@02 a@01", "01"));
    assert.equal(await ids({ sortOrder: "DESC", until: at("02") }), "c b");
    assert.deepEqual(queries(), ["sort_order=DESC&limit=200"]);
  });

  it("with until keeps entries whose time is missing", async () => {
    const { ids } = await setUp(page("a@01 x b@02", null));
    assert.equal(await ids({ until: at("01") }), "a x");
  });

  it("with a limit lists no more, though the API gives more", async () => {
    const { ids, queries } = await setUp(page("a@01 b@01 c@01", "01"));
    assert.equal(await ids({ limit: 2 }), "a b");
    assert.deepEqual(queries(), ["limit=2"]);
  });

  it("with a limit counts over all responses, and without doubles", async () => {
    const { ids, queries } = await setUp(page("a@01 b@02", "02"), page("b@02 c@03 d@04", "04"));
    assert.equal(await ids({ limit: 3, pageSize: 2 }), "a b c");
    assert.deepEqual(queries(), ["limit=2", "starting_from=2026-01-01T00%3A00%3A02Z&limit=2"]);
  });

  it("with the limit 0 asks nothing", async () => {
    const { ids, server } = await setUp(page("a@01", null));
    assert.equal(await ids({ limit: 0 }), "");
    assert.equal(server.received.length, 0);
  });

  it("asks for no more than is read", async () => {
    const { client, server } = await setUp(page("a@01 b@02", "02"));
    for await (const entry of client.auditLogs.list()) {
      assert.equal(entry.id, "a");
      break;
    }
    assert.equal(server.received.length, 1);
  });

  for (const limit of [-1, 1.5, Number.NaN]) {
    it(`refuses the limit ${limit} before anything is sent`, async () => {
      const { client } = await setUp(page("", null));
      assert.throws(() => client.auditLogs.list({ limit }), RangeError);
    });
  }

  for (const until of ["", "yesterday", "2026-01-01"]) {
    it(`refuses ${JSON.stringify(until)} as a time before anything is sent`, async () => {
      const { client } = await setUp(page("", null));
      assert.throws(() => client.auditLogs.list({ until }), /until must be a time like/);
    });
  }

  it("ends at a response without entries, wherever that says to go on", async () => {
    const { ids, server } = await setUp(page("a@01", "01"), page("", "02"), page("b@03", null));
    assert.equal(await ids(), "a");
    assert.equal(server.received.length, 2);
  });

  it("ends at a response that leaves its empty list out", async () => {
    const { ids } = await setUp(page("a@01", "01"), json(200, { next_starting_from: at("02") }));
    assert.equal(await ids({ startingFrom: "" }), "a");
  });

  it("is not empty when the response has no list", async () => {
    const { client, fail } = await setUp(json(200, {}));
    assert.ok(UnexpectedResponseError.isInstance(await fail(all(client.auditLogs.list()))));
  });
});
