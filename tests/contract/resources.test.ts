// Every operation of every resource through Pulumi's own dynamic provider process, with the values of its conformance
// cases. What the operations do is in tests/conformance; here is how the engine gets it.
import assert from "node:assert/strict";
import { delegateTo } from "../../provider/program/registration";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  isOfCluster,
  resourceTypes,
} from "../../provider/resource/resource-types";
import type { RemoteObject } from "../conformance/resource-cases";
import { casesOf, clusterIdIn, placeOf, updatedArguments } from "../conformance/resource-cases";
import { pathsIn, withUnknown, withValueAt } from "../support/argument-paths";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators } from "../support/emulator";
import { assertReadable, failureOf } from "./expectations";
import type { Properties } from "./plugin-client";
import { storedUrn } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins } from "./plugin-process";
import { startImmediateEmulator, startPluginOn, withText } from "./plugins";
import { askedIn, plain, reports, secretOf } from "./secrets";

const password = "a-contract-passw0rd";
const nowhere = "00000000-0000-4000-8000-000000000001";
const mark = "0123456789abcdef-fedcba9876543210";

const elsewhere = (name: string) => [name, nowhere] as const;

/** The arguments whose changes replace the first arguments of `full`, and what to. */
function replacements(type: ResourceType): (readonly [path: string, to: unknown])[] {
  return Object.entries(casesOf[type].arguments).flatMap(([path, { onChange, before, to }]) =>
    onChange === "replace" && before === undefined && typeof to !== "function"
      ? [[path, to] as const]
      : [],
  );
}

