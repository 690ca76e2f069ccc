// Values as the API's own OpenAPI document describes them: what a server that keeps to it may respond.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

interface Schema {
  $ref?: string;
  additionalProperties?: Schema | boolean;
  enum?: string[];
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  type?: string;
}

interface Documented {
  responses: Record<string, { content: { "application/json": { schema: Schema } } }>;
}

const document: {
  paths: Record<string, Record<string, Documented>>;
  components: { schemas: Record<string, Schema> };
} = JSON.parse(readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8"));

/** Messages that hold themselves end here. */
const deepest = 6;

/** Returns of status 200 to an operation, by its path in the document. */
export function responsesTo(method: string, template: string): fc.Arbitrary<unknown> {
  const schema =
    document.paths[template]?.[method.toLowerCase()]?.responses["200"]?.content["application/json"]
      .schema;
  if (schema === undefined) throw new Error(`The document has no ${method} ${template}.`);
  return valuesOf(schema, 0);
}

function valuesOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return valuesOf(document.components.schemas[name] ?? {}, depth);
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return textsOf(schema.format);
    case "integer":
      return fc.integer({ min: 0, max: 2 ** 31 - 1 });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return depth > deepest
        ? fc.constant([])
        : fc.array(valuesOf(schema.items ?? {}, depth + 1), { maxLength: 3 });
    default:
      return objectsOf(schema, depth);
  }
}

function objectsOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { additionalProperties: rest, properties = {}, required = [] } = schema;
  if (typeof rest === "object") {
    return fc.dictionary(fc.string({ minLength: 1 }), valuesOf(rest, depth + 1), { maxKeys: 3 });
  }
  const members = Object.entries(properties).filter(
    ([name]) => depth <= deepest || required.includes(name),
  );
  const values = Object.fromEntries(
    members.map(([name, property]) => [name, valuesOf(property, depth + 1)]),
  );
  // The document requires `rule` where it declares `Rule`.
  const isRequired = (name: string) =>
    required.some((other) => other.toLowerCase() === name.toLowerCase());
  const always = Object.keys(values).filter(isRequired);
  return fc.record(values, { requiredKeys: always });
}

function textsOf(format: string | undefined): fc.Arbitrary<string> {
  switch (format) {
    case "int64":
      return fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
    case "date-time":
      return fc
        .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString());
    case "uuid":
      return fc.uuid();
    default:
      return fc.string({ minLength: 1, unit: "grapheme" });
  }
}
