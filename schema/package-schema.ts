/**
 * The schema of the Pulumi package, from which the SDKs of all languages are generated: shapes of inputs from what
 * `check` accepts, outputs from the classes, texts from the docstrings, and the rest from the definitions.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { secretSettings } from "../provider/engine/configuration";
import { functions, listPropertyOf } from "../provider/functions/table";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import {
  allResourceTypes,
  pluginToken,
  resourceTypes,
  typeToken,
} from "../provider/resource/resource-types";
import type { FunctionDeclaration, Member, ObjectShape, Shape } from "./declarations";
import { Declarations } from "./declarations";
import { exampleSection } from "./examples";
import type { Manifest } from "./package-info";
import { packageInfo } from "./package-info";

const repository = join(__dirname, "..");

/** A type of Pulumi's package schema. */
export interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
}

export interface PropertySpec extends TypeSpec {
  readonly description: string;
  readonly deprecationMessage?: string;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
}

export interface ObjectSpec {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
}

export interface EnumSpec {
  readonly type: "string";
  readonly description: string;
  readonly enum: readonly { readonly value: string; readonly name?: string }[];
}

export interface ResourceSpec {
  readonly description: string;
  readonly inputProperties: Readonly<Record<string, PropertySpec>>;
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
  readonly aliases?: readonly { readonly type: string }[];
}

export interface FunctionSpec {
  readonly description: string;
  readonly inputs?: ObjectSpec;
  readonly outputs: ObjectSpec;
}

export interface PackageSchema {
  readonly config: { readonly variables: Readonly<Record<string, PropertySpec>> };
  readonly provider: Omit<ResourceSpec, "properties" | "required">;
  readonly types: Readonly<Record<string, ObjectSpec | EnumSpec>>;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  readonly [info: string]: unknown;
}

/** What `z.toJSONSchema` makes of the inputs. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
  readonly anyOf?: readonly JsonSchema[];
}

/** @param manifest package.json */
export function packageSchema(manifest: Manifest): PackageSchema {
  return new Generator().schema(manifest);
}

const connectionName = "getConnection";
const connectionModule = join(repository, "provider", "functions", "connection.ts");

const anything: TypeSpec = { $ref: "pulumi.json#/Any" };

/** Numbers that are no whole ones. */
const fractional = new Set(["amount", "distance", "memoryGib", "quantity", "unitCost"]);

class Generator {
  readonly #declarations = new Declarations(join(repository, "index.ts"), [connectionModule]);
  readonly #types = new Map<string, ObjectSpec | EnumSpec>();
  /** Names of objects in inputs. One in outputs that would have the same name is another type. */
  readonly #inputObjects = new Set<string>();

