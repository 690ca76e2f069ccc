// The examples in YAML are those of the resources' pages, and a preview would accept them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import type { YamlProgram } from "../../schema/examples";
import { yamlProgramOf } from "../../schema/examples";
import { schemaFile } from "../../schema/generate";
import type { PackageSchema } from "../../schema/package-schema";
import { completed } from "./completed";

/** What the engine has in the place of a text that is not known yet. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const schema: PackageSchema = JSON.parse(readFileSync(schemaFile, "utf8"));

describe("The example in YAML", () => {
  for (const type of allResourceTypes) {
    const { description = "" } = schema.resources[`cockroachdb-cloud:index:${type}`] ?? {};
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(description) ?? [];
    const program: YamlProgram = parse(text, { version: "1.1" });

    it(`declares the resource: ${type}`, () => {
      const types = Object.values(program.resources).map((one) => one.type);
      assert.ok(types.includes(`cockroachdb-cloud:${type}`), types.join());
    });

    it(`passes the checks of a preview: ${type}`, () => {
      for (const [key, one] of Object.entries(program.resources)) {
        const type = one.type.replace("cockroachdb-cloud:", "") as ResourceType;
        const { lifecycle } = resources[type];
        const news = { ...completed[type], ...withUnknowns(one.properties, program) };
        assert.deepEqual(lifecycle.check({}, news, undefined).failures, [], key);
      }
    });
  }
});

/** The properties with what a first preview has in the place of references, each of which must lead somewhere. */
function withUnknowns(properties: unknown, program: YamlProgram): Record<string, unknown> {
  return JSON.parse(JSON.stringify(properties), (_key, value) => {
    const [, name] = /^\$\{([\w-]+)/.exec(String(value)) ?? [];
    if (name === undefined) return value;
    assert.ok(name in program.resources || name in (program.config ?? {}), value);
    return unknownText;
  });
}

describe("An example in TypeScript as one in YAML", () => {
  it("names resources by their variables, and refers to their ids and outputs", () => {
    const program = yamlProgramOf(`
      const ci = new cockroachdb.ServiceAccount("bot", { name: "ci" });
      new cockroachdb.ApiKey("key", { serviceAccountId: ci, name: ci.name }, { protect: true });
    `);
    assert.deepEqual(program, {
      resources: {
        ci: { type: "cockroachdb-cloud:ServiceAccount", name: "bot", properties: { name: "ci" } },
        key: {
          type: "cockroachdb-cloud:ApiKey",
          properties: { serviceAccountId: `\${ci.id}`, name: `\${ci.name}` },
          options: { protect: true },
        },
      },
    });
  });

  it("has as configuration what the example does not say", () => {
    const { config } = yamlProgramOf(`
      new cockroachdb.SqlUser("app", { clusterId: standard, password });
      new cockroachdb.Database("db", { clusterId: standard, name: config.require("database") });
    `);
    assert.deepEqual(config, {
      standardId: { type: "string" },
      password: { type: "string", secret: true },
      database: { type: "string" },
    });
  });

  it("leaves out what declares no resource", () => {
    const code =
      "const config = new pulumi.Config(); export const url = cluster.connectionUrl({});";
    assert.deepEqual(yamlProgramOf(code), { resources: {} });
  });

  it("is refused where YAML cannot have it", () => {
    const code = 'new cockroachdb.Database("db", { name: makeName() });';
    assert.throws(() => yamlProgramOf(code), /cannot have makeName/);
  });
});
