import assert from "node:assert/strict";
import { clusterWithUsers, mixedStack, nullStack } from "../../bench/stacks";

describe("The stacks that are measured", () => {
  it("have as many resources as asked for, each with a name of its own", () => {
    for (const resources of [1, 7, 50, 60, 1_000]) {
      const names = mixedStack(resources).map(({ name }) => name);
      assert.equal(names.length, resources);
      assert.equal(new Set(names).size, resources);
    }
    assert.equal(clusterWithUsers(99).length, 100);
  });

  it("name a cluster before its parts", () => {
    const seen = new Set<string>();
    for (const { name, cluster } of mixedStack(300)) {
      assert.ok(cluster === undefined || seen.has(cluster), `${name} comes before ${cluster}`);
      seen.add(name);
    }
  });

  it("mix all kinds of resources, and both ways to name a cluster", () => {
    const stack = mixedStack(1_000);
    assert.equal(new Set(stack.map(({ type }) => type)).size, 7);
    assert.deepEqual(
      new Set(stack.flatMap(({ reference }) => reference ?? [])),
      new Set(["resource", "id"]),
    );
  });

  it("have a twin of resources that do nothing", () => {
    const stack = mixedStack(60);
    const twin = nullStack(stack);
    assert.ok(twin.every(({ type }) => type === "NullResource"));
    assert.deepEqual(
      twin.map(({ args }) => args),
      stack.map(({ args }) => args),
    );
  });
});
