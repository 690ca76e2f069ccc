import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import type { EmulatorOptions, RoleGrant, WireFolder } from "../../../emulator/index";
import { manualClock } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse, Caller } from "../caller";
import { advanced, assertRefused, basic, bodyOf, callerOf, minute, startQuick } from "../caller";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("Folders", () => {
  checkEmulators();

  interface Subject {
    emulator: TestEmulator;
    api: Caller;
    /** Creates a folder and returns its id. */
    create(name: string, parentId?: string): Promise<string>;
    get(id: string): Promise<WireFolder>;
    /** Names in a list, or in the contents of a folder. */
    names(path: string): Promise<string[]>;
    /** A caller that has these roles only. */
    caller(...roles: RoleGrant[]): Caller;
  }

  async function start(options: EmulatorOptions = {}): Promise<Subject> {
    const { emulator, api } = await startQuick(options);
    return {
      emulator,
      api,
      create: async (name, parent_id) =>
        bodyOf(await api.post("/folders", { name, parent_id })).resource_id,
      get: async (id) => bodyOf(await api.get(`/folders/${id}`)),
      names: async (path) => namesOf(await api.get(path)),
      caller: (...roles) => callerOf(emulator, emulator.organization.addKey({ roles })),
    };
  }

  function namesOf(response: ApiResponse): string[] {
    const { folders, resources }: { folders?: WireFolder[]; resources?: WireFolder[] } =
      bodyOf(response);
    return (folders ?? resources ?? []).map(({ name }) => name);
  }

  const grant = (role: RoleGrant["role"], resourceId?: string): RoleGrant =>
    resourceId === undefined ? { role } : { role, scope: "folder", resourceId };

  describe("when they are created", () => {
    it("are at the root without labels, unless the request says otherwise", async () => {
      const { emulator, api } = await start();
      for (const [name, parent] of [
        ["team a", {}],
        ["team b", { parent_id: "" }],
        ["team c", { parent_id: "root" }],
        ["team d", { parent_id: null }],
      ] as const) {
        const { resource_id, ...folder } = bodyOf(await api.post("/folders", { name, ...parent }));
        assert.match(resource_id, uuid);
        assert.deepEqual(folder, {
          resource_type: "FOLDER",
          parent_id: "root",
          organization_id: emulator.organization.id,
          name,
          path: [],
          labels: {},
        });
      }
    });

    it("name the folders around them from the top", async () => {
      const { api, create } = await start();
      const a = await create("payments");
      const b = await create("europe", a);
      const body = { name: "west", parent_id: b, labels: { team: "pay" } };
      const folder = bodyOf(await api.post("/folders", body));
      assert.equal(folder.parent_id, b);
      assert.deepEqual(folder.labels, { team: "pay" });
      assert.deepEqual(folder.path, [
        { id: a, name: "payments" },
        { id: b, name: "europe" },
      ]);
    });

    for (const parent of ["00000000-0000-4000-8000-000000000000", "/payments", "Root"]) {
      it(`are refused in a parent that does not exist: ${parent}`, async () => {
        const { api, names } = await start();
        assertRefused(
          await api.post("/folders", { name: "team", parent_id: parent }),
          400,
          3,
          "invalid argument: the parent must exist",
        );
        assert.deepEqual(await names("/folders"), []);
      });
    }

    it("are put into a parent whose id is in capitals, as clusters are", async () => {
      const { emulator, api, create } = await start();
      const parent = await create("payments");
      const parent_id = parent.toUpperCase();
      const folder = bodyOf(await api.post("/folders", { name: "team", parent_id }));
      assert.equal(folder.parent_id, parent);
      const moved = bodyOf(await api.patch(`/folders/${await create("other")}`, { parent_id }));
      assert.equal(moved.parent_id, parent);
      const body = basic("orders") as { spec: object };
      const cluster = bodyOf(
        await api.post("/clusters", { ...body, spec: { ...body.spec, parent_id } }),
      );
      assert.equal(cluster.parent_id, parent);
      const { id } = emulator.clusters.create(basic("archive"));
      assert.equal(bodyOf(await api.patch(`/clusters/${id}`, { parent_id })).parent_id, parent);
    });

    for (const name of ["", "ab", "a".repeat(41), "-x-", "a/b", "a.b", " abc", "abc ", "abc'"]) {
      it(`are refused with the name ${JSON.stringify(name).slice(0, 8)}`, async () => {
        const { api, create } = await start();
        assertRefused(await api.post("/folders", { name }), 400, 3, /name/);
        const folder = await create("team");
        assertRefused(await api.patch(`/folders/${folder}`, { name }), 400, 3, /name/);
      });
    }

    it("may have the longest and shortest names, and all characters", async () => {
      const { create, names } = await start();
      const allowed = ["0z9", "a'b c_d-9", "b".repeat(40)];
      for (const name of allowed) {
        await create(name);
      }
      assert.deepEqual(await names("/folders"), allowed);
    });

    it("are nested three levels deep at most, with clusters below", async () => {
      const { api, create, names } = await start();
      const third = await create("ccc", await create("bbb", await create("aaa")));
      assertRefused(await api.post("/folders", { name: "ddd", parent_id: third }), 400, 9, /deep/);
      bodyOf(await api.post("/clusters", basic("orders", {}, { parent_id: third })));
      assert.deepEqual(await names(`/folders/${third}/contents`), ["orders"]);
    });

    it("are 65 at most, or as many as the assumption says", async () => {
      const { emulator, api } = await start();
      for (let count = 1; count < 65; count += 1) {
        emulator.folders.add(`team ${count}`);
      }
      bodyOf(await api.post("/folders", { name: "last" }));
      assertRefused(await api.post("/folders", { name: "one more" }), 400, 9, /at most 65/);
      const small = await start({ assumptions: { maxFolders: 1 } });
      await small.create("only");
      assertRefused(await small.api.post("/folders", { name: "second" }), 400, 9, /at most 1/);
    });

    it("have a name of their own among their neighbours", async () => {
      const { api, create } = await start();
      const first = await create("team");
      const other = await create("other");
      assertRefused(await api.post("/folders", { name: "team" }), 409, 6, /'team'/);
      assertRefused(await api.patch(`/folders/${other}`, { name: "team" }), 409, 6);
      const inner = await create("team", first);
      assertRefused(await api.patch(`/folders/${inner}`, { parent_id: "root" }), 409, 6);
      bodyOf(await api.patch(`/folders/${first}`, { name: "team" }));
      const free = await start({ assumptions: { duplicateFolder: "allowed" } });
      await free.create("team");
      await free.create("team");
      assert.deepEqual(await free.names("/folders?path=team"), ["team", "team"]);
    });

    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`l${index}`, ""]));
    for (const [title, labels] of [
      ["more than 50", many],
      ["a key that begins with a digit", { "1a": "x" }],
      ["a value of 64 characters", { a: "x".repeat(64) }],
      ["a value with capitals", { a: "X" }],
    ] as const) {
      it(`are refused with labels of ${title}`, async () => {
        const { api, create, get } = await start();
        assertRefused(await api.post("/folders", { name: "team", labels }), 400, 3, /label/);
        const folder = await create("team");
        assertRefused(await api.patch(`/folders/${folder}`, { labels }), 400, 3, /label/);
        assert.deepEqual((await get(folder)).labels, {});
      });
    }
  });

  describe("when they are read", () => {
    it("are found by their id, in either case", async () => {
      const { api, create, get } = await start();
      const body = { name: "team", parent_id: await create("payments"), labels: { a: "1" } };
      const folder = bodyOf(await api.post("/folders", body));
      assert.deepEqual(await get(folder.resource_id), folder);
      assert.deepEqual(await get(folder.resource_id.toUpperCase()), folder);
    });

    it("are not found by an unknown id, and refused by one that is no UUID", async () => {
      const { api } = await start();
      for (const method of ["GET", "PATCH", "DELETE"]) {
        const body = method === "PATCH" ? { name: "team" } : undefined;
        assertRefused(await api.send(method, `/folders/${randomUUID()}`, body), 404, 5);
        assertRefused(await api.send(method, "/folders/root", body), 400, 3, /folder_id/);
      }
      assertRefused(await api.get(`/folders/${randomUUID()}/contents`), 404, 5);
      assertRefused(await api.get("/folders/team/contents"), 400, 3);
    });

    it("are listed by name, on pages, in either order", async () => {
      const { api, create, names } = await start();
      const b = await create("bbb");
      await create("ccc", b);
      await create("aaa");
      assert.deepEqual(await names("/folders"), ["aaa", "bbb", "ccc"]);
      assert.deepEqual(await names("/folders?pagination.sort_order=DESC"), ["ccc", "bbb", "aaa"]);
      const first = await api.get("/folders?pagination.limit=2");
      assert.deepEqual(namesOf(first), ["aaa", "bbb"]);
      const { next_page } = bodyOf(first).pagination;
      const rest = `/folders?pagination.limit=2&pagination.page=${next_page}`;
      assert.deepEqual(await names(rest), ["ccc"]);
    });

    it("are found by their path, with slashes at its ends or without", async () => {
      const { api, create, names } = await start();
      const inner = await create("bbb", await create("aaa"));
      for (const path of ["/aaa/bbb", "/aaa/bbb/", "aaa/bbb", "aaa/bbb/"]) {
        const { folders } = bodyOf(await api.get(`/folders?path=${encodeURIComponent(path)}`));
        assert.deepEqual(
          folders.map(({ resource_id }: WireFolder) => resource_id),
          [inner],
        );
      }
      for (const path of ["/nothing", "bbb", "/aaa/bbb/ccc", "//aaa"]) {
        assert.deepEqual(await names(`/folders?path=${encodeURIComponent(path)}`), []);
      }
      for (const path of ["", "/"]) {
        assert.deepEqual(await names(`/folders?path=${encodeURIComponent(path)}`), ["aaa", "bbb"]);
      }
    });

    it("are found by exactly their path, whatever characters it has", async () => {
      const { create, names } = await start();
      const it = await create("it's us");
      await create("eu west", it);
      await create("eu west 2", it);
      assert.deepEqual(await names("/folders?path=%2Fit%27s%20us%2Feu%20west"), ["eu west"]);
      assert.deepEqual(await names("/folders?path=/it%27s+us/eu"), []);
    });

    it("show the folders in them by name, then the clusters that are not deleted", async () => {
      const { emulator, api, create, names } = await start();
      const team = await create("team");
      const z = await create("zzz", team);
      await create("aaa", team);
      await create("inner", z);
      const clusters: Record<string, string> = {};
      for (const name of ["orders", "billing", "former"]) {
        const spec = { parent_id: team, labels: { of: name } };
        clusters[name] = bodyOf(await api.post("/clusters", basic(name, {}, spec))).id;
      }
      emulator.clusters.create(basic("elsewhere"));
      bodyOf(await api.delete(`/clusters/${clusters["former"]}`));
      const contents = `/folders/${team}/contents`;
      assert.deepEqual(await names(contents), ["aaa", "zzz", "billing", "orders"]);
      assert.deepEqual(await names("/folders/root/contents"), ["team", "elsewhere"]);
      assert.deepEqual(bodyOf(await api.get(contents)).resources[2], {
        resource_id: clusters["billing"],
        resource_type: "CLUSTER",
        parent_id: team,
        organization_id: emulator.organization.id,
        name: "billing",
        path: [{ id: team, name: "team" }],
        labels: { of: "billing" },
      });
      const page = await api.get(`${contents}?pagination.limit=3`);
      assert.deepEqual(namesOf(page), ["aaa", "zzz", "billing"]);
      const { next_page } = bodyOf(page).pagination;
      assert.deepEqual(await names(`${contents}?pagination.page=${next_page}`), ["orders"]);
    });

    it("of another organization are not found", async () => {
      const { emulator, api, create } = await start({ organizations: [{}, {}] });
      const folder = await create("team");
      const secret = emulator.organizations[1]?.addKey({});
      const stranger = callerOf(emulator, secret);
      assertRefused(await stranger.get(`/folders/${folder}`), 404, 5);
      assertRefused(await stranger.delete(`/folders/${folder}`), 404, 5);
      assert.deepEqual(namesOf(await stranger.get("/folders")), []);
      const body = { name: "team", parent_id: folder };
      assertRefused(await stranger.post("/folders", body), 400, 3, /parent/);
      assert.deepEqual(namesOf(await api.get("/folders")), ["team"]);
    });
  });

  describe("when they are changed", () => {
    it("keep what the request leaves out", async () => {
      const { api, create, get } = await start();
      const parent = await create("payments");
      const body = { name: "team", parent_id: parent, labels: { a: "1", b: "2" } };
      const folder = bodyOf(await api.post("/folders", body));
      const path = `/folders/${folder.resource_id}`;
      assert.deepEqual(bodyOf(await api.patch(path, {})), folder);
      for (const change of [
        { name: "crew" },
        { labels: { c: "3" } },
        { labels: {} },
        { name: "team", labels: { d: "" } },
      ]) {
        const expected = { ...(await get(folder.resource_id)), ...change };
        assert.deepEqual(bodyOf(await api.patch(path, change)), expected);
        assert.deepEqual(await get(folder.resource_id), expected);
      }
    });

    it("refuse a key that the API does not have, or ignore it as the assumption says", async () => {
      const { api, create } = await start();
      const path = `/folders/${await create("team")}`;
      assertRefused(await api.patch(path, { colour: "red" }), 400, 3, /could not find field/);
      const loose = await start({ assumptions: { strictPatch: false } });
      bodyOf(await loose.api.patch(`/folders/${await loose.create("team")}`, { colour: "red" }));
    });

    it("move with everything below them", async () => {
      const { api, create, get, names } = await start();
      const from = await create("from");
      const to = await create("to here");
      const team = await create("team", from);
      const inner = await create("inner", team);
      const cluster = bodyOf(await api.post("/clusters", basic("orders", {}, { parent_id: team })));
      const moved = bodyOf(await api.patch(`/folders/${team}`, { parent_id: to }));
      assert.equal(moved.parent_id, to);
      assert.deepEqual(moved.path, [{ id: to, name: "to here" }]);
      const below = await get(inner);
      assert.equal(below.parent_id, team);
      assert.deepEqual(below.path, [
        { id: to, name: "to here" },
        { id: team, name: "team" },
      ]);
      assert.deepEqual(await names(`/folders/${from}/contents`), []);
      assert.deepEqual(await names(`/folders/${to}/contents`), ["team"]);
      assert.equal(bodyOf(await api.get(`/clusters/${cluster.id}`)).parent_id, team);
      for (const parent_id of ["", "root"]) {
        bodyOf(await api.patch(`/folders/${team}`, { parent_id: to }));
        assert.equal(bodyOf(await api.patch(`/folders/${team}`, { parent_id })).parent_id, "root");
      }
    });

    it("cannot be moved into themselves, below themselves, too deep or to nowhere", async () => {
      const { api, create, get } = await start();
      const top = await create("top");
      const middle = await create("middle", top);
      const bottom = await create("bottom", middle);
      const other = await create("other");
      const move = (id: string, parent_id: string) => api.patch(`/folders/${id}`, { parent_id });
      assertRefused(await move(top, top), 400, 3, /into itself/);
      assertRefused(await move(top, bottom), 400, 3, /into itself/);
      assertRefused(await move(top, other), 400, 9, /deep/);
      assertRefused(await move(top, randomUUID()), 400, 3, /the parent must exist/);
      assert.equal((await get(top)).parent_id, "root");
      bodyOf(await move(middle, other));
    });
  });

  describe("when they are deleted", () => {
    it("must be empty", async () => {
      const { emulator, api, create, names } = await start();
      const team = await create("team");
      const inner = await create("inner", team);
      emulator.clusters.create(basic("elsewhere"));
      const { id } = bodyOf(await api.post("/clusters", basic("orders", {}, { parent_id: inner })));
      assertRefused(await api.delete(`/folders/${team}`), 400, 9, /not empty/);
      assertRefused(await api.delete(`/folders/${inner}`), 400, 9, /not empty/);
      assert.deepEqual(await names("/folders"), ["inner", "team"]);
      emulator.clusters.delete(id);
      assert.deepEqual(bodyOf(await api.delete(`/folders/${inner}`)), {});
      assert.deepEqual(bodyOf(await api.delete(`/folders/${team}`)), {});
    });

    for (const [holds, deletedWith] of [
      ["never", ["basic", "advanced"]],
      ["advanced", ["basic"]],
      ["always", []],
    ] as const) {
      it(`may contain a cluster that is being deleted, which keeps them from being deleted: ${holds}`, async () => {
        const { emulator, api, create } = await start({
          clock: manualClock(),
          assumptions: { deletingClusterHoldsFolder: holds },
        });
        for (const body of [basic, advanced]) {
          const folder = await create(body.name);
          const { id } = emulator.clusters.create(body("orders"));
          emulator.clusters.edit(id, { parentId: folder });
          emulator.faults.holdNextDelete(minute);
          bodyOf(await api.delete(`/clusters/${id}`));
          if (!deletedWith.some((name) => name === body.name)) {
            assertRefused(await api.delete(`/folders/${folder}`), 400, 9, /not empty/);
            await emulator.clock.advance(minute);
          }
          bodyOf(await api.delete(`/folders/${folder}`));
          await emulator.clock.advance(minute);
        }
      });
    }

    it("are not found afterwards, and the roles on them are revoked", async () => {
      const { api, create, caller } = await start();
      const path = `/folders/${await create("team")}`;
      const admin = caller(grant("FOLDER_ADMIN", path.slice("/folders/".length)));
      assert.deepEqual(namesOf(await admin.get("/folders")), ["team"]);
      assert.deepEqual(bodyOf(await api.delete(path)), {});
      assertRefused(await api.delete(path), 404, 5);
      assertRefused(await api.get(path), 404, 5);
      assertRefused(await admin.get("/folders"), 403, 7);
    });

    it("leave the roles on them when the assumption says so", async () => {
      const { api, create, caller } = await start({ assumptions: { grantsOutliveResource: true } });
      const folder = await create("team");
      const admin = caller(grant("FOLDER_ADMIN", folder));
      bodyOf(await api.delete(`/folders/${folder}`));
      assert.deepEqual(namesOf(await admin.get("/folders")), []);
    });
  });

  describe("are open to", () => {
    it("an Organization Admin for reading alone", async () => {
      const { create, caller } = await start();
      const team = await create("team");
      const admin = caller(grant("ORG_ADMIN"));
      assertRefused(await admin.post("/folders", { name: "crew" }), 403, 7);
      assertRefused(await admin.patch(`/folders/${team}`, { name: "crew" }), 403, 7);
      assertRefused(await admin.delete(`/folders/${team}`), 403, 7);
      assert.equal(bodyOf(await admin.get(`/folders/${team}`)).name, "team");
      assert.deepEqual(namesOf(await admin.get("/folders")), ["team"]);
      assert.deepEqual(namesOf(await admin.get("/folders/root/contents")), ["team"]);
    });

    it("the Folder Admin of one folder there and below, and not beside it", async () => {
      const { api, create, caller } = await start();
      const team = await create("team");
      const inner = await create("inner", team);
      const other = await create("other");
      const admin = caller(grant("FOLDER_ADMIN", team));
      bodyOf(await admin.post("/folders", { name: "crew", parent_id: team }));
      bodyOf(await admin.post("/folders", { name: "crew", parent_id: inner }));
      assertRefused(await admin.post("/folders", { name: "crew" }), 403, 7);
      assertRefused(await admin.post("/folders", { name: "crew", parent_id: other }), 403, 7);
      assertRefused(
        await admin.post("/folders", { name: "crew", parent_id: randomUUID() }),
        400,
        3,
      );
      bodyOf(await admin.patch(`/folders/${inner}`, { name: "core", labels: { a: "1" } }));
      for (const call of [
        admin.get(`/folders/${other}`),
        admin.get(`/folders/${other}/contents`),
        admin.patch(`/folders/${other}`, { name: "core" }),
        admin.delete(`/folders/${other}`),
      ]) {
        assertRefused(await call, 403, 7);
      }
      assert.deepEqual(namesOf(await admin.get("/folders")), ["core", "crew", "crew", "team"]);
      assert.deepEqual(namesOf(await admin.get("/folders/root/contents")), ["team"]);
      assert.deepEqual(namesOf(await api.get("/folders?path=other")), ["other"]);
      assert.deepEqual(namesOf(await admin.get("/folders?path=other")), []);
    });

    it("a Folder Mover for another name, and not for labels", async () => {
      const { create, caller, get } = await start();
      const team = await create("team");
      const mover = caller(grant("FOLDER_MOVER"));
      bodyOf(await mover.patch(`/folders/${team}`, { name: "crew" }));
      assertRefused(await mover.patch(`/folders/${team}`, { name: "x1y", labels: {} }), 403, 7);
      assertRefused(await mover.post("/folders", { name: "other" }), 403, 7);
      assertRefused(await mover.delete(`/folders/${team}`), 403, 7);
      assert.equal((await get(team)).name, "crew");
    });

    it("whoever has a role at both ends of a move", async () => {
      const { create, caller, get } = await start();
      const from = await create("from");
      const to = await create("to here");
      const team = await create("team", from);
      const move = (api: Caller, parent_id: string) => api.patch(`/folders/${team}`, { parent_id });
      for (const roles of [
        [grant("FOLDER_MOVER", from)],
        [grant("FOLDER_MOVER", team), grant("FOLDER_MOVER", to)],
        [grant("CLUSTER_ADMIN"), grant("FOLDER_ADMIN", from)],
      ]) {
        assertRefused(await move(caller(...roles), to), 403, 7);
      }
      const both = caller(grant("FOLDER_MOVER", from), grant("FOLDER_ADMIN", to));
      assertRefused(await move(both, "root"), 403, 7);
      bodyOf(await move(both, from));
      bodyOf(await move(both, to));
      assert.equal((await get(team)).parent_id, to);
      bodyOf(await move(caller(grant("FOLDER_MOVER")), "root"));
    });

    it("the admin of one cluster for finding it in its folder", async () => {
      const { emulator, create, caller } = await start();
      const team = await create("team");
      const empty = await create("empty");
      const { id } = emulator.clusters.create(basic("orders"));
      for (const cluster of [id, emulator.clusters.create(basic("billing")).id]) {
        emulator.clusters.edit(cluster, { parentId: team });
      }
      const admin = caller({ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: id });
      assert.deepEqual(namesOf(await admin.get(`/folders/${team}/contents`)), ["orders"]);
      assertRefused(await admin.get(`/folders/${empty}/contents`), 403, 7);
      assertRefused(await admin.get(`/folders/${team}`), 403, 7);
    });

    it("a Cluster Creator for reading, without the contents", async () => {
      const { create, caller } = await start();
      const team = await create("team");
      const creator = caller(grant("CLUSTER_CREATOR"));
      bodyOf(await creator.get(`/folders/${team}`));
      assertRefused(await creator.get(`/folders/${team}/contents`), 403, 7);
    });
  });

  it("leave an entry in the audit log for every change, and none for the rest", async () => {
    const { emulator, api, create } = await start();
    const team = await create("team");
    bodyOf(await api.patch(`/folders/${team}`, { name: "crew" }));
    bodyOf(await api.patch(`/folders/${team}`, {}));
    assertRefused(await api.post("/folders", { name: "-" }), 400, 3);
    bodyOf(await api.get("/folders"));
    bodyOf(await api.delete(`/folders/${team}`));
    bodyOf(await api.get("/auditlogevents"));
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action),
      ["CREATE", "UPDATE", "DELETE"].map((verb) => `AUDIT_LOG_ACTION_${verb}_FOLDER`),
    );
    const payload = JSON.parse(emulator.organization.auditLog()[2]?.payload ?? "");
    assert.equal(payload.folder_id, team);
  });

  describe("outside the API", () => {
    it("exist from the start", async () => {
      const [id, inner] = [randomUUID(), randomUUID()];
      const folders = [
        { id, name: "team", labels: { a: "1" } },
        { id: inner, name: "inner", parentId: id },
      ];
      const { get } = await start({ organizations: [{ folders }] });
      assert.deepEqual((await get(id)).labels, { a: "1" });
      assert.deepEqual((await get(inner)).path, [{ id, name: "team" }]);
    });

    it("are listed, added, renamed, labelled, moved and removed", async () => {
      const { emulator, get, names } = await start();
      const { folders } = emulator;
      const team = folders.add("team");
      const inner = folders.add("inner", { parentId: team, labels: { a: "1" } });
      assert.deepEqual(folders.list(), [await get(inner), await get(team)]);
      folders.rename(team, "crew");
      folders.label(team, { b: "2" });
      assert.equal((await get(team)).name, "crew");
      assert.deepEqual((await get(team)).labels, { b: "2" });
      folders.move(inner, "root");
      assert.equal((await get(inner)).parent_id, "root");
      folders.move(inner, team);
      const { id } = emulator.clusters.create(basic("orders"));
      emulator.clusters.edit(id, { parentId: team });
      folders.remove(team);
      assert.deepEqual(await names("/folders/root/contents"), ["inner", "orders"]);
      assert.equal(emulator.clusters.get(id).parent_id, "root");
    });

    it("belong to the organization of their parent", async () => {
      const id = randomUUID();
      const { emulator, api } = await start({
        organizations: [{}, { folders: [{ id, name: "team" }], apiKeys: [{ secret: "second" }] }],
      });
      emulator.folders.add("inner", { parentId: id });
      assert.deepEqual(namesOf(await api.get("/folders")), []);
      const second = callerOf(emulator, "second");
      assert.deepEqual(namesOf(await second.get("/folders")), ["inner", "team"]);
      assert.deepEqual(
        emulator.folders.list().map(({ name }) => name),
        ["inner", "team"],
      );
    });

    it("must exist, and cannot be put into themselves", async () => {
      const { emulator } = await start();
      const { folders } = emulator;
      const team = folders.add("team");
      const inner = folders.add("inner", { parentId: team });
      const nowhere = randomUUID();
      for (const use of [
        () => folders.add("crew", { parentId: nowhere }),
        () => folders.rename(nowhere, "crew"),
        () => folders.label(nowhere, {}),
        () => folders.move(nowhere, "root"),
        () => folders.move(team, nowhere),
        () => folders.move(team, team),
        () => folders.move(team, inner),
        () => folders.remove(nowhere),
      ]) {
        assert.throws(use, /folder/i);
      }
    });
  });
});