describe("Pulumi's plugin server", function () {
  this.timeout(60_000);

  let emulator: TestEmulator;
  /** One process serves all resources of a run: a run that creates, the next one, and one that is refused. */
  let processes: { readonly first: Plugin; readonly next: Plugin; readonly refused: Plugin };

  before(async () => {
    emulator = await startImmediateEmulator();
    const [first, next, refused] = await Promise.all([
      startPluginOn(emulator),
      startPluginOn(emulator),
      startPluginOn(emulator),
    ]);
    processes = { first, next, refused };
  });
  afterEach(() => emulator.faults.clear());
  after(async () => {
    await closePlugins();
    await closeTestEmulators();
  });

  /** What the work fails with while the API refuses the operation. */
  async function refusalOf(operation: string, work: () => Promise<unknown>) {
    const secrets = [emulator.apiKey, password];
    emulator.faults.add(operation, {
      status: 403,
      message: `not allowed, ${secrets.join(", ")}`,
      times: Number.POSITIVE_INFINITY,
    });
    const error = await failureOf(work());
    emulator.faults.clear();
    const lines = error.partial?.reasons ?? [error.message];
    for (const line of lines) assertReadable(line, emulator.apiKey);
    assert.match(lines.join(), /403.*not allowed/);
    return error;
  }

  let places = 0;

  for (const type of allResourceTypes) {
    const cases = casesOf[type];
    const { operations } = cases;
    const __provider = delegateTo(resourceTypes[type].stem);
    const hidden = type === "Cluster" || type === "ApiKey" ? { __mark: mark } : {};

    function start() {
      places += 1;
      const place = placeOf(type, emulator, places);
      const { first, next, refused } = processes;
      return {
        place,
        args: { ...place, ...cases.full[0], ...hidden },
        news: { ...place, ...updatedArguments(type), ...hidden },
        plugin: withText(first, __provider),
        nextRun: withText(next, __provider),
        refusedRun: withText(refused, __provider),
        object: (id: string): RemoteObject => ({
          ...{ emulator, id, place },
          clusterId: clusterIdIn(type, place),
        }),
      };
    }

    describe(`for type ${type}`, () => {
      it("returns the arguments from check, and a wrong one with its property", async () => {
        const { args, place, plugin } = start();
        const { inputs, failures } = await plugin.check(args);
        assert.deepEqual(failures, []);
        assert.deepEqual(plain(inputs), { ...args, __urn: storedUrn, __provider });
        assert.deepEqual((await plugin.check(args, args)).failures, []);
        for (const [path, { before, wrong }] of Object.entries(cases.arguments)) {
          if (before !== undefined) continue;
          for (const [value, reason, property = path] of wrong) {
            const news = withValueAt({ ...place, ...args }, path.split("."), value);
            const [failure, ...others] = (await plugin.check(news)).failures;
            // The engine prints the value of a property that it finds.
            const isSecret = cases.secretOutputs?.includes(property) === true;
            const named = isSecret ? `${property}[…]` : property;
            assert.deepEqual([failure, others], [{ property: named, reason }, []]);
          }
        }
      });

      it("takes a value that is unknown at any depth, and reports what it may replace", async () => {
        const { args, place, plugin } = start();
        const outputs = resources[type].mock?.outputsOf(args, "") ?? {};
        const id = cases.idOf?.(args) ?? cases.missingId(place);
        const stored = { ...outputs, ...args, __provider, __inputs: args };
        for (const path of pathsIn(args)) {
          const news = withUnknown(args, path);
          const property = path.join(".");
          for (const olds of [{}, args]) {
            assert.deepEqual((await plugin.check(news, olds)).failures, [], property);
          }
          const [name, ...inner] = path as [string];
          if (inner.length > 0) continue;
          const { changes, replaces } = await plugin.diff(id, stored, news);
          assert.notEqual(changes, "none", property);
          const { before, onChange, whenUnknown = onChange } = cases.arguments[name] ?? {};
          if (before !== undefined) continue;
          const isReplacing = name in place || whenUnknown === "replace";
          assert.equal(replaces.includes(name), isReplacing, property);
        }
      });

      it("creates, compares, reads, updates and deletes it, and fails in one line that has no secret", async () => {
        const { args, news, place, plugin, nextRun, refusedRun, object } = start();
        const isUpdatable = operations.update !== undefined;

        const { partial } = await refusalOf(operations.create, () => plugin.create(args));
        assert.equal(partial, undefined);
        const { inputs } = await plugin.check(args);
        const { id, outs } = await plugin.create(inputs);
        const stored = plain(outs);
        assert.equal(id, cases.idOf?.(args) ?? id);
        assert.equal(outs["__provider"], __provider);
        for (const name of cases.secretOutputs ?? []) {
          assert.deepEqual(outs[name], secretOf(stored[name]), name);
        }
        assert.ok(cases.exists(object(id)));

        emulator.requests.clear();
        const unchanged = { changes: "none", replaces: [], deleteFirst: false };
        assert.deepEqual(await plugin.diff(id, stored, args), unchanged);
        if (isUpdatable) {
          // What an update does is left to the engine, which compares the arguments and prints what differs.
          const { changes, replaces } = await plugin.diff(id, stored, news);
          assert.deepEqual([changes, replaces], ["unknown", []]);
        }
        for (const [path, to] of [...Object.keys(place).map(elsewhere), ...replacements(type)]) {
          assert.deepEqual(
            await plugin.diff(id, stored, withValueAt(args, path.split("."), to)),
            {
              changes: "unknown",
              replaces: [path],
              // The classes of all others ask for it by an option.
              deleteFirst: type === "Cluster",
            },
            path,
          );
        }
        assert.equal(emulator.requests.length, 0);

        const found = await plugin.read(id, stored);
        assert.deepEqual([found.id, found.outs], [id, outs]);
        assert.deepEqual(plain(found.inputs), { ...args, __urn: storedUrn, __provider });
        assert.equal((await nextRun.read(id, {})).id, id);
        await refusalOf("*", () => refusedRun.read(id, stored));

        if (operations.delete !== undefined) {
          await refusalOf(operations.delete, () => nextRun.delete(id, stored));
          assert.ok(cases.exists(object(id)));
        }
        if (operations.update !== undefined) {
          await refusalOf(operations.update, () => plugin.update(id, stored, news));
        }
        const last = isUpdatable ? await plugin.update(id, stored, news) : outs;
        assert.equal(last["__provider"], __provider);
        const { __mark: _, ...shown } = { ...(isUpdatable ? news : args), __mark: mark };
        assert.deepEqual(askedIn(last), shown);
        const lastId = cases.idOf?.(shown) ?? id;
        assert.deepEqual((await plugin.read(lastId, plain(last))).outs, last);

        await nextRun.delete(lastId, plain(last));
        if (operations.delete !== undefined) assert.ok(!cases.exists(object(lastId)));
        await nextRun.delete(lastId, plain(last));
        if (cases.leavesRecord === true) cases.remove(object(lastId));
        // A setting of a cluster is there as long as the cluster.
        if (isOfCluster(type)) emulator.clusters.forget(clusterIdIn(type, place));
        assert.equal((await refusedRun.read(lastId, plain(last))).id, "");
        const missing = cases.missingId(place);
        await assert.rejects(refusedRun.read(missing, {}), {
          message: new RegExp(`^There is no .* with the id ${missing} in this organization, or`),
        });
        for (const { stdout, stderr } of [plugin, nextRun, refusedRun]) {
          assert.equal(stderr(), "");
          assert.match(stdout(), /^\d+\n$/);
        }
      });
    });
  }

  describe("for the password of a SQL user", () => {
    for (const [whose, own] of [
      ["a given", { password }],
      ["a generated", {}],
    ] as const) {
      it(`marks ${whose} one as a secret in every response`, async () => {
        const plugin = withText(processes.first, delegateTo("sql-user"));
        places += 1;
        const { id: clusterId } = encryptable(emulator, {
          name: `home-${places}`,
          regions: ["us-east-1"],
        });
        const args = { clusterId, name: "app", ...own };
        const given = "password" in own ? own.password : undefined;
        const assertHidden = (outs: Properties, inputs: Properties | undefined, value: unknown) => {
          assert.deepEqual(outs["password"], secretOf(value));
          assert.equal(askedIn(outs)["password"], given);
          assert.ok(!reports([outs, inputs], String(value)));
          assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", String(value)));
        };

        const { id, outs } = await plugin.create(args);
        const value = plain(outs["password"]);
        assertHidden(outs, undefined, value);

        const found = await plugin.read(id, plain(outs));
        assertHidden(found.outs, found.inputs, value);
        assert.equal(plain(found.inputs)?.["password"], given);

        const updated = await plugin.update(id, plain(outs), { ...args, keepers: { month: "2" } });
        const after = plain(updated["password"]);
        assertHidden(updated, undefined, after);
        assert.equal(after === value, "password" in own);
      });
    }
  });
});
