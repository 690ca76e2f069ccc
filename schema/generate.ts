// Writes plugin/schema.json, from which the SDKs of all languages are generated. `npm run schema`;
// tests/schema/package-schema.test.ts fails while it is out of date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageSchema } from "./package-schema";

const repository = join(__dirname, "..");

export const schemaFile = join(repository, "plugin", "schema.json");

/** The text of the file as it should be. */
export function schemaText(): string {
  const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  return `${JSON.stringify(packageSchema(manifest), undefined, 2)}\n`;
}

if (require.main === module) {
  mkdirSync(dirname(schemaFile), { recursive: true });
  writeFileSync(schemaFile, schemaText());
}
