import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/documents";
import { foreignWarnings, warningsIn } from "../support/foreign-warnings";

/** No run of the matrix meets these: the tests turn off what leads to them. */
const neverMet = [
  "YN0028: The lockfile would have been modified by this install",
  "A new version of Pulumi is available",
];

describe("Warnings of other tools", () => {
  it("are documented exactly as far as the tests let them pass", () => {
    const page = readFileSync(join(repository, "docs", "troubleshooting.md"), "utf8");
    const [, table = ""] = /^## Warnings of other tools$(.*?)^#/ms.exec(page) ?? [];
    const listed = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, text]) => text);
    assert.deepEqual(listed.sort(), [...Object.keys(foreignWarnings), ...neverMet].sort());
  });

  it("do not hide others", () => {
    const stdout = `Previewing update (test):
 +  pulumi:pulumi:Stack orders-test create
Diagnostics:
  pulumi:pulumi:Stack (orders-test):
    (node:1) [DEP0180] DeprecationWarning: fs.Stats constructor is deprecated.
    printed by something

➤ YN0013: │ 2 packages were added to the project
➤ YN0060: │ typescript is listed by your project with version 7.0.2
 WARN  deprecated thing@1.0.0
Resources:
    + 1 to create
`;
    const stderr =
      "npm warn EBADENGINE   package: 'pulumi-cockroachdb-cloud@0.1.0',\nnpm warn EBADENGINE }\n";
    assert.deepEqual(warningsIn({ stdout, stderr }), [
      "➤ YN0060: │ typescript is listed by your project with version 7.0.2",
      " WARN  deprecated thing@1.0.0",
      "npm warn EBADENGINE   package: 'pulumi-cockroachdb-cloud@0.1.0',",
      "    printed by something",
    ]);
  });
});
