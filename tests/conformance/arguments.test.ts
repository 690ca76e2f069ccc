// What a preview finds out about the arguments of each resource. No request is sent.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { Host } from "../../provider/engine/host";
import { RunRecord } from "../../provider/engine/run-record";
import { resources } from "../../provider/resource/registry";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { systemClock } from "../../sdk";
import {
  optionalPaths,
  pathsIn,
  withLeaf,
  withUnknown,
  withValueAt,
} from "../support/argument-paths";
import { checkEmulators } from "../support/emulator";
import { assertDone } from "../support/engine-model/run";
import { unknown } from "../support/engine-model/values";
import { kinds } from "../support/kinds";
import type { Properties } from "./resource-cases";
import { casesOf, valuesIn } from "./resource-cases";
import { argumentOf, startWorld } from "./world";

/** Where values are, outside of lists. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Properties | undefined)?.[key], root);
}

const { components } = JSON.parse(
  readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8"),
) as { components: { schemas: Record<string, { enum?: string[] }> } };

/** The names of all enumeration values in the API's document. */
const wordsOfApi = new Set(
  Object.values(components.schemas).flatMap(({ enum: words = [] }) => words),
);

/** Of another type than any argument has. */
const wrong = () => {};

const hidden = { __urn: "urn:pulumi:dev::shop::it::it", __provider: "text" };

