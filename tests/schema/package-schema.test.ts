// The schema of the Pulumi package: complete, as the code says now, and in agreement with what the resources do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { functions, listPropertyOf } from "../../provider/functions/table";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { schemaFile, schemaText } from "../../schema/generate";
import type {
  EnumSpec,
  ObjectSpec,
  PackageSchema,
  PropertySpec,
  ResourceSpec,
  TypeSpec,
} from "../../schema/package-schema";
import { casesOf } from "../conformance/resource-cases";
import { completed } from "./completed";

const schema: PackageSchema = JSON.parse(readFileSync(schemaFile, "utf8"));

const resourceSpec = (type: ResourceType): ResourceSpec => {
  const spec = schema.resources[`cockroachdb-cloud:index:${type}`];
  assert.ok(spec, type);
  return spec;
};

const namedType = ({ $ref = "" }: TypeSpec): ObjectSpec | EnumSpec | undefined =>
  schema.types[$ref.replace("#/types/", "")];

describe("The schema of the package", () => {
  it("is what the code says now", () => {
    const isUpToDate = readFileSync(schemaFile, "utf8") === schemaText();
    assert.ok(isUpToDate, `${basename(schemaFile)} is out of date: run npm run schema`);
  }).timeout(60_000);

  it("has every resource, with the type that it has in states of the other providers", () => {
    assert.deepEqual(
      Object.keys(schema.resources),
      allResourceTypes.map((type) => `cockroachdb-cloud:index:${type}`).sort(),
    );
    const database = resourceSpec("Database").aliases?.map(({ type }) => type);
    assert.deepEqual(database, [
      "pulumi-nodejs:dynamic/cockroachdb-cloud:Database",
      "cockroach:index/database:Database",
    ]);
    assert.equal(resourceSpec("BackupConfiguration").aliases?.length, 1);
  });

  it("describes no argument by what only programs in TypeScript have", () => {
    const descriptions = Object.values(schema.resources).flatMap(({ inputProperties = {} }) =>
      Object.values(inputProperties).map(({ description = "" }) => description),
    );
    assert.ok(descriptions.length > 100);
    const foreign = descriptions.filter((text) => /In TypeScript|`Date`|weekly\(/.test(text));
    assert.deepEqual(foreign, []);
  });

  it("has every function that the plugin serves, and returns lists under the name that it gives them", () => {
    const names = Object.keys(schema.functions).map((token) => token.split(":")[2] ?? "");
    assert.deepEqual(names, [...functions.keys()].sort());
    for (const name of names) {
      const list = listPropertyOf(name);
      const { properties } = schema.functions[`cockroachdb-cloud:index:${name}`]?.outputs ?? {};
      if (list !== undefined) assert.deepEqual(Object.keys(properties ?? {}), [list]);
    }
  });

  it("has the outputs that the plugin returns", () => {
    for (const type of allResourceTypes) {
      const declared = Object.keys(resourceSpec(type).properties).sort();
      assert.deepEqual(declared, [...resources[type].outputs].sort(), type);
    }
  });

  it("describes every property", () => {
    const lacking = [...describedIn(schema)].filter(([, text]) => !text || text.length < 4);
    assert.deepEqual(lacking, []);
  });

  it("refers to types that it has, and has none that nothing refers to", () => {
    const text = JSON.stringify(schema);
    const referred = new Set([...text.matchAll(/"#\/types\/([^"]+)"/g)].map(([, name]) => name));
    assert.deepEqual([...referred].sort(), Object.keys(schema.types));
  });

  it("keeps credentials secret, and reads none of them from the environment", () => {
    const { inputProperties } = schema.provider;
    const secrets = Object.keys(inputProperties).filter((name) => inputProperties[name]?.secret);
    assert.deepEqual(secrets, ["apiKey", "apiJwt"]);
    // An SDK would write what it reads there into the state.
    assert.equal(JSON.stringify(schema).includes("defaultInfo"), false);
  });
});

function* describedIn({ config, functions, provider, resources, types }: PackageSchema) {
  const objects = [
    ...Object.entries(functions).flatMap(([name, { inputs, outputs }]) => [
      [`${name} takes`, inputs?.properties ?? {}] as const,
      [`${name} returns`, outputs.properties] as const,
    ]),
    ...Object.entries(resources).flatMap(([name, spec]) => [
      [`${name} takes`, spec.inputProperties] as const,
      [name, spec.properties] as const,
    ]),
    ...Object.entries(types).flatMap(([name, type]) =>
      "properties" in type ? [[name, type.properties] as const] : [],
    ),
    ["provider", provider.inputProperties] as const,
    ["config", config.variables] as const,
  ];
  assert.ok(objects.length > 100, `${objects.length} objects were found`);
  for (const [owner, properties] of objects) {
    for (const [name, { description }] of Object.entries(properties)) {
      yield [`${owner}: ${name}`, description] as const;
    }
  }
}

describe("The schema of a resource", () => {
  for (const type of allResourceTypes) {
    const spec = resourceSpec(type);
    const cases = casesOf[type];

    it(`says which changes replace, as the resource does: ${type}`, () => {
      for (const [path, { onChange }] of Object.entries(cases.arguments)) {
        const isMarked = propertiesAt(spec.inputProperties, path).some(
          ({ willReplaceOnChanges }) => willReplaceOnChanges,
        );
        assert.equal(isMarked, onChange === "replace", path);
      }
    });

    it(`takes the arguments that the resource takes: ${type}`, () => {
      for (const values of [cases.minimal, ...cases.full]) {
        assert.deepEqual(misfits(values, spec.inputProperties), []);
      }
    });

    it(`requires what the resource cannot do without: ${type}`, () => {
      const { failures } = resources[type].lifecycle.check({}, {}, undefined);
      const missing = failures
        .filter(({ reason }) => /^is required: /.test(reason))
        .map(({ property }) => property);
      const filledIn = Object.keys(completed[type] ?? {});
      assert.deepEqual(
        spec.requiredInputs,
        missing.filter((name) => !filledIn.includes(name)).sort(),
      );
    });

    it(`keeps its secrets: ${type}`, () => {
      const { secrets = [] } = resources[type].lifecycle;
      for (const properties of [spec.properties, spec.inputProperties]) {
        const marked = Object.keys(properties).filter((name) => properties[name]?.secret);
        assert.deepEqual(
          marked,
          secrets.filter((name) => name in properties),
        );
      }
    });
  }
});

/** The property at a path, after those that it is in. */
function propertiesAt(
  properties: Readonly<Record<string, PropertySpec>>,
  path: string,
): PropertySpec[] {
  const [name = "", ...rest] = path.split(/[.[]/);
  const property = properties[name];
  assert.ok(property, path);
  const type = namedType(property.items ?? property);
  if (rest.length === 0 || type === undefined || !("properties" in type)) return [property];
  return [property, ...propertiesAt(type.properties, rest.join("."))];
}

/** The values, by path, that a property of this type cannot have. */
function misfits(values: unknown, properties: Readonly<Record<string, PropertySpec>>): string[] {
  return Object.entries(values as object).flatMap(([name, value]) => {
    const property = properties[name];
    return property === undefined ? [name] : misfit(value, property).map((at) => `${name}${at}`);
  });
}

function misfit(value: unknown, spec: TypeSpec): string[] {
  const named = namedType(spec);
  if (named && "enum" in named) return named.enum.some((one) => one.value === value) ? [] : [""];
  if (named) {
    const missing = named.required.filter((name) => !(name in (value as object)));
    return [...missing, ...misfits(value, named.properties)].map((at) => `.${at}`);
  }
  if (spec.oneOf) return spec.oneOf.some((one) => misfit(value, one).length === 0) ? [] : [""];
  if (spec.items) {
    const { items } = spec;
    return Array.isArray(value) ? value.flatMap((item) => misfit(item, items)) : [""];
  }
  if (spec.additionalProperties) {
    const { additionalProperties } = spec;
    return Object.values(value as object).flatMap((item) => misfit(item, additionalProperties));
  }
  if (spec.$ref === "pulumi.json#/Any") return [];
  if (spec.type === "integer") return Number.isSafeInteger(value) ? [] : [""];
  return typeof value === spec.type ? [] : [""];
}
