import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { advanced, assertRefused, basic, bodyOf, callerOf, standard, startQuick } from "../caller";

const everywhere = { cidr_ip: "0.0.0.0", cidr_mask: 0, name: "", sql: true, ui: true };
const office = { cidr_ip: "192.0.2.0", cidr_mask: 24, name: "office", sql: true, ui: false };

describe("The allowlist", () => {
  checkEmulators();

  async function withCluster(
    body: object = advanced("orders"),
    options: EmulatorOptions = {},
  ): Promise<{ emulator: TestEmulator; api: Caller; id: string; list: string }> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(body);
    return { emulator, api, id, list: `/clusters/${id}/networking/allowlist` };
  }

  for (const [what, body, entries] of [
    ["of Basic lets everybody in", basic("orders"), [everywhere]],
    ["of Standard lets everybody in", standard("orders"), [everywhere]],
    ["of Basic can begin empty", basic("orders", { with_empty_ip_allowlist: true }), []],
    ["of Advanced lets nobody in", advanced("orders"), []],
  ] as const) {
    it(`${what} at first`, async () => {
      const { api, list } = await withCluster(body);
      const response = bodyOf(await api.get(list));
      assert.deepEqual([response.allowlist, response.propagating], [entries, false]);
    });
  }

  it("takes entries, which take a while to have an effect", async () => {
    const { emulator, api, id, list } = await withCluster();
    assert.deepEqual(bodyOf(await api.post(list, office)), office);
    const response = bodyOf(await api.get(list));
    assert.deepEqual([response.allowlist, response.propagating], [[office], true]);
    await emulator.clock.advance(14_999);
    assert.equal(bodyOf(await api.get(list)).propagating, true);
    assert.ok(emulator.allowlist.isPropagating(id));
    await emulator.clock.advance(1);
    assert.equal(bodyOf(await api.get(list)).propagating, false);
  });

  it("changes name, sql and ui of an entry", async () => {
    const { emulator, api, list } = await withCluster();
    bodyOf(await api.post(list, office));
    await emulator.clock.advance(15_000);
    const path = `${list}/192.0.2.0/24`;
    const changed = { ...office, name: "home", sql: false, ui: true };
    const { name, sql, ui } = changed;
    assert.deepEqual(bodyOf(await api.patch(path, { name, sql, ui })), changed);
    assert.equal(bodyOf(await api.get(list)).propagating, true);
    assert.deepEqual(bodyOf(await api.patch(path, { sql: true, ui })), { ...changed, sql: true });
    assertRefused(await api.patch(path, { colour: "red" }), 400, 3, /could not find field/);
    assertRefused(await api.patch(`${list}/192.0.2.0/25`, { sql: true }), 404, 5);
  });

  it("takes sql and ui that a change leaves out for false, and refuses that where it is strict", async () => {
    const changes = [
      [{ sql: true }, true, false],
      [{ ui: true }, false, true],
      [{}, false, false],
    ] as const;
    for (const strictRequired of [false, true]) {
      const { api, list } = await withCluster(advanced("orders"), {
        assumptions: { strictRequired },
      });
      const path = `${list}/192.0.2.0/24`;
      for (const [change, sql, ui] of changes) {
        bodyOf(await api.put(path, { ...office, sql: true, ui: true }));
        const response = await api.patch(path, change);
        if (strictRequired) assertRefused(response, 400, 3, /sql and ui are required/);
        else assert.deepEqual(bodyOf(response), { ...office, sql, ui });
      }
    }
  });

  it("gives back the entry that it deletes", async () => {
    const { api, list } = await withCluster();
    bodyOf(await api.post(list, office));
    assert.deepEqual(bodyOf(await api.delete(`${list}/192.0.2.0/24`)), office);
    assert.deepEqual(bodyOf(await api.get(list)).allowlist, []);
    assertRefused(await api.delete(`${list}/192.0.2.0/24`), 404, 5);
  });

  for (const [what, body, most] of [
    ["Standard", standard("orders", 2, { with_empty_ip_allowlist: true }), 50],
    ["Basic, where the first entry counts", basic("orders"), 50],
    ["Advanced on AWS", advanced("orders"), 20],
    ["Advanced on GCP", advanced("orders", {}, "GCP"), 200],
    ["Advanced on AZURE", advanced("orders", {}, "AZURE"), 200],
  ] as const) {
    it(`has at most ${most} entries on ${what}`, async () => {
      const { emulator, api, id, list } = await withCluster(body);
      for (let last = emulator.allowlist.list(id).length; last < most; last += 1) {
        emulator.allowlist.add(id, `198.51.100.${last}/32`);
      }
      assertRefused(await api.post(list, office), 400, 9, new RegExp(`at most ${most}`));
      assertRefused(await api.put(`${list}/192.0.2.0/24`, office), 400, 9);
      bodyOf(await api.put(`${list}/198.51.100.1/32`, { sql: false, ui: true }));
      bodyOf(await api.delete(`${list}/198.51.100.1/32`));
      bodyOf(await api.post(list, office));
    });
  }

  it("takes an entry by PUT, new or not, and by POST only a new one", async () => {
    const { api, list } = await withCluster();
    const path = `${list}/192.0.2.0/24`;
    bodyOf(await api.put(path, { name: "office", sql: true, ui: false }));
    assertRefused(await api.post(list, office), 409, 6);
    assert.deepEqual(bodyOf(await api.put(path, { sql: true, ui: true })), {
      ...office,
      name: "",
      ui: true,
    });
    const tolerant = await withCluster(advanced("orders"), {
      assumptions: { duplicateAllowlistEntry: "replaced" },
    });
    bodyOf(await tolerant.api.post(tolerant.list, office));
    bodyOf(await tolerant.api.post(tolerant.list, { ...office, name: "again" }));
    assert.equal(bodyOf(await tolerant.api.get(tolerant.list)).allowlist.length, 1);
  });

  for (const [what, change] of [
    ["no address", { cidr_ip: undefined }],
    ["a name for an address", { cidr_ip: "example.com" }],
    ["an octet too large", { cidr_ip: "192.0.2.256" }],
    ["three octets", { cidr_ip: "192.0.2" }],
    ["leading zeros", { cidr_ip: "192.0.02.0" }],
    ["IPv6", { cidr_ip: "2001:db8::" }],
    ["no mask", { cidr_mask: undefined }],
    ["a mask too large", { cidr_mask: 33 }],
    ["a negative mask", { cidr_mask: -1 }],
    ["text for sql", { sql: "yes" }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { api, list } = await withCluster();
      assertRefused(await api.post(list, { ...office, ...change }), 400, 3);
      assert.deepEqual(bodyOf(await api.get(list)).allowlist, []);
    });
  }

  it("refuses a path whose mask is no number", async () => {
    const { api, list } = await withCluster();
    assertRefused(await api.put(`${list}/192.0.2.0/all`, office), 400, 3);
    assertRefused(await api.put(`${list}/192.0.2.0/33`, office), 400, 3);
    assertRefused(await api.put(`${list}/192.0.2.0/024`, office), 400, 3, /cidr_mask '024'/);
  });

  it("is sorted by address, in pages", async () => {
    const { emulator, api, id, list } = await withCluster();
    for (const cidr of ["10.0.0.0/8", "9.0.0.0/8", "192.0.2.0/24", "10.0.0.0/16", "9.0.0.10/32"]) {
      emulator.allowlist.add(id, cidr);
    }
    const cidrs = (response: { allowlist: (typeof office)[] }) =>
      response.allowlist.map((entry) => `${entry.cidr_ip}/${entry.cidr_mask}`);
    const sorted = ["9.0.0.0/8", "9.0.0.10/32", "10.0.0.0/8", "10.0.0.0/16", "192.0.2.0/24"];
    const first = bodyOf(await api.get(`${list}?pagination.limit=3`));
    assert.deepEqual(cidrs(first), sorted.slice(0, 3));
    const next = `${list}?pagination.limit=3&pagination.page=${first.pagination.next_page}`;
    assert.deepEqual(cidrs(bodyOf(await api.get(next))), sorted.slice(3));
    assert.deepEqual(cidrs({ allowlist: emulator.allowlist.list(id) }), sorted);
  });

  it("may be read by developers and not written", async () => {
    const { emulator, list } = await withCluster();
    const key = emulator.organization.addKey({ roles: [{ role: "CLUSTER_DEVELOPER" }] });
    bodyOf(await callerOf(emulator, key).get(list));
    assertRefused(await callerOf(emulator, key).post(list, office), 403, 7);
  });

  it("changes outside the API", async () => {
    const { emulator, api, id, list } = await withCluster();
    emulator.allowlist.add(id, "192.0.2.0/24", { name: "office", ui: false });
    assert.deepEqual(bodyOf(await api.get(list)).allowlist, [office]);
    emulator.allowlist.edit(id, "192.0.2.0/24", { sql: false });
    assert.equal(bodyOf(await api.get(list)).allowlist[0].sql, false);
    emulator.allowlist.remove(id, "192.0.2.0/24");
    assert.deepEqual(bodyOf(await api.get(list)).allowlist, []);
    assert.throws(() => emulator.allowlist.remove(id, "192.0.2.0/24"), /no entry/);
  });
});
