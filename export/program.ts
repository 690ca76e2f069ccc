/** The program, as a person would have written it: one object after the other, each with what belongs to it. */

import { isOfCluster, referencesOf } from "../provider/resource/resource-types";
import { capitalize } from "../provider/values/capitalize";
import { Expression, literal, membersOf } from "../provider/values/code-writer";
import { weeklyTimeOf } from "../provider/values/weekly";
import type { ExportedResource } from "./exported-resource";
import { clusterIdIn } from "./exported-resource";
import { ResourceNames } from "./resource-names";

/** The text of `index.ts`. An argument that is the id of another resource of the program refers to it. */
export function programOf(resources: readonly ExportedResource[]): string {
  const names = new ResourceNames();
  const owners = inOrder(resources.filter(({ type }) => !isOfCluster(type)));
  const parts = resources.filter(({ type }) => isOfCluster(type));
  const referred = new Set(resources.flatMap(idsNamedBy));
  const variables = new Map<unknown, Expression>();
  const declare = (resource: ExportedResource) => {
    const declaration = textOf(resource, variables);
    if (!referred.has(resource.id) || isNamedAfter(resource)) return declaration;
    const variable = names.variable(resource.name);
    variables.set(resource.id, new Expression(variable));
    return `const ${variable} = ${declaration}`;
  };
  const blocks = owners.map((owner) => {
    const declaration = declare(owner);
    const own = parts.filter(({ id }) => variables.has(owner.id) && clusterIdIn(id) === owner.id);
    return [declaration, ...own.map(declare)].join("\n");
  });
  const others = parts.filter(({ id }) => !variables.has(clusterIdIn(id))).map(declare);
  const head = configurationKeys(resources).length === 0 ? header : headerWithConfiguration;
  return `${[head, ...blocks, ...(others.length > 0 ? [others.join("\n")] : [])].join("\n\n")}\n`;
}

const header = 'import * as cockroachdb from "pulumi-cockroachdb-cloud";';
const headerWithConfiguration = `import * as pulumi from "@pulumi/pulumi";
${header}

const config = new pulumi.Config();`;

/** What the stack's configuration has to have: secrets that the API does not return. */
export function configurationKeys(resources: readonly ExportedResource[]): string[] {
  return resources.flatMap((resource) =>
    (resource.unreadable ?? []).map((name) => configurationKey(resource, name)),
  );
}

/** `ordersDatadogApiKey`. */
function configurationKey({ name: resource }: ExportedResource, name: string): string {
  const words = `${resource}-${name}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word, index) => (index === 0 ? word : capitalize(word))).join("");
}

/** The values of arguments that may be ids of other resources, such as the folder of a role. */
function idsNamedBy(resource: ExportedResource): string[] {
  return Object.entries(resource.inputs).flatMap(([argument, value]) =>
    textsIn(value).map((text) => idNamedBy(resource, argument, text)),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The id of the resource that a text names in an argument: what belongs to a cluster is named without its cluster there. */
function idNamedBy({ type, id }: ExportedResource, argument: string, text: string): string {
  const isOfSameCluster = referencesOf(type)[argument]?.some(isOfCluster) === true;
  return isOfSameCluster ? `${clusterIdIn(id)}:${text}` : text;
}

/** A value with references in place of the ids that it holds. */
function withReferences(
  value: unknown,
  referenceTo: (id: string) => Expression | undefined,
): unknown {
  if (typeof value === "string") return referenceTo(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withReferences(item, referenceTo));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name, withReferences(member, referenceTo)]),
  );
}

/** Whether its id is that of what it refers to, as that of all roles of a service account. */
function isNamedAfter(resource: ExportedResource): boolean {
  return idsNamedBy(resource).includes(resource.id);
}

/** Each after those that it refers to, otherwise as they come. */
function inOrder(resources: readonly ExportedResource[]): ExportedResource[] {
  const byId = new Map<unknown, ExportedResource>(
    resources.filter((one) => !isNamedAfter(one)).map((one) => [one.id, one]),
  );
  const ordered = new Set<ExportedResource>();
  const begun = new Set<ExportedResource>();
  const add = (one: ExportedResource) => {
    // Groups may be members of each other.
    if (begun.has(one)) return;
    begun.add(one);
    for (const id of idsNamedBy(one)) {
      const other = byId.get(id);
      if (other !== undefined && other !== one) add(other);
    }
    ordered.add(one);
  };
  for (const one of resources) add(one);
  return [...ordered];
}

function textOf(resource: ExportedResource, variables: ReadonlyMap<unknown, Expression>): string {
  const { type, name, inputs, unreadable = [] } = resource;
  const head = `new cockroachdb.${type}(${JSON.stringify(name)}, `;
  const entries = Object.entries(inputs).map(([key, value]): [string, unknown] => {
    if (key === "offsetDuration") return [key, weeklyExpression(String(value))];
    const takesResource = referencesOf(type)[key] !== undefined;
    const referenceTo = (text: string) => {
      const variable = variables.get(idNamedBy(resource, key, text));
      return takesResource || variable === undefined
        ? variable
        : new Expression(`${variable.text}.id`);
    };
    return [key, withReferences(value, referenceTo)];
  });
  const fromConfiguration = unreadable.map((key): [string, unknown] => [
    key,
    new Expression(`config.requireSecret(${JSON.stringify(configurationKey(resource, key))})`),
  ]);
  const args = Object.fromEntries([...entries, ...fromConfiguration]);
  return isOfCluster(type)
    ? `${head}${literal(args, "", head.length)});`
    : `${head}{\n${membersOf(args, "  ")}});`;
}

/** `cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 })`, where that can express it. */
function weeklyExpression(offset: string): Expression | string {
  const time = weeklyTimeOf(offset);
  return time === undefined ? offset : new Expression(`cockroachdb.weekly(${literal(time)})`);
}