describe("The arguments of a resource", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    const cases = casesOf[type];
    const { lifecycle, inputs } = resources[type];
    const failuresOf = (args: Properties, olds: Properties = {}) =>
      lifecycle.check(olds, args).failures;
    const start = async () => {
      const world = await startWorld(type);
      const placed = (args: Properties) => ({ ...world.place, ...args });
      return {
        ...world,
        full: cases.full.map(placed),
        changes: (cases.changes ?? []).map(placed),
      };
    };

    describe(`of type ${type}`, () => {
      it("have a case each, and arguments that have whatever may be left out", async () => {
        const { place, full, changes } = await start();
        const names = Object.keys((inputs as unknown as z.ZodObject).def.shape);
        const known = [...Object.keys(place), ...Object.keys(cases.arguments).map(argumentOf)];
        assert.deepEqual([...new Set(known)].sort(), names.sort());
        for (const path of optionalPaths(inputs)) {
          // What names another object has no value before that exists.
          if (typeof cases.arguments[path.join(".")]?.to === "function") continue;
          assert.ok(
            [...full, ...changes].some((args) => valueAt(args, path) !== undefined),
            `${path.join(".")} is in none of the full arguments`,
          );
        }
      });

      it("are accepted where they are right", async () => {
        const { place, full, changes } = await start();
        for (const args of [{ ...place, ...cases.minimal }, ...full]) {
          assert.deepEqual(failuresOf(args), []);
          assert.deepEqual(failuresOf(args, args), []);
        }
        for (const args of changes) assert.deepEqual(failuresOf(args, full[0]), []);
      });

      it("are refused where they are wrong, with the reason on the property", async () => {
        const { emulator, place, full } = await start();
        for (const [path, { before, wrong: values }] of Object.entries(cases.arguments)) {
          const args = before === undefined ? full[0] : { ...place, ...valuesIn(before, emulator) };
          for (const [value, reason, property = path] of values) {
            const found = failuresOf(withValueAt(args ?? {}, path.split("."), value));
            assert.deepEqual(found, [{ property, reason }]);
            assert.match(reason, /^[a-z].*\.$/);
          }
        }
      });

      it("are refused where a word of the API is misspelt, which a newer service drops silently", async () => {
        const { full, changes } = await start();
        for (const args of [...full, ...changes]) {
          for (const path of pathsIn(args)) {
            const value = valueAt(args, path);
            if (typeof value !== "string" || !wordsOfApi.has(value)) continue;
            const misspelt = withLeaf(args, path, value.toLowerCase());
            const olds = full.includes(args) ? {} : full[0];
            assert.notDeepEqual(failuresOf(misspelt, olds), [], path.join("."));
          }
        }
      });

      it("are refused where one that is required is missing, or one is not known", async () => {
        const { place } = await start();
        const args = { ...place, ...cases.minimal };
        for (const name of Object.keys(args)) {
          const found = failuresOf(withValueAt(args, [name], undefined));
          assert.ok(
            found.some(({ property, reason }) => property === name && /^is required/.test(reason)),
            `${name}: ${JSON.stringify(found)}`,
          );
        }
        const [failure, ...others] = failuresOf({ ...args, surplus: 1 });
        assert.deepEqual([failure?.property, others], ["surplus", []]);
        assert.match(failure?.reason ?? "", /^is not an argument here\. /);
      });

      it("are all reported at once where several are wrong", async () => {
        const { full } = await start();
        for (const args of full) {
          const paths = pathsOf(args);
          const reported = (...wrongPaths: string[][]) =>
            failuresOf(
              wrongPaths.reduce((values, path) => withValueAt(values, path, wrong), args),
            ).map(({ property }) => property);
          for (const one of paths) {
            for (const other of paths.filter((path) => path !== one)) {
              const found = reported(one, other);
              for (const path of [one, other]) {
                const property = path.join(".").replace(/\.([^.]*[^\w.-][^.]*)/g, '["$1"]');
                assert.ok(found.includes(property), `${property} beside ${one} and ${other}`);
              }
            }
          }
        }
      });

      it("may be unknown at each path", async () => {
        const { full, changes } = await start();
        for (const args of [...full, ...changes]) {
          for (const path of pathsIn(args)) {
            const news = withUnknown(args, path);
            if (full.includes(args)) assert.deepEqual(failuresOf(news), [], path.join("."));
            assert.deepEqual(failuresOf(news, args), [], path.join("."));
          }
        }
      });

      it("show in a preview what they may change while they are unknown, and hide no replacement", async () => {
        const world = await start();
        const args = { ...world.place, ...cases.full[0] };
        assertDone(await world.up(args));
        const effects = Object.keys(args).map((name) => {
          const { onChange = "replace", whenUnknown = onChange } = cases.arguments[name] ?? {};
          return { name, effect: name in args ? whenUnknown : onChange };
        });
        const replacing = effects.filter(({ effect }) => effect === "replace");
        for (const { name, effect } of effects) {
          const { steps } = assertDone(await world.preview({ ...args, [name]: unknown }));
          assert.deepEqual(steps, [`${effect} it`], name);
          for (const { name: other } of replacing) {
            const both = { ...args, [name]: unknown, [other]: unknown };
            assert.deepEqual(assertDone(await world.preview(both)).steps, ["replace it"]);
          }
        }
      });

      it("may be null wherever they may be left out", async () => {
        const { full } = await start();
        const provider = kinds[type].serve(hostThat(() => {}));
        for (const path of optionalPaths(inputs)) {
          for (const args of full.filter((one) => valueAt(one, path) !== undefined)) {
            const responses = [null, undefined].map((value) =>
              provider.check({}, withValueAt(args, path, value)),
            );
            const [withNull, without] = await Promise.all(responses);
            assert.deepEqual(withNull, without, path.join("."));
          }
        }
      });

      it("are a change, refused, or reported once where the program leaves out what it had", async () => {
        const world = await start();
        for (const path of optionalPaths(inputs)) {
          const property = path.join(".");
          const isChange = cases.managedWhenAbsent?.includes(property);
          const all = [...world.full, ...world.changes];
          for (const args of all.filter((one) => valueAt(one, path) !== undefined)) {
            const reports: string[] = [];
            const provider = kinds[type].serve(
              hostThat((text) => {
                if (text.includes(`${property} is no longer in the`)) reports.push(text);
              }),
            );
            const without = withValueAt(args, path, undefined);
            const olds = { ...hidden, ...args };
            const checked = await provider.check(olds, { ...hidden, ...without });
            if (checked.failures.length > 0) continue;
            const state = resources[type].mock?.outputsOf(args, "") ?? args;
            const id = cases.idOf?.(args) ?? cases.missingId(world.place);
            const stored = { ...hidden, ...state, ...args, __inputs: args };
            const { changes, replaces } = await provider.diff(id, stored, checked.inputs);
            assert.notEqual(changes, false, property);
            assert.deepEqual(replaces, [], property);
            if (!isChange) assert.equal(reports.length, 1, `${property}: ${reports.join("\n")}`);
          }
        }
      });
    });
  }
});

/** A host whose provider has nobody to ask. */
function hostThat(report: (text: string) => void): () => Host {
  const host: Host = {
    environment: {},
    connect: () => assert.fail("check and diff send no request"),
    reporter: { report: async (_urn, _severity, text) => report(text) },
    clock: systemClock,
    signal: new AbortController().signal,
    run: new RunRecord(),
  };
  return () => host;
}
