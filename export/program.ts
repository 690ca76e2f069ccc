/** The program, as a person would have written it: cluster by cluster, each with what belongs to it. */
import { weeklyTimeOf } from "../provider/maintenance-window";
import { Expression, literal, membersOf } from "../provider/program-text";
import type { ExportedResource } from "./exported-resource";
import { ResourceNames } from "./resource-names";

/** The text of `index.ts`. Parts of clusters that are not among the resources name them by id. */
export function programOf(resources: readonly ExportedResource[]): string {
  const names = new ResourceNames();
  const clusters = resources.filter(({ type }) => type === "Cluster");
  const known = new Set(clusters.map(({ id }) => id));
  const blocks = clusters.map((cluster) => {
    const parts = resources.filter(
      ({ type, clusterId }) => type !== "Cluster" && clusterId === cluster.id,
    );
    if (parts.length === 0) return clusterText(cluster);
    const variable = names.variable(cluster.name);
    const reference = new Expression(variable);
    return [
      `const ${variable} = ${clusterText(cluster)}`,
      ...parts.map((part) => partText(part, reference)),
    ].join("\n");
  });
  const others = resources
    .filter(({ type, clusterId }) => type !== "Cluster" && !known.has(clusterId))
    .map((part) => partText(part, part.clusterId));
  return `${[header, ...blocks, ...(others.length > 0 ? [others.join("\n")] : [])].join("\n\n")}\n`;
}

const header = 'import * as cockroachdb from "pulumi-cockroachdb-cloud";';

function clusterText({ name, inputs }: ExportedResource): string {
  return `new cockroachdb.Cluster(${JSON.stringify(name)}, {\n${membersOf(inputs, "  ")}});`;
}

function partText(
  { type, name, inputs }: ExportedResource,
  clusterId: Expression | string,
): string {
  const head = `new cockroachdb.${type}(${JSON.stringify(name)}, `;
  const args: Record<string, unknown> = { ...inputs, clusterId };
  if (type === "MaintenanceWindow")
    args["offsetDuration"] = inWords(String(args["offsetDuration"]));
  return `${head}${literal(args, "", head.length)});`;
}

/** `cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 })`, where that can say it. */
function inWords(offset: string): Expression | string {
  const time = weeklyTimeOf(offset);
  return time === undefined ? offset : new Expression(`cockroachdb.weekly(${literal(time)})`);
}
