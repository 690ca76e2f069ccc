/** Where a program has put secrets, which only its outputs know. */
import * as pulumi from "@pulumi/pulumi";
import { allResourceTypes, clusterArgumentsOf } from "../resource/resource-types";
import { isLeftOut } from "../values/left-out";
import type { Path } from "../values/secrets";
import { plainValue } from "./cluster-reference";

/** Arguments that are parts of ids, which Pulumi always shows. */
const neverSecret = new Set(allResourceTypes.flatMap(clusterArgumentsOf));

/** Where among the arguments of a resource the secrets are. */
export async function secretPathsOfResource(args: object): Promise<Path[]> {
  const others = Object.entries(args).filter(([key]) => !neverSecret.has(key));
  return await secretPathsOf(Object.fromEntries(others));
}

/** Where among the arguments the secrets are. */
export async function secretPathsOf(args: object): Promise<Path[]> {
  const places = Object.entries(args).map(([key, value]) => placesIn(value, [key]));
  // What fails here fails in the argument itself, and Pulumi reports it there.
  return (await Promise.all(places).catch((): Path[][] => [])).flat();
}

async function placesIn(value: unknown, path: Path): Promise<Path[]> {
  const settled: unknown = value instanceof Promise ? await value : value;
  if (pulumi.Output.isInstance(settled)) {
    return (await pulumi.isSecret(settled)) ? [path] : [];
  }
  if (typeof settled !== "object" || settled === null) return [];
  const members = Array.isArray(settled) ? await itemsOf(settled) : settled;
  const places = Object.entries(members).map(([key, member]) => placesIn(member, [...path, key]));
  return (await Promise.all(places)).flat();
}

/** The items in the places that they have without those that are left out. */
async function itemsOf(list: readonly unknown[]): Promise<unknown[]> {
  const areLeftOut = await Promise.all(list.map(isLeftOutLater));
  return list.filter((_item, index) => !areLeftOut[index]);
}

async function isLeftOutLater(item: unknown): Promise<boolean> {
  const settled: unknown = item instanceof Promise ? await item : item;
  if (!pulumi.Output.isInstance(settled)) return isLeftOut(settled);
  // What is not known yet keeps its place.
  const { isKnown } = settled as unknown as { isKnown: Promise<boolean> };
  return (await isKnown) && isLeftOut(await plainValue(settled));
}
