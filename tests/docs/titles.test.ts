// `npm test` holds the titles of all tests that it has run to the rules of scripts/test-titles.mjs; here are the rules.
import assert from "node:assert/strict";
import { titleProblems } from "../../scripts/test-titles.mjs";

describe("The titles of tests", () => {
  for (const title of [
    "A cluster of an unknown plan is refused with the plans that there are",
    "`pulumi up` creates what the program declares",
    "defineResource refuses a definition without an id",
    "Folders of a stack move with one request",
  ]) {
    it(`may be "${title}"`, () => assert.deepEqual(titleProblems([title]), []));
  }

  for (const [title, problem] of [
    ["a cluster is refused without a plan", "begins neither with a capital nor with a name"],
    ["Configuration precedence of the environment", "has no verb in the present tense"],
    ["Creating a cluster works", "does not say what happens"],
    ["Test that a cluster is created", "does not say what happens"],
    ["A cluster behaves as expected", "does not say what happens"],
    ["A key is read", "is too short"],
    [`A cluster is ${"very ".repeat(60)}large`, "is too long"],
    ["A cluster is created ", "has white space around it, or two lines"],
  ] as const) {
    it(`may not be one of ${title.length} characters that ${problem}`, () =>
      assert.deepEqual(titleProblems([title]), [`"${title}" ${problem}`]));
  }

  it("differ from each other", () => {
    const title = "A cluster is created once";
    assert.deepEqual(titleProblems([title, title]), [`"${title}" is the title of two tests`]);
  });
});
