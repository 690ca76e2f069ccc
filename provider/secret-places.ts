/** Where a program has put secrets: asked of its outputs, for nobody else is told. */
import * as pulumi from "@pulumi/pulumi";
import type { Path } from "./secrets";

/** Where among the arguments the secrets are. */
export async function secretPlaces(args: object): Promise<Path[]> {
  const places = Object.entries(args).map(([key, value]) => placesIn(value, [key]));
  // What fails here fails in the argument itself, and Pulumi tells it there.
  return (await Promise.all(places).catch((): Path[][] => [])).flat();
}

async function placesIn(value: unknown, path: Path): Promise<Path[]> {
  const settled: unknown = value instanceof Promise ? await value : value;
  if (pulumi.Output.isInstance(settled)) {
    return (await pulumi.isSecret(settled)) ? [path] : [];
  }
  if (typeof settled !== "object" || settled === null) return [];
  const places = Object.entries(settled).map(([key, member]) => placesIn(member, [...path, key]));
  return (await Promise.all(places)).flat();
}
