import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { lifecycle } from "../../../provider/cluster";
import { hasUnknown, isUnknown, leadsToUnknown } from "../../../provider/values/unknown";
import { advanced, basic, standard, stateOf } from "../../support/builders";

// What a preview hands over in place of a value that it does not know; Node's SDK sends the first.
const sentinels = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
] as const;
const unknown = sentinels[0];

const general = { deleteProtection: true, labels: { team: "payments", env: "" }, parentId: "root" };

const complete = {
  basic: basic(
    {
      regions: ["us-central1", "us-east1"],
      primaryRegion: "us-east1",
      usageLimits: { requestUnitLimit: 5, storageMibLimit: 6 },
      upgradeType: "AUTOMATIC",
      withEmptyIpAllowlist: true,
    },
    { ...general, name: "orders" },
  ),
  standard: standard(
    { upgradeType: "MANUAL", cockroachVersion: "v25.2", withEmptyIpAllowlist: false },
    general,
  ),
  advanced: advanced(
    {
      regionNodes: { "us-east1": 3, "us-west2": 3, "us-central1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, diskIops: 0 },
      cockroachVersion: "v25.2",
      finalizeUpgrade: true,
      networkVisibility: "PRIVATE",
      cidrRange: "172.28.0.0/14",
      supportsClusterVirtualization: false,
      restrictEgressTraffic: true,
      cmekRegionSpecs: [
        {
          region: "us-east1",
          keySpec: { type: "GCP_CLOUD_KMS", uri: "key", authPrincipal: "somebody" },
        },
      ],
    },
    {
      ...general,
      name: "orders",
      cloudProvider: "GCP",
      customerCloudAccount: { gcp: { serviceAccountEmail: "a@b" } },
    },
  ),
};

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== "object" || value === null) return own;
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...own, ...[...keys].flatMap((key) => pathsOf(Reflect.get(value, key), [...path, key]))];
}

function withValue(root: object, path: Path, value: unknown): Record<string, unknown> {
  const copy = structuredClone(root) as Record<string, unknown>;
  let place: unknown = copy;
  for (const key of path.slice(0, -1)) {
    // An earlier value may have taken the place of the whole branch.
    if (typeof place !== "object" || place === null) return copy;
    place = Reflect.get(place, key);
  }
  if (typeof place === "object" && place !== null) Reflect.set(place, path.at(-1) ?? "", value);
  return copy;
}

function holds<Values>(property: fc.IProperty<Values>): void {
  const details = fc.check(property);
  assert.ok(!details.failed, fc.defaultReportMessage(details));
}

const plans = ["basic", "standard", "advanced"] as const;

const anyPlan = fc.constantFrom(...plans);

