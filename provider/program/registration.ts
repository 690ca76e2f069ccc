/**
 * How a resource class registers itself with the engine: the program's side of the boundary.
 *
 * The classes extend `pulumi.CustomResource` and carry a constant text that names the module to load
 * in the provider process. Nothing of the user's program or of this package is serialised into state.
 */
import * as pulumi from "@pulumi/pulumi";
import { creationMark } from "../cluster/creation-mark";
import { hiddenInputNames, pack } from "../dynamic/hidden-inputs";
import type { ResourceType } from "../resource/resource-types";
import {
  clusterArgumentsOf,
  pluginToken,
  referencesOf,
  resourceTypes,
  typeToken,
} from "../resource/resource-types";
import type { Path } from "../values/secrets";
import type { ClusterReference } from "./cluster-reference";
import { clusterUrnOf, plainValue } from "./cluster-reference";
import { refuseLostValues } from "./lost-values";
import { shortenPromiseTraces } from "./promise-traces";
import { refuseOtherReferences, resourceBehind } from "./reference";
import { withHandledRejections } from "./rejected-outputs";
import { secretPathsOfResource } from "./secret-paths";
import { keepSecretsOfTransforms } from "./transforms";

/** What a resource class says about itself. */
export interface Registration {
  type: ResourceType;
  /** Outputs that are not arguments. */
  outputs: readonly string[];
  /** Outputs that are always secret. */
  secrets?: readonly string[];
  /** The cluster that the resource is a part of, or all on which it depends. */
  clusters?: readonly (ClusterReference | undefined)[] | undefined;
  /** Whether the resource carries a creation mark while its creation is not finished. */
  isMarked?: boolean;
}

/** Whether `value` is a resource of this type, also when another copy of this package has made it. */
export function isOfType(value: unknown, token: string): boolean {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, "__pulumiType") === token
  );
}

const packageName = "pulumi-cockroachdb-cloud";
const missing =
  "pulumi-cockroachdb-cloud is missing beside Pulumi.yaml, or too old: run npm install pulumi-cockroachdb-cloud there.";

/**
 * The text that a stack's state keeps. Pulumi evaluates it to check, diff, create, read, update and
 * delete, maybe years later and in a project that lacks the package: it never changes. State has it twice for each
 * resource, hence the short names, and quotes that JSON does not escape.
 */
export function delegateTo(stem: string): string {
  const sentence = missing.replaceAll(packageName, `\${p}`);
  return `let p='${packageName}';try{module.exports=require(p+'/provider/${stem}').provider}catch(e){throw(e.code+e).match('NOT_.*'+p)?Error(\`${sentence}\`):e}`;
}

keepSecretsOfTransforms();

/** Options that a resource class takes besides Pulumi's own. */
type Options = pulumi.CustomResourceOptions;

/** Arguments of `super()`: type token, properties with the constant text and the hidden inputs, options. */
export function registration(
  { type, outputs, secrets = [], clusters = [], isMarked = false }: Registration,
  name: string,
  args: object | undefined,
  options: Options,
): [string, string, pulumi.Inputs, Options] {
  if (args !== undefined) {
    const subject = `${type} "${name}"`;
    refuseLostValues(subject, args);
    refuseOtherReferences(subject, type, args);
  }
  shortenPromiseTraces();
  const token = typeToken(type);
  const { stem, bridgedType } = resourceTypes[type];
  const { import: adopted, ...kept } = options;
  const properties: pulumi.Inputs = {
    // An output becomes a property of the resource object only when it is named here.
    ...Object.fromEntries(outputs.map((output) => [output, undefined])),
    ...args,
    __provider: delegateTo(stem),
  };
  // A password that the program writes in plain is none in state, nor on the screen.
  for (const secret of secrets) {
    if (properties[secret] !== undefined) properties[secret] = pulumi.secret(properties[secret]);
  }
  const isExternal = options.id !== undefined;
  if (!isExternal) {
    const urn = urnOf(name, token, options);
    const hidden = {
      __urn: urn,
      __timeouts: options.customTimeouts,
      __providerName: explicitProviderName(options, token),
      __adopt: adopted,
      __secrets: ignoreRejection(findSecretPaths(args ?? {}, secrets)),
      ...(isMarked ? { __mark: ignoreRejection(Promise.resolve(urn).then(markOf)) } : {}),
      // What fails here fails in the argument itself, and Pulumi reports it there.
      ...(clusters[0] === undefined ? {} : { __cluster: urnsOf(clusters).catch(() => undefined) }),
      replaceOnChanges: options.replaceOnChanges,
      retainOnDelete: options.retainOnDelete,
      references: urnsOfReferences(type, args ?? {}),
    };
    Object.assign(properties, pack(hidden));
  }
  return [
    token,
    name,
    properties,
    pulumi.mergeOptions(withHandledRejections(kept), {
      // State of the provider plugin and of the bridged provider moves here without a replacement.
      aliases: [pluginToken(type), bridgedType].flatMap((alias) =>
        alias === undefined ? [] : [aliasOf(name, alias, options)],
      ),
      // Only here does anybody know what of the arguments is secret, and their echo holds them all.
      additionalSecretOutputs: [...secrets, "__inputs"],
      ...(isExternal
        ? {}
        : { ignoreChanges: hiddenInputNames.filter((name) => isMarked || name !== "__mark") }),
    }),
  ];
}