  schema(manifest: Manifest): PackageSchema {
    const { members } = this.#declarations.object("ProviderArgs");
    const inputs = allResourceTypes.map((type) => [type, this.#inputs(type)] as const);
    const resourceSpecs = Object.fromEntries(
      inputs.map(
        ([type, spec]) => [pluginToken(type), { ...this.#resource(type), ...spec }] as const,
      ),
    );
    const functions = Object.fromEntries(
      [...this.#declarations.functions(), this.#connection()].map(
        (declaration) => [pluginToken(declaration.name), this.#function(declaration)] as const,
      ),
    );
    return {
      ...packageInfo(manifest),
      // What an SDK reads of the stack's configuration is plain: Java's generator warns of a secret there.
      config: { variables: this.#properties("Provider", members) },
      types: sorted(Object.fromEntries(this.#types)),
      provider: {
        description: this.#declarations.textOf("Provider"),
        inputProperties: this.#properties("Provider", members, secretSettings),
        requiredInputs: [],
      },
      resources: sorted(resourceSpecs),
      functions: sorted(functions),
    };
  }

  #resource(type: ResourceType): Omit<ResourceSpec, "inputProperties" | "requiredInputs"> {
    const { stem, bridgedType } = resourceTypes[type];
    const { idFormat, lifecycle } = resources[type];
    const outputs = this.#declarations.outputsOf(type);
    return {
      description: [
        this.#declarations.textOf(type),
        exampleSection(exampleOf(stem)),
        importOf(type, idFormat),
      ].join("\n\n"),
      properties: this.#properties(type, outputs, lifecycle.secrets),
      required: requiredOf(outputs),
      aliases: [typeToken(type), bridgedType].flatMap((alias) =>
        alias === undefined ? [] : [{ type: alias }],
      ),
    };
  }

  #inputs(type: ResourceType): Pick<ResourceSpec, "inputProperties" | "requiredInputs"> {
    const { inputs, lifecycle, onChange } = resources[type];
    const accepted = z.toJSONSchema(inputs, { io: "input", unrepresentable: "any" });
    const { required = [], properties = {} } = accepted as JsonSchema;
    const { members: declared } = this.#declarations.object(`${type}Args`);
    const members = new Map(declared.map((member) => [member.name, member]));
    const secrets: readonly string[] = lifecycle.secrets ?? [];
    const inputProperties = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => {
        const member = members.get(name);
        assert.ok(member, `${type}Args has no ${name}, which check accepts.`);
        const replaces =
          onChange === undefined ? saysReplaces(member) : onChange[name] === "replace";
        return [
          name,
          {
            ...this.#inputType(schema, member.shape, `${type}${pascal(name)}`),
            ...describe(type, member),
            ...(secrets.includes(name) ? { secret: true as const } : {}),
            ...(replaces ? { willReplaceOnChanges: true as const } : {}),
          },
        ];
      }),
    );
    const isRequired = (name: string) => members.get(name)?.isOptional === false;
    // The plugin completes, as the class does, what is optional there.
    return { inputProperties, requiredInputs: required.filter(isRequired).sort() };
  }

  /** What `check` accepts, with the names and texts of what the class declares. */
  #inputType(accepted: JsonSchema, declared: Shape, name: string): TypeSpec {
    if (accepted.enum !== undefined) return this.#enum(accepted.enum, name);
    if (accepted.properties !== undefined) {
      assert.ok(declared.kind === "object", `${name} is declared as an object.`);
      return this.#inputObject(accepted, declared, name);
    }
    if (accepted.type === "array") {
      assert.ok(accepted.items && declared.kind === "list", `${name} is declared as a list.`);
      return {
        type: "array",
        items: this.#inputType(accepted.items, declared.item, singular(name)),
      };
    }
    if (accepted.type === "object" && declared.kind === "map") {
      assert.ok(accepted.additionalProperties, `${name} has values.`);
      return {
        type: "object",
        additionalProperties: this.#inputType(
          accepted.additionalProperties,
          declared.item,
          singular(name),
        ),
      };
    }
    // A check of its own accepts it, and says nothing of its type.
    return accepted.type === undefined || accepted.type === "number"
      ? this.#type(declared, name, name)
      : { type: accepted.type };
  }

  #inputObject(accepted: JsonSchema, declared: ObjectShape, name: string): TypeSpec {
    const members = new Map(declared.members.map((member) => [member.name, member]));
    const { properties = {}, required = [] } = accepted;
    this.#inputObjects.add(name);
    return this.#define(name, {
      type: "object",
      ...(declared.text === "" ? {} : { description: declared.text }),
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, schema]) => {
          const member = members.get(key);
          assert.ok(member, `${name} has no ${key}, which check accepts.`);
          return [
            key,
            {
              ...this.#inputType(schema, member.shape, `${name}${pascal(key)}`),
              ...describe(name, member),
              ...(saysReplaces(member) ? { willReplaceOnChanges: true as const } : {}),
            },
          ];
        }),
      ),
      required: required.filter((key) => members.get(key)?.isOptional === false).sort(),
    });
  }

  /** A type as it is declared. */
  #type(shape: Shape, name: string, path: string): TypeSpec {
    switch (shape.kind) {
      case "any":
        return anything;
      case "string":
      case "boolean":
        return { type: shape.kind };
      case "number":
        return { type: fractional.has(name) ? "number" : "integer" };
      case "enum":
        return this.#enum(shape.values, path);
      case "list":
        return { type: "array", items: this.#type(shape.item, name, singular(path)) };
      case "map":
        return {
          type: "object",
          additionalProperties: this.#type(shape.item, name, singular(path)),
        };
      case "union":
        return { oneOf: shape.members.map((member) => this.#type(member, name, path)) };
      case "object": {
        const own = shape.name ?? path;
        const unused = this.#inputObjects.has(own) ? `${own}Info` : own;
        return this.#define(unused, this.#object(shape, unused));
      }
    }
  }

  #object(shape: ObjectShape, path: string): ObjectSpec {
    return {
      type: "object",
      ...(shape.text === "" ? {} : { description: shape.text }),
      properties: this.#properties(path, shape.members),
      required: requiredOf(shape.members),
    };
  }

  #properties(
    path: string,
    members: readonly Member[],
    secrets: readonly string[] = [],
  ): Record<string, PropertySpec> {
    return Object.fromEntries(
      members.map((member) => [
        member.name,
        {
          ...this.#type(member.shape, member.name, `${path}${pascal(member.name)}`),
          ...describe(path, member),
          ...(secrets.includes(member.name) ? { secret: true as const } : {}),
        },
      ]),
    );
  }

  #enum(values: readonly string[], path: string): TypeSpec {
    const name = this.#declarations.enumName(values);
    return this.#define(name ?? path, {
      type: "string",
      description:
        name === undefined ? `One of ${values.join(", ")}.` : this.#declarations.textOf(name),
      enum: values.map((value) => ({ value, ...nameOfValue(value) })),
    });
  }

  #define(name: string, spec: ObjectSpec | EnumSpec): TypeSpec {
    const token = pluginToken(name);
    const known = this.#types.get(token);
    assert.ok(!(name in resourceTypes), `${name} is both a type and a resource.`);
    if (known !== undefined) assert.deepEqual(spec, known, `Two types have the name ${name}.`);
    this.#types.set(token, spec);
    return { $ref: `#/types/${token}` };
  }

  #function(declaration: FunctionDeclaration): FunctionSpec {
    const { name, text, inputs } = declaration;
    const secrets = name === connectionName ? ["password"] : [];
    return {
      description: text,
      ...(inputs === undefined
        ? {}
        : {
            inputs: {
              type: "object",
              properties: this.#properties(pascal(name), inputs.members, secrets),
              required: requiredOf(inputs.members),
            },
          }),
      outputs: this.#resultOf(declaration),
    };
  }

  /** An object, because not every language takes anything else. */
  #resultOf({ name, result, mayBeAbsent }: FunctionDeclaration): ObjectSpec {
    if (result.kind === "list") {
      const key = listPropertyOf(name);
      assert.ok(key, `${name} returns a list, and is not called so.`);
      const items = this.#type(result.item, key, singular(pascal(name)));
      const description = result.item.kind === "object" ? result.item.text : "";
      return {
        type: "object",
        properties: { [key]: { type: "array", items, description: description || "All of them." } },
        required: [key],
      };
    }
    assert.ok(result.kind === "object", `${name} returns an object or a list.`);
    const isSecret = functions.get(name)?.isSecret === true;
    const secrets = isSecret ? result.members.map((member) => member.name) : [];
    return {
      type: "object",
      ...(result.text === "" ? {} : { description: result.text }),
      properties: this.#properties(result.name ?? pascal(name), result.members, secrets),
      required: mayBeAbsent ? [] : requiredOf(result.members),
    };
  }

  /** What the method `connection` of the class `Cluster` does in TypeScript. */
  #connection(): FunctionDeclaration {
    return {
      name: connectionName,
      text: "Reads a cluster, and makes the parts of a connection to it with a URL for the client that connects. All of it is secret.",
      inputs: this.#declarations.objectIn(connectionModule, "GetConnectionArgs"),
      result: this.#declarations.object("ConnectionParts"),
      mayBeAbsent: false,
    };
  }
}

