/** The documents that readers get, and the code in them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const repository = join(__dirname, "..", "..");

/** Paths of all Markdown files, from the root of the repository. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...markdownIn("docs"),
  ...markdownIn("examples"),
];

function markdownIn(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name))
    .sort();
}

export interface Block {
  /** As it stands behind the back-ticks, empty for none. */
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a document in order, also those that are part of a list. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^( *)```(\S*)\n(.*?)^\1```$/gms)].map(
    ([, indent = "", language = "", code = ""]) => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** The first block of a language in a document. */
export function programIn(document: string, language: string): string {
  const blocks = blocksOf(readFileSync(join(repository, document), "utf8"));
  const found = blocks.find((block) => block.language === language);
  assert.ok(found, `${document} has a block of ${language}`);
  return found.code;
}
