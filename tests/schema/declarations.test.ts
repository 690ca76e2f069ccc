// What is read of public types, on types made for it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shape } from "../../schema/declarations";
import { Declarations } from "../../schema/declarations";

const publicTypes = `
type Output<T> = { apply(): T };
type Input<T> = T | Promise<T> | Output<T>;
declare class CustomResource { id: Output<string>; }

/** Which plan. */
export type Plan = "BASIC" | "ADVANCED";

interface Common {
  /** Where it is, by resource or id. */
  parent: Input<string> | CustomResource;
}
export interface BasicArgs extends Common {
  /** The plan. */
  plan: Input<"BASIC">;
  /**
   * How much.
   * @default 1
   */
  size?: Input<number>;
}
export interface AdvancedArgs extends Common {
  /** The plan. */
  plan: Input<"ADVANCED">;
  /**
   * How
   * many.
   *
   * At least 3.
   */
  size: Input<number>;
  /**
   * Do not use it.
   * @deprecated Use size.
   */
  count?: Input<Input<{ /** A time. */ at: string | Date }>[]>;
}
export type Args = BasicArgs | AdvancedArgs;

/** Reads. */
export declare function read(args: Record<string, never>): Promise<{ [key: string]: boolean } | undefined>;
export declare function readOutput(): void;
`;

describe("Declarations", () => {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  const index = join(folder, "index.ts");
  writeFileSync(index, publicTypes);
  const declarations = new Declarations(index);
  after(() => rmSync(folder, { recursive: true, force: true }));

  const member = (name: string) => {
    const found = declarations.object("Args").members.find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };

  it("take an id for the resource that may stand there", () => {
    const { isOptional, shape } = member("parent");
    assert.deepEqual({ isOptional, shape }, { isOptional: false, shape: { kind: "string" } });
  });

  it("join what the plans have, and find the name of the choice again", () => {
    assert.deepEqual(member("plan").shape, { kind: "enum", values: ["BASIC", "ADVANCED"] });
    assert.equal(declarations.enumName(["ADVANCED", "BASIC"]), "Plan");
    assert.equal(declarations.enumName(["BASIC"]), undefined);
  });

  it("keep what the docstrings say of each plan, paragraph by paragraph", () => {
    const { docstrings, isOptional } = member("size");
    assert.equal(isOptional, true);
    assert.deepEqual(docstrings, [
      { text: "How much.", default: "1", plans: ["BASIC"] },
      { text: "How many.\n\nAt least 3.", plans: ["ADVANCED"] },
    ]);
  });

  it("say what is deprecated, and what only one plan has is optional", () => {
    const { deprecated, isOptional, shape } = member("count");
    assert.equal(deprecated, "Use size.");
    assert.equal(isOptional, true);
    assert.ok(shape.kind === "list" && shape.item.kind === "object");
    const [at] = shape.item.members;
    assert.deepEqual(at?.shape, { kind: "string" } satisfies Shape);
  });

  it("know functions by their twins, what they take, and whether they may return nothing", () => {
    assert.deepEqual(declarations.functions(), [
      {
        name: "read",
        text: "Reads.",
        inputs: undefined,
        result: { kind: "map", item: { kind: "boolean" } },
        mayBeAbsent: true,
      },
    ]);
  });
});
