// What differs between arguments and state, by the rule of each argument.
import assert from "node:assert/strict";
import { Comparison } from "../../../provider/resource/compare";
import type { ArgumentRule } from "../../../provider/resource/definition";
import { unknown } from "../../support/engine-model/values";

interface Inputs {
  readonly place?: unknown;
  readonly size?: unknown;
  readonly tags?: unknown;
  readonly note?: unknown;
  readonly password?: unknown;
  readonly keepers?: unknown;
}

type State = Inputs & { readonly status?: unknown };

const lowerCase = (value: unknown) => String(value).toLowerCase();

const rules: Record<keyof Inputs, ArgumentRule> = {
  place: { onChange: "replace" },
  size: { onChange: "update", canonical: lowerCase, replacesWith: (value) => value === "HUGE" },
  tags: { onChange: "update", isManagedWhenAbsent: true, canonical: (value) => value ?? {} },
  note: { onChange: "update", unset: "", reset: "Write an empty text." },
  password: { onChange: "update", isWriteOnly: true, renewedWith: "keepers" },
  keepers: { onChange: "update", isWriteOnly: true },
};

const compare = new Comparison<Inputs, State>({ arguments: rules, outputs: ["status"] });
const state: State = { place: "here", size: "small", tags: { a: "1" }, note: "old", status: "UP" };

describe("A comparison of arguments with state", () => {
  const changes = (inputs: Inputs) => compare.changes(state, inputs);
  const none = { updates: [], replaces: [] };
  const same: Inputs = { place: "here", tags: { a: "1" } };

  it("finds no change where the values mean the same", () => {
    assert.deepEqual(changes({ ...same, size: "SMALL", note: "old" }), none);
  });

  it("separates what is updated from what replaces", () => {
    assert.deepEqual(changes({ place: "there", size: "big", tags: { a: "1" } }), {
      updates: ["size"],
      replaces: ["place"],
    });
  });

  it("replaces with the one value of an argument that cannot be reached in place", () => {
    assert.deepEqual(changes({ ...same, size: "HUGE" }), { updates: [], replaces: ["size"] });
  });

  it("takes an argument that is not known yet for a change", () => {
    assert.deepEqual(changes({ ...same, note: unknown }).updates, ["note"]);
  });

  it("leaves alone what the program leaves out, unless its absence means none of it", () => {
    assert.deepEqual(changes({ place: "here" }), { updates: ["tags"], replaces: [] });
    assert.deepEqual(compare.changes({ ...state, tags: {} }, { place: "here" }), none);
  });

  it("renews what another argument renews, where the program had it and leaves it out now", () => {
    const renewed = (updates: (keyof Inputs)[], asked: Inputs, news: Inputs) =>
      compare.renewals({ updates, replaces: [] }, asked, news);
    assert.deepEqual(renewed(["keepers"], { password: "a" }, {}), ["password"]);
    assert.deepEqual(renewed(["keepers"], { password: "a" }, { password: "a" }), []);
    assert.deepEqual(renewed(["keepers"], {}, {}), []);
    assert.deepEqual(renewed(["size"], { password: "a" }, {}), []);
  });

  it("names as cleared only what is managed when it is absent, and is absent", () => {
    assert.equal(compare.isCleared("tags", {}), true);
    assert.equal(compare.isCleared("tags", { tags: {} }), false);
    assert.equal(compare.isCleared("note", {}), false);
    assert.equal(compare.isCleared("status", {}), false);
  });

  it("has arguments as the API returns them, what is unknown as it is, and adds none", () => {
    assert.deepEqual(compare.returned({ place: "Here", size: "BIG" }), {
      place: "Here",
      size: "big",
    });
    assert.deepEqual(compare.returned({ size: unknown }), { size: unknown });
  });

  it("takes two sets of arguments for the same where all values mean the same and are known", () => {
    assert.equal(compare.isSame({ ...same, size: "a" }, { ...same, size: "A" }), true);
    assert.equal(compare.isSame({ ...same, size: "a" }, { ...same, size: "b" }), false);
    assert.equal(compare.isSame({ ...same, note: unknown }, { ...same, note: unknown }), false);
    assert.equal(compare.isSame({ place: "a" }, { place: "a", tags: {} }), true);
  });

  it("completes state with what is unset, and drops what is null or no property of it", () => {
    const foreign = { place: "here", size: null, other: "x", status: "UP" };
    assert.deepEqual(compare.complete(foreign), { place: "here", note: "", status: "UP" });
    assert.deepEqual(compare.complete({ note: "x" }), { note: "x" });
  });
});

describe("The arguments that a refresh finds", () => {
  const refreshed = (asked: Inputs, actual: State = state) =>
    compare.refreshedInputs(asked, actual);

  it("keep the program's own spelling where it means the same", () => {
    assert.deepEqual(refreshed({ place: "here", size: "SMALL" }), { place: "here", size: "SMALL" });
  });

  it("have the actual value of what has drifted", () => {
    assert.deepEqual(refreshed({ place: "here", size: "big" }), { place: "here", size: "small" });
  });

  it("leave out what the program leaves open", () => {
    assert.deepEqual(refreshed({ place: "here" }), { place: "here" });
  });

  it("leave out what the object no longer has", () => {
    assert.deepEqual(refreshed({ place: "here", note: "x" }, { place: "here" }), { place: "here" });
  });

  it("keep what the API never returns, and do not take it from state", () => {
    const asked = { place: "here", password: "a" };
    assert.deepEqual(refreshed(asked, { ...state, password: "b", keepers: { c: "d" } }), asked);
  });

  it("are all that an object has that is only read, but for what is unset", () => {
    const actual = { ...state, note: "" };
    assert.deepEqual(refreshed({}, actual), { place: "here", size: "small", tags: { a: "1" } });
    assert.deepEqual(refreshed({}).note, "old");
  });
});
