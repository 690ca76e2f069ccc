// Writes the tables of the documentation that follow from the code: the arguments and outputs of each resource, and
// the lists of resources and functions. `npm run docs:tables`; tables.test.ts fails while one is out of date.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes, resourceTypes } from "../../provider/resource/resource-types";
import { casesOf } from "../conformance/resource-cases";
import { repository } from "../support/documents";
import { documentedArea } from "../support/openapi";
import type { Property } from "../support/public-types";
import { PublicTypes } from "../support/public-types";

/** The documents with generated tables, by path, as they should be. */
export function generatedDocuments(): Map<string, string> {
  const types = new PublicTypes();
  const pages = allResourceTypes.map((type) => {
    const path = pageOf(type);
    const page = read(path) ?? newPage(type, types);
    return [path, withTables(path, page, tablesOf(type, types))] as const;
  });
  const lists = Object.entries(listsOf(types)).map(([path, tables]) => {
    const text = read(path);
    assert.ok(text !== undefined, path);
    return [path, withTables(path, text, tables)] as const;
  });
  return new Map([...pages, ...lists]);
}

export function pageOf(type: ResourceType): string {
  return `docs/resources/${resourceTypes[type].stem}.md`;
}

type Tables = Readonly<Record<string, string>>;

/** The document with its tables replaced, each between `<!-- name -->` and `<!-- /name -->`. */
export function withTables(path: string, document: string, tables: Tables): string {
  let text = document;
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const parts = text.split(new RegExp(`${begin}[^]*?${end}`));
    assert.ok(
      parts.length === 2,
      `${path} must have the lines ${begin} and ${end} once: the table goes between.`,
    );
    text = parts.join(`${begin}\n${table}\n${end}`);
  }
  return text;
}

