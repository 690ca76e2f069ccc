// What a reader copies out of the documents that is no TypeScript: YAML parses, JSON parses, commands exist, links lead somewhere.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { blocksOf, documents, repository } from "../support/documents";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const known = new Set(["ts", "sh", "yaml", "json", "text", ""]);
/** Languages of docs/languages.md, whose programs have tests of their own. */
const foreign = new Set(["python", "go", "java", "csharp", "typescript"]);

describe("Documents", function () {
  this.timeout(60_000);

  /** By subcommand, the options that its help lists. */
  const options = new Map<string, Set<string>>();

  before(async () => {
    const help = async (...words: string[]) =>
      (await promisify(execFile)(process.execPath, [join(repository, "dist/cli.js"), ...words]))
        .stdout;
    const subcommands = [...(await help("--help")).matchAll(/^ {2}([a-z]+) {2,}/gm)];
    assert.ok(subcommands.length >= 2);
    for (const [, name = ""] of subcommands) {
      const text = await help(name, "--help");
      options.set(
        name,
        new Set([...text.matchAll(/^ {2,}(--[a-z-]+)/gm)].map(([, option = ""]) => option)),
      );
    }
  });

  for (const document of documents) {
    const text = read(document);
    const blocks = blocksOf(text);
    const isAboutLanguages = document === "docs/languages.md";

    it(`${document} has blocks of known languages, which parse`, () => {
      for (const { language, code } of blocks) {
        const isKnown = known.has(language) || (isAboutLanguages && foreign.has(language));
        assert.ok(isKnown, `"${language}"`);
        if (language === "json") JSON.parse(code.replace(/^\s*…\s*$/gm, ""));
        if (language !== "yaml") continue;
        const errors = parseAllDocuments(code).flatMap((one) =>
          "errors" in one ? one.errors : [],
        );
        assert.deepEqual(errors.map(String), [], code);
      }
    });

    it(`${document} names commands that exist`, () => {
      // Options of the package's command stand in running text too.
      for (const [, name = "", rest = ""] of text.matchAll(
        /npx pulumi-cockroachdb-cloud ([a-z]+)((?: [^\s`]+)*)/g,
      )) {
        const listed = options.get(name);
        assert.ok(listed, `there is a subcommand ${name}`);
        const asked = rest.match(/(?<= )--[a-z-]+/g) ?? [];
        assert.deepEqual(
          asked.filter((option) => !listed.has(option)),
          [],
          `options of ${name}`,
        );
      }
      // Examples have scripts of their own.
      if (document.startsWith("examples") || document.startsWith("docs/ci")) return;
      for (const [, script = ""] of text.matchAll(/\bnpm run ([a-z:]+)/g)) {
        assert.ok(script in scripts, `npm run ${script}`);
      }
    });

    it(`${document} has links that lead somewhere`, () => {
      const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)|<img [^>]*src="([^"]+)"/g)];
      for (const [, link, image] of targets) {
        const target = link ?? image ?? "";
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? document : normalize(join(dirname(document), path));
        assert.ok(existsSync(join(repository, file)), `${target} exists`);
        if (anchor !== undefined && statSync(join(repository, file)).isFile()) {
          assert.ok(anchorsOf(read(file)).includes(anchor), `${target} has the heading`);
        }
      }
    });
  }

  it("CONTRIBUTING.md names every file of provider/ that is neither a resource nor a function", () => {
    const [, table = ""] = read("CONTRIBUTING.md").split("| Folder | File |");
    let folders: string[] = [];
    const named = table.split("\n").flatMap((row) => {
      const [, folder = "", files = ""] = row.split("|");
      const inRow = [...folder.matchAll(/`([\w-]+)\/`/g)].map(([, name = ""]) => name);
      if (inRow.length > 0) folders = inRow;
      return folders.flatMap((one) =>
        [...files.matchAll(/`([\w-]+[.]ts)`/g)].map(([, file]) => `${one}/${file}`),
      );
    });
    const files = readdirSync(join(repository, "provider"), { recursive: true, encoding: "utf8" })
      .filter((file) => /^(?!functions)[\w-]+\/[\w-]+[.]ts$/.test(file))
      .filter((file) => !named.includes(file));
    assert.deepEqual(files, []);
  });

  it("CONTRIBUTING.md names files that exist", () => {
    const paths = [...read("CONTRIBUTING.md").matchAll(/`((?:[a-z.-]+\/)+[\w.-]*)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !path.startsWith("pulumi-cockroachdb-cloud/"));
    assert.ok(paths.length > 20);
    assert.deepEqual(
      paths.filter(
        (path) =>
          !path.startsWith("reports/") &&
          path !== "docs/api" &&
          // The second table of the map is about provider/.
          ![path, `provider/${path}`].some((one) => existsSync(join(repository, one))),
      ),
      [],
    );
  });
});

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, "");
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, "").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
