// The architecture: who may import whom, types included. `npm run check` and a test hold it.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const resourceTypes = readFileSync(
  join(__dirname, "provider", "resource", "resource-types.ts"),
  "utf8",
);
const stems = [...resourceTypes.matchAll(/stem: "([a-z-]+)"/g)].map(([, stem]) => stem).join("|");
const resourceFile = `^provider/(${stems})[.]ts$`;

/** A package or a module of Node.js, installed or not. */
const modules = (...names) => `(^|node_modules/)(node:)?(${names.join("|")})(/|$)`;
const folders = (...names) => `^(${names.join("|")})(/|[.]ts$)`;

const everyFolder = folders(
  "index",
  "cli",
  "provider",
  "sdk",
  "emulator",
  "doctor",
  "export",
  "plugin",
  "testing",
);
const http = modules("node-fetch", "p-retry", "https?", "http2", "undici");
const pulumi = modules("@pulumi");

/** What a resource is, apart from its class. */
const core = "^provider/(resource|cluster|cmek|engine|cache|values)/";

const rules = [
  {
    from: "^index[.]ts$",
    to: [
      folders("sdk", "emulator", "doctor", "export", "plugin", "testing", "cli"),
      modules("node-fetch", "p-retry", "zod"),
    ],
    because: "index.ts re-exports provider/ and nothing else.",
  },
  {
    from: folders("provider"),
    to: [http],
    because: "provider/ never touches HTTP: call the client of sdk/.",
  },
  {
    from: folders("provider"),
    to: [
      folders(
        "index",
        "cli",
        "emulator",
        "doctor",
        "export",
        "plugin",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because: "The arrows go examples -> index -> provider -> sdk.",
  },
  {
    from: resourceFile,
    to: [resourceFile],
    because:
      "A resource file imports no other resource file: what two need is a module of its own.",
  },
  {
    from: core,
    to: ["^provider/dynamic/"],
    because:
      "What a resource is does not depend on the protocol that serves it: dynamic/ is one adapter to engine/.",
  },
  {
    from: folders("sdk"),
    to: [
      pulumi,
      folders(
        "index",
        "cli",
        "provider",
        "emulator",
        "doctor",
        "export",
        "plugin",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because: "sdk/ is a client of the API and does not depend on Pulumi.",
  },
  {
    from: folders("emulator"),
    to: [
      pulumi,
      modules("node-fetch", "p-retry"),
      folders(
        "index",
        "cli",
        "provider",
        "sdk",
        "doctor",
        "export",
        "plugin",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because:
      "The emulator is an independent witness: it shares no rule with provider/ and no type with sdk/.",
  },
  {
    from: "^emulator/cluster/",
    to: ["^emulator/(areas|registry|index)"],
    because:
      "A cluster of the emulator knows no area: an area keeps its own state of each cluster.",
  },
  {
    from: folders("doctor"),
    to: [
      http,
      folders(
        "index",
        "cli",
        "emulator",
        "export",
        "plugin",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because: "The arrows go cli -> doctor -> provider -> sdk.",
  },
  {
    from: folders("export"),
    to: [
      http,
      folders(
        "index",
        "cli",
        "emulator",
        "doctor",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because: "The arrows go cli -> export -> provider -> sdk.",
  },
  {
    from: folders("plugin"),
    to: [
      http,
      "^provider/dynamic/",
      folders(
        "index",
        "cli",
        "emulator",
        "doctor",
        "export",
        "testing",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because:
      "plugin/ is one adapter to engine/ and dynamic/ another: what both need is in engine/.",
  },
  {
    from: everyFolder,
    to: [folders("schema")],
    because: "schema/ writes plugin/schema.json: it is no part of the package.",
  },
  {
    from: folders("testing"),
    to: [
      folders(
        "index",
        "cli",
        "doctor",
        "export",
        "plugin",
        "examples",
        "tests",
        "bench",
        "scripts",
      ),
    ],
    because:
      "testing/ makes outputs of provider/ in the forms of emulator/, and needs nothing else.",
  },
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no circle of imports",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "What a resource is runs without Pulumi: it imports types of it and of program/, and no code.",
      severity: "error",
      from: { path: core },
      to: { path: [pulumi, "^provider/program/"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "an example imports the package by its name, as a user's program does",
      severity: "error",
      from: { path: "^examples/([^/]+)/" },
      to: {
        path: [everyFolder, "^examples/"],
        pathNot: "^examples/$1/",
        dependencyTypesNot: ["aliased"],
      },
    },
    ...rules.map(({ from, to, because }) => ({
      name: because,
      severity: "error",
      from: { path: from },
      to: { path: to },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, "tsconfig.json") },
    // Packages, and what is outside of the folder.
    doNotFollow: { path: ["node_modules", "^[.][.]/"] },
  },
};
