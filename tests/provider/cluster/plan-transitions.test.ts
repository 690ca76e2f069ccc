import { strict as assert } from "node:assert";
import type { Plan } from "../../../provider/cluster/plan-transitions";
import { planTransition, planTransitions } from "../../../provider/cluster/plan-transitions";

const plans: Plan[] = ["BASIC", "STANDARD", "ADVANCED"];

const kinds: Record<Plan, Record<Plan, string>> = {
  BASIC: { BASIC: "same", STANDARD: "in-place", ADVANCED: "replace" },
  STANDARD: { BASIC: "in-place", STANDARD: "same", ADVANCED: "replace" },
  ADVANCED: { BASIC: "replace", STANDARD: "replace", ADVANCED: "same" },
};

describe("Plan transitions", () => {
  for (const from of plans) {
    for (const to of plans) {
      it(`${from} to ${to} is ${kinds[from][to]}`, () => {
        assert.equal(planTransition(from, to).kind, kinds[from][to]);
      });
    }
  }

  it("has nine cells and no other", () => {
    assert.deepEqual(Object.keys(planTransitions).sort(), [...plans].sort());
    for (const row of Object.values(planTransitions)) {
      assert.deepEqual(Object.keys(row).sort(), [...plans].sort());
    }
  });

  it("says in a sentence what every change means", () => {
    for (const from of plans) {
      for (const to of plans) {
        const { kind, sentence } = planTransition(from, to);
        if (kind === "same") assert.equal(sentence, undefined);
        else assert.match(sentence ?? "", /^[A-Z].*\.$/);
        if (kind === "replace") assert.match(sentence ?? "", /replaced by an empty one/);
      }
    }
  });
});
