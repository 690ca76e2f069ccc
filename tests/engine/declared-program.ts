/** One program in two languages: for the classes in TypeScript, and for the provider plugin in YAML. */
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { resourceClasses } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  pluginToken,
  resourceTypes,
} from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import type { TestEmulator } from "../support/emulator";
import type { YamlProgram } from "../support/yaml-program";

type Properties = Record<string, unknown>;

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly type: ResourceType;
  readonly args: Properties;
  /** Arguments that the program passes as secrets. */
  readonly secrets?: readonly string[];
  /** Name of its explicit provider. */
  readonly provider?: string;
}

/** The id of an earlier resource of the program, as an argument. */
export class IdOf {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Names of explicit providers, each with its key. */
type Keys = Readonly<Record<string, string>>;

type Class = new (
  name: string,
  args: object,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

export function inTypeScript(
  declarations: readonly Declared[],
  keys: Keys = {},
): () => Promise<void> {
  return async () => {
    const made = new Map<string, pulumi.CustomResource>();
    const providers = Object.fromEntries(
      Object.entries(keys).map(([name, apiKey]) => [
        name,
        new cockroachdb.Provider(name, { apiKey }),
      ]),
    );
    for (const declared of declarations) {
      const args = mapped(declared, {
        secret: pulumi.secret,
        idOf: (name) => made.get(name)?.id,
      });
      const Resource = resourceClasses[declared.type] as unknown as Class;
      const provider = providers[declared.provider ?? ""];
      made.set(declared.name, new Resource(declared.name, args, { ...(provider && { provider }) }));
    }
  };
}

export function inYaml(declarations: readonly Declared[], keys: Keys = {}): YamlProgram {
  const providers = Object.entries(keys).map(([name, apiKey]) => [
    name,
    { type: "pulumi:providers:cockroachdb-cloud", properties: { apiKey: secretInYaml(apiKey) } },
  ]);
  const resources = declarations.map((declared) => {
    const properties = mapped(declared, {
      secret: secretInYaml,
      idOf: (name) => `\${${name}.id}`,
    });
    const { name, type, provider } = declared;
    const options = provider === undefined ? {} : { options: { provider: `\${${provider}}` } };
    return [name, { type: pluginToken(type), properties, ...options }];
  });
  return { name: "test-project", resources: Object.fromEntries([...providers, ...resources]) };
}

function secretInYaml(value: unknown): object {
  return { "fn::secret": value };
}

function mapped(
  { args, secrets = [] }: Declared,
  language: { secret(value: unknown): unknown; idOf(name: string): unknown },
): Properties {
  const passed = (argument: string, value: unknown) => {
    if (value instanceof IdOf) return language.idOf(value.name);
    return secrets.includes(argument) ? language.secret(value) : value;
  };
  return Object.fromEntries(
    Object.entries(args).map(([argument, value]) => [argument, passed(argument, value)]),
  );
}

const secretsOf: Partial<Record<ResourceType, readonly string[]>> = {
  Cluster: ["labels"],
  SqlUser: ["password"],
};

/** A program with a resource of each type, each in a place of its own. */
export function everyType(emulator: TestEmulator): Declared[] {
  return allResourceTypes.map((type, index) => ({
    name: resourceTypes[type].stem,
    type,
    args: { ...placeOf(type, emulator, index + 1), ...casesOf[type].full[0] },
    secrets: secretsOf[type] ?? [],
  }));
}