/** The URN of the resource. Pulumi makes some twenty promises of each, which only one with a parent needs. */
function urnOf(name: string, token: string, { parent }: Options): string | Promise<string> {
  return parent === undefined
    ? rootUrn(name, token)
    : plainValue(pulumi.createUrn(name, token, parent));
}

/** The alias for state of another type: with a parent the engine combines it with the aliases of the parent. */
function aliasOf(name: string, token: string, { parent }: Options): pulumi.Alias | string {
  return parent === undefined ? rootUrn(name, token) : { type: token };
}

/** The URN of a resource without a parent. */
function rootUrn(name: string, token: string): string {
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${token}::${name}`;
}

/** The URNs of the resources that arguments name besides clusters, by argument; undefined where there are none. */
function urnsOfReferences(
  type: ResourceType,
  args: object,
): Record<string, Promise<string>> | undefined {
  const clusters = clusterArgumentsOf(type);
  const others = Object.keys(referencesOf(type)).filter((name) => !clusters.includes(name));
  const urns = others.flatMap((name) => {
    const resource = resourceBehind(Reflect.get(args, name));
    return resource === undefined ? [] : [[name, ignoreRejection(plainValue(resource.urn))]];
  });
  return urns.length === 0 ? undefined : Object.fromEntries(urns);
}

/** The URN of one cluster, or those of several. */
async function urnsOf(
  clusters: readonly (ClusterReference | undefined)[],
): Promise<string | string[]> {
  const urns = await Promise.all(clusters.map(clusterUrnOf));
  return urns.length === 1 ? (urns[0] as string) : urns;
}

/** As Pulumi finds the provider. */
function explicitProviderName({ provider, parent }: Options, token: string): string | undefined {
  // Pulumi refuses what is none, which a program in JavaScript may pass.
  const around = pulumi.Resource.isInstance(parent) ? parent.getProvider(token) : undefined;
  const found = provider ?? around;
  return pulumi.Resource.isInstance(found) ? pulumi.resourceName(found) : undefined;
}

/** Pulumi reports an argument that fails and then reads no other: one that fails with it must not count as unhandled. */
function ignoreRejection<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/** Where the program has put secrets besides those that are always secret; undefined where it has put none. */
async function findSecretPaths(
  args: object,
  always: readonly string[],
): Promise<Path[] | undefined> {
  const others = Object.entries(args).filter(([key]) => !always.includes(key));
  const places = await secretPathsOfResource(Object.fromEntries(others));
  return places.length === 0 ? undefined : places;
}

function markOf(urn: string): string {
  return creationMark([organizationName(), pulumi.getProject(), pulumi.getStack()].join("/"), urn);
}

function organizationName(): string {
  try {
    return pulumi.getOrganization();
  } catch (error) {
    // A user's unit test names none to `setMocks`, and makes no cluster.
    if (!(error instanceof Error) || !error.message.includes("setMocks")) throw error;
    return "organization";
  }
}
