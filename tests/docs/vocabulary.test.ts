// One word for one thing, and the one that the field uses.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/documents";

/** Words that are not used here, and what is used in their place. A part of a longer identifier counts too. */
const words: readonly [word: RegExp, instead: string, exceptIn?: RegExp][] = [
  [/answer(s|ed|ing)?/i, "response, return, respond"],
  [/unanswered/i, "write-only"],
  [/mend(s|ed|ing)?/i, "fix"],
  [/gone/i, "deleted, not found"],
  [/took over|takes? over|taken over|taking over|recordAdopted|takenOver|takeOver/i, "adopt"],
  [/luck/i, "jitter, chance"],
  [/belongings?/i, "subresources"],
  [/str(uck|ikes?)/i, "inject, injected fault"],
  [/anew/i, "again, recreate"],
  [/told|tells?/i, "report, say, know"],
  [
    /look(s|ed|ing)? (at|for|after)|lookAt|lookFor|look-ups?|lookUps?/i,
    "read, poll, find; function",
    // The wording of Go's JSON decoder.
    /^(emulator\/server\/json-syntax|tests\/emulator\/server\/transport[.]test)[.]ts$/,
  ],
  [/(a|the|each|few|no|one|shared|second) looks?|looks (again|first|once|afresh)/i, "read, poll"],
  [/in vain/i, "without success"],
  [/makes good/i, "recovers from"],
  [/sabotaged?/i, "break, mutant"],
  [/bystanders?/i, "control"],
  [/outlook/i, "upcoming events"],
  [/(longest|shortest|largest|smallest) [A-Z][a-z]+/, "max, min"],
  [/(most|least) (In|Pages|Bytes|Ms|Seconds|Replacements|Subjects)/, "max, min"],
  [/(it|never|still|always|API) responses|responses an? /i, "return, respond"],
  [/gave up waiting/i, "time out"],
  [/the service goes on[.,]/i, "the operation continues in CockroachDB Cloud"],
  [/is to be seen/i, "is found"],
  [/foreign state|stored[.](asked|is Foreign)/i, "isFromBridge, bridged state, inputs"],
  [/busy-world|early-end|stray-not-found|bad-servers|cluster-feed/, "what happens, by its term"],
];

/** What is held to them. */
const folders: readonly string[] = [
  ...["emulator", "provider", "sdk", "doctor", "export", "testing", "cli.ts", "index.ts"],
  ...["tests", "bench", "scripts", "examples", "findings", "stryker.config.json"],
  ...["docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
];

const pattern = (word: RegExp) => new RegExp(`(?<![a-z])(?:${word.source})(?![a-z])`, word.flags);

function trackedFiles(): string[] {
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", ...folders], {
    cwd: repository,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((file) => /[.](ts|mts|mjs|cjs|js|md|json|sh|ya?ml)$/.test(file));
}

describe("The words of this project", () => {
  const files = trackedFiles();
  for (const [word, instead, exceptIn = /^$/] of words) {
    it(`do not include ${word.source}: ${instead}`, () => {
      const found = files
        .filter((file) => !exceptIn.test(file) && file !== "tests/docs/vocabulary.test.ts")
        .flatMap((file) =>
          readFileSync(join(repository, file), "utf8")
            .split("\n")
            .flatMap((line, index) =>
              pattern(word).test(line.replace(/([a-z])([A-Z])/g, "$1 $2"))
                ? [`${file}:${index + 1}: ${line.trim()}`]
                : [],
            ),
        );
      assert.deepEqual(found, []);
    });
  }

  it("are searched in every folder that is held to them", () => {
    for (const folder of folders) {
      assert.ok(
        files.some((file) => file.startsWith(folder)),
        folder,
      );
    }
  });

  it("name functions by what they do or return, and not by a participle", () => {
    const participle =
      /^([a-z]+ed|made|found|given|shown|known|taken|written|sent|kept|left|told)$/;
    // `unauthenticated` is a code of gRPC.
    const product = /^(provider|sdk|emulator|doctor|export|plugin|testing)\//;
    const found = files
      .filter((file) => product.test(file) && file.endsWith(".ts"))
      .flatMap((file) => {
        const text = readFileSync(join(repository, file), "utf8");
        return [...text.matchAll(/^(?:export )?(?:async )?function\*? (\w+)/gm)].flatMap(
          ([, name = ""]) =>
            participle.test(name) && name !== "unauthenticated" ? [`${file}: ${name}`] : [],
        );
      });
    assert.deepEqual(found, []);
  });

  it("are found inside identifiers, and not inside other words", () => {
    for (const text of ["an answer", "lastAnswer", "answered", "onAnswer("]) {
      const isFound = pattern(words[0]?.[0] as RegExp).test(
        text.replace(/([a-z])([A-Z])/g, "$1 $2"),
      );
      assert.ok(isFound, text);
    }
    assert.ok(!pattern(words[1]?.[0] as RegExp).test("recommended"));
  });
});