describe("Unknown values", () => {
  describe("in check", () => {
    for (const plan of plans) {
      it(`at any one path of a complete ${plan} cluster are valid, with each sentinel`, () => {
        assert.deepEqual(lifecycle.check({}, complete[plan]).failures, []);
        for (const path of pathsOf(complete[plan])) {
          for (const sentinel of sentinels) {
            const news = withValue(complete[plan], path, sentinel);
            assert.deepEqual(lifecycle.check({}, news).failures, [], path.join("."));
          }
        }
      });

      it(`are not refused for a protected ${plan} cluster that is in state`, () => {
        for (const path of pathsOf(complete[plan])) {
          const news = withValue(complete[plan], path, unknown);
          const { failures } = lifecycle.check(complete[plan], news);
          assert.deepEqual(failures, [], path.join("."));
        }
      });
    }

    it("at several paths at once are valid", () => {
      const anywhere = fc.record({
        plan: anyPlan,
        at: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        sentinel: fc.constantFrom(...sentinels),
      });
      holds(
        fc.property(anywhere, ({ plan, at, sentinel }) => {
          const paths = pathsOf(complete[plan]);
          const news = at.reduce<Record<string, unknown>>(
            (args, index) => withValue(args, paths[index % paths.length] as Path, sentinel),
            complete[plan],
          );
          assert.deepEqual(lifecycle.check({}, news).failures, []);
        }),
      );
    });

    it("pass where the value may turn out to be left out", () => {
      const machine = { numVirtualCpus: 4, machineType: unknown };
      for (const news of [
        { ...basic(), plan: unknown, serverless: unknown, dedicated: unknown },
        { ...basic(), dedicated: unknown },
        basic({ usageLimits: { provisionedVirtualCpus: unknown } }),
        basic({ cockroachVersion: unknown }),
        standard({ usageLimits: { provisionedVirtualCpus: 2, requestUnitLimit: unknown } }),
        { ...basic(), customerCloudAccount: unknown },
        advanced({ hardware: { machineSpec: machine } }),
        advanced({ hardware: { machineSpec: { machineType: unknown } } }),
        advanced({}, { customerCloudAccount: { aws: { arn: "a" }, gcp: unknown } }),
      ]) {
        assert.deepEqual(lifecycle.check({}, news).failures, [], JSON.stringify(news));
      }
    });

    it("do not hide the problems beside them", () => {
      const news = basic(
        { regions: [unknown], usageLimits: { requestUnitLimit: 0, storageMibLimit: unknown } },
        { name: "🚀", labels: { Team: unknown } },
      );
      assert.deepEqual(
        lifecycle
          .check({}, news)
          .failures.map(({ property }) => property)
          .sort(),
        ["labels.Team", "name", "serverless.usageLimits.requestUnitLimit"],
      );
    });

    it("are noted to replace the cluster when they may", () => {
      const { notes } = lifecycle.check(
        { ...basic(), name: "orders" },
        { ...basic(), name: unknown },
      );
      assert.deepEqual(
        notes.map(({ severity }) => severity),
        ["warning"],
      );
    });
  });

  describe("in diff", () => {
    /** Whether the value at this path decides about a replacement: any other value makes one. */
    const replacing: Record<(typeof plans)[number], string[]> = {
      basic: [
        "name",
        "cloudProvider",
        "plan",
        "serverless",
        "serverless.regions",
        "serverless.regions.0",
        "serverless.regions.1",
      ],
      standard: [
        "cloudProvider",
        "plan",
        "serverless",
        "serverless.regions",
        "serverless.regions.0",
      ],
      advanced: [
        "name",
        "cloudProvider",
        "plan",
        "customerCloudAccount",
        "customerCloudAccount.gcp",
        "customerCloudAccount.gcp.serviceAccountEmail",
        "dedicated",
        "dedicated.networkVisibility",
        "dedicated.cidrRange",
        "dedicated.supportsClusterVirtualization",
      ],
    };

    for (const plan of plans) {
      it(`report the replacement of a ${plan} cluster, and none where there cannot be one`, () => {
        const asked = { ...complete[plan], deleteProtection: false };
        const stored = { state: stateOf(asked), inputs: asked, isFromBridge: false } as never;
        assert.deepEqual(lifecycle.diff("id", stored, asked as never).replaces, []);
        for (const path of pathsOf(asked)) {
          const news = withValue(asked, path, unknown);
          const { replaces, refusal } = lifecycle.diff("id", stored, news as never);
          assert.equal(
            replaces.length > 0,
            replacing[plan].includes(path.join(".")),
            path.join("."),
          );
          assert.equal(refusal, undefined);
        }
      });
    }

    it("never take away the replacement that another value causes", () => {
      holds(
        fc.property(
          fc.record({ plan: anyPlan, at: fc.nat(), other: fc.nat() }),
          ({ plan, at, other }) => {
            const asked = { ...complete[plan], deleteProtection: false };
            const stored = { state: stateOf(asked), inputs: asked, isFromBridge: false } as never;
            const changes = replacing[plan].filter(
              (path) => !path.includes("customerCloudAccount."),
            );
            const changed = (changes[other % changes.length] ?? "").split(".");
            const paths = pathsOf(asked);
            const path = paths[at % paths.length] as Path;
            const both = withValue(withValue(asked, changed, unknown), path, unknown);
            assert.notDeepEqual(lifecycle.diff("id", stored, both as never).replaces, []);
          },
        ),
      );
    });

    it("are a change of what they may change", () => {
      const asked = complete.basic;
      const stored = { state: stateOf(asked), inputs: asked, isFromBridge: false } as never;
      for (const path of [
        "labels",
        "labels.team",
        "deleteProtection",
        "parentId",
        "serverless.primaryRegion",
        "serverless.usageLimits",
        "serverless.usageLimits.storageMibLimit",
      ]) {
        const news = withValue(asked, path.split("."), unknown);
        const { updates } = lifecycle.diff("id", stored, news as never);
        assert.equal(updates.length, 1, path);
        assert.ok(path.startsWith(updates[0] ?? "?"), path);
      }
    });
  });

  describe("are reported", () => {
    it("by all seven sentinels and nothing else", () => {
      for (const sentinel of sentinels) assert.ok(isUnknown(sentinel));
      for (const other of ["", null, undefined, 0, "04da6b54", {}]) assert.ok(!isUnknown(other));
    });

    it("at any depth", () => {
      assert.ok(hasUnknown({ a: [{ b: unknown }] }));
      assert.ok(hasUnknown(["known", unknown]));
      assert.ok(hasUnknown({ a: "known", b: unknown }));
      assert.ok(!hasUnknown({ a: [{ b: "known" }], c: null }));
    });

    it("on the way to a value that cannot be there yet", () => {
      assert.ok(leadsToUnknown({ a: unknown }, ["a", "b", 0]));
      assert.ok(leadsToUnknown({ a: { b: unknown } }, ["a", "b"]));
      assert.ok(!leadsToUnknown({ a: { b: 1 }, c: unknown }, ["a", "b"]));
      assert.ok(!leadsToUnknown({ a: null }, ["a", "b"]));
      assert.ok(!leadsToUnknown({ a: "text" }, ["a", "length"]));
    });
  });
});
