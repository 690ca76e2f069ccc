import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { generatedName, isGeneratedFor } from "../../../provider/cluster/generated-name";

describe("Generated name", () => {
  const isValid = (name: string) => /^[a-z0-9][a-z0-9-]{4,18}[a-z0-9]$/.test(name);

  it("is a shortened resource name with six random digits", () => {
    assert.match(generatedName("orders"), /^orders-[0-9a-f]{6}$/);
    assert.match(generatedName("Orders Database"), /^orders-databa-[0-9a-f]{6}$/);
    assert.match(generatedName("my-very-long-cluster"), /^my-very-long-[0-9a-f]{6}$/);
    assert.match(generatedName("🚀"), /^cluster-[0-9a-f]{6}$/);
    assert.match(generatedName(""), /^cluster-[0-9a-f]{6}$/);
  });

  it("is valid and has at most 20 characters, whatever the resource is called", () => {
    const anyName = fc.string({ unit: "grapheme", maxLength: 60 });
    const details = fc.check(
      fc.property(anyName, (name) => isValid(generatedName(name))),
      { numRuns: 2_000 },
    );
    assert.ok(!details.failed, fc.defaultReportMessage(details));
  });

  it("is another one each time", () => {
    const names = new Set(Array.from({ length: 100 }, () => generatedName("orders")));
    assert.ok(names.size > 98);
  });

  it("is recognised for its resource and for no other", () => {
    for (const name of ["orders", "Orders Database", "my-very-long-cluster", "🚀"]) {
      assert.ok(isGeneratedFor(name, generatedName(name)), name);
    }
    for (const other of [
      "orders",
      "orders-12345",
      "orders-12345g",
      "my-orders-123456",
      "-123456",
    ]) {
      assert.ok(!isGeneratedFor("orders", other), other);
    }
  });
});