function describe(owner: string, member: Member): Omit<PropertySpec, keyof TypeSpec> {
  const { deprecated, docstrings } = member;
  const texts = docstrings.map((docstring) => {
    const byDefault = docstring.default === undefined ? "" : ` Default: ${docstring.default}.`;
    const text = `${forAllLanguages(docstring.text)}${byDefault}`.trim();
    return docstrings.length > 1 ? `${docstring.plans.join(" and ")}: ${text}` : text;
  });
  const description = texts.join("\n\n");
  assert.ok(
    docstrings.every(({ text }) => text !== ""),
    `${member.name} of ${owner} has no docstring.`,
  );
  return {
    description,
    ...(deprecated === undefined ? {} : { deprecationMessage: deprecated }),
  };
}

/** A text without the sentence on what the classes take besides. */
function forAllLanguages(text: string): string {
  return text.replace(/ In TypeScript also .*?\.(?= |$)/s, "");
}

/** The definitions say it of whole arguments, and the docstrings of their members. */
function saysReplaces({ docstrings }: Member): boolean {
  return docstrings.every(({ text }) => /(^|[.] )Changing it replaces this resource/.test(text));
}

function requiredOf(members: readonly Member[]): string[] {
  return members
    .filter(({ isOptional }) => !isOptional)
    .map(({ name }) => name)
    .sort();
}

/** The first example of a resource's page. */
function exampleOf(stem: string): string {
  const page = readFileSync(join(repository, "docs", "resources", `${stem}.md`), "utf8");
  const code = /^```ts\n(.*?)^```$/ms.exec(page)?.[1];
  assert.ok(code, `The page of ${stem} has an example.`);
  return code;
}

function importOf(type: ResourceType, idFormat: string): string {
  return `## Import\n\n\`\`\`sh\npulumi import ${pluginToken(type)} <name> '${idFormat}'\n\`\`\``;
}

/** Identifiers of every language have no other characters. */
function nameOfValue(value: string): { name?: string } {
  if (/^[A-Z][A-Z0-9]*$/.test(value)) return {};
  // Of the value itself the SDK for Python would make `NO_T_DEFERRED`.
  const words = /^[A-Z0-9_]+$/.test(value) ? value.toLowerCase() : value;
  return {
    name: words
      .split(/[^A-Za-z0-9]+/)
      .map(pascal)
      .join(""),
  };
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function singular(name: string): string {
  return name.endsWith("s") ? name.slice(0, -1) : name;
}

function sorted<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