function read(path: string): string | undefined {
  const file = join(repository, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function newPage(type: ResourceType, types: PublicTypes): string {
  const { idFormat } = resources[type];
  return `# ${type}

${types.textOf(type)}

## Arguments

<!-- arguments --><!-- /arguments -->

## Outputs

<!-- outputs --><!-- /outputs -->

## Import

The id is \`${idFormat}\`.

## Errors

Those of every resource: [errors](../errors.md).
`;
}

function tablesOf(type: ResourceType, types: PublicTypes): Tables {
  const { idFormat, lifecycle } = resources[type];
  const secrets = new Set(lifecycle.secrets);
  const outputs = types
    .outputsOf(type)
    .map((output) => [
      code(output.path),
      secrets.has(output.path) ? `${typeOf(output)}, secret` : typeOf(output),
      perPlan(output, ({ text }) => withoutStop(text)),
    ]);
  return {
    arguments: argumentsTable(type, types.argumentsOf(`${type}Args`)),
    outputs: table(
      ["Output", "Type", "Meaning"],
      [["`id`", "string", `\`${idFormat}\``], ...outputs],
    ),
  };
}

function argumentsTable(type: ResourceType, properties: readonly Property[]): string {
  const isByPlan = properties.some(({ plans }) => plans.length > 0);
  const plans = new Set(properties.flatMap((property) => property.plans));
  const rows = nested(properties).map((property) => {
    const plan = property.plans.length === plans.size ? "all" : property.plans.join(", ");
    return [
      code(property.path),
      ...(isByPlan ? [plan] : []),
      typeOf(property),
      perPlan(property, ({ text }) => splitAtChange(text).meaning),
      defaultOf(property),
      changeOf(type, property, properties),
    ];
  });
  const heads = ["Argument", ...(isByPlan ? ["Plans"] : []), "Type", "Meaning"];
  return table([...heads, "Default", "On change"], rows);
}

function defaultOf(property: Property): string {
  const { alternatives, path } = property;
  if (alternatives.length > 0) return `one of ${alternatives.map(code).join(", ")} is required`;
  return perPlan(property, (docstring) => {
    assert.ok(
      docstring.isRequired || docstring.default,
      `The docstring of ${path} has no @default.`,
    );
    return docstring.default ?? "required";
  });
}

/** What a change does: in the docstring of the argument, or of the object that holds it. */
function changeOf(type: ResourceType, property: Property, properties: readonly Property[]): string {
  const { path } = property;
  const text = perPlan(property, (docstring) => splitAtChange(docstring.text).change);
  const rule = resources[type].onChange?.[path];
  if (text !== "") {
    const isAsDefined = rule === undefined || text.startsWith(phrases[rule]);
    assert.ok(isAsDefined, `The docstring of ${path} of ${type} says "${text}", not ${rule}.`);
    return text;
  }
  const parent = parentOf(property, properties);
  if (parent === undefined) {
    const members = properties.some((other) => parentOf(other, properties) === property);
    assert.ok(members, `The docstring of ${path} of ${type} does not say what a change does.`);
    return "by member";
  }
  const change = changeOf(type, parent, properties);
  return change === "by member" || change.startsWith("as `") ? change : `as \`${parent.path}\``;
}

const phrases = { update: "in place", replace: "replaces" } as const;

function parentOf({ path }: Property, properties: readonly Property[]): Property | undefined {
  const end = path.lastIndexOf(".");
  return properties.find((other) => end > 0 && other.path === path.slice(0, end));
}

/** Each property after the object that holds it. */
function nested(properties: readonly Property[], parent?: Property): Property[] {
  return properties
    .filter((property) => parentOf(property, properties) === parent)
    .flatMap((property) => [property, ...nested(properties, property)]);
}

function typeOf({ types }: Property): string {
  return types.join(types.every((type) => type.startsWith("`")) ? ", " : " or ");
}

/** The sentences from the first one that says what a change does. */
function splitAtChange(text: string): { meaning: string; change: string } {
  const sentences = text.split(/(?<=[.!?]) (?=[A-Z`])/);
  const first = sentences.findIndex((sentence) =>
    /\b(updated in place|replaces this resource|no replacement|not compared)\b/i.test(sentence),
  );
  if (first < 0) return { meaning: withoutStop(text), change: "" };
  const change = sentences
    .slice(first)
    .join(" ")
    .replace(/^Updated in place/, phrases.update)
    .replace(/^Changing it replaces this resource/, phrases.replace);
  return {
    meaning: withoutStop(sentences.slice(0, first).join(" ")),
    change: withoutStop(change.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())),
  };
}

/** What the docstrings say, plan by plan where they differ. */
function perPlan(
  { docstrings }: Property,
  textOf: (docstring: Property["docstrings"][number]) => string,
): string {
  const texts = new Map<string, string[]>();
  for (const docstring of docstrings) {
    const text = textOf(docstring);
    texts.set(text, [...(texts.get(text) ?? []), ...docstring.plans]);
  }
  const [only] = texts.keys();
  if (texts.size <= 1) return only ?? "";
  return [...texts].map(([text, plans]) => `${plans.join(", ")}: ${text}`).join("; ");
}

function listsOf(types: PublicTypes): Record<string, Tables> {
  const linked = (type: ResourceType, folder: string) =>
    `[\`${type}\`](${folder}${resourceTypes[type].stem}.md)`;
  const ofPurpose = (purpose: string) =>
    allResourceTypes
      .filter((type) => purposeOf(type) === purpose)
      .map((type) => linked(type, "docs/resources/"))
      .join(", ");
  const functions = types.functions();
  return {
    "README.md": {
      resources: table(
        ["For", "Resources"],
        Object.keys(areas).map((purpose) => [purpose, ofPurpose(purpose)]),
      ),
    },
    "docs/README.md": {
      resources: table(
        ["Resource", "What it is"],
        allResourceTypes.map((type) => [
          linked(type, "resources/"),
          withoutStop(types.textOf(type).split(/(?<=[.]) (?=[A-Z`])/)[0] ?? ""),
        ]),
      ),
      examples: table(["Program", "What it is"], exampleTitles()),
    },
    "docs/export.md": {
      "terraform-types": table(
        ["Terraform", "This package"],
        allResourceTypes.flatMap((type) => {
          const { terraformType } = resourceTypes[type];
          return terraformType === undefined ? [] : [[code(terraformType), code(type)]];
        }),
      ),
    },
    "docs/functions.md": {
      functions: table(
        ["Function", "Arguments", "What it does"],
        functions.map(({ name, parameters, text }) => [
          code(name),
          parameters && code(parameters),
          withoutStop(text),
        ]),
      ),
    },
  };
}

/** What resources are for, by the areas of the API's document. */
const areas: Readonly<Record<string, readonly string[]>> = {
  "Clusters and data": [
    "Clusters",
    "SQL Users",
    "Databases",
    "Backup/Restore",
    "Physical Cluster Replication",
  ],
  Network: [
    "IP Allowlists",
    "Private Endpoint Services",
    "Egress Rules",
    "Egress Private Endpoints",
  ],
  Encryption: ["Customer-managed Encryption Keys", "Client CA Certificates"],
  "Upgrades and outages": [
    "Maintenance Windows",
    "Version Deferral",
    "Blackout Windows",
    "Cluster Disruption",
  ],
  "Logs and metrics": ["Log Export", "Metric Export"],
  "People, keys and roles": [
    "Folders",
    "SCIM",
    "Service Accounts",
    "API Keys",
    "Role Management",
    "JWT Issuers",
  ],
};

function purposeOf(type: ResourceType): string {
  const area = documentedArea(casesOf[type].operations.create) ?? "no area";
  const purpose = Object.keys(areas).find((name) => areas[name]?.includes(area));
  assert.ok(purpose !== undefined, `${type} is of the area "${area}", which is for nothing yet.`);
  return purpose;
}

function exampleTitles(): string[][] {
  return readdirSync(join(repository, "examples")).map((name) => {
    const title = /^# (.+)$/m.exec(read(`examples/${name}/README.md`) ?? "")?.[1];
    assert.ok(title !== undefined, `examples/${name}/README.md has no title.`);
    return [`[${name}](../examples/${name})`, title];
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`.replaceAll("|  |", "| |");
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function withoutStop(text: string): string {
  return text.replace(/[.]$/, "");
}

if (require.main === module) {
  for (const [path, text] of generatedDocuments()) {
    if (text === read(path)) continue;
    writeFileSync(join(repository, path), text);
    process.stdout.write(`Updated ${path}\n`);
  }
}
