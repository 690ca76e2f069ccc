// States as `pulumi stack export` writes them, with as little in them as a test cares about.
import { creationMark } from "../../provider/cluster/creation-mark";
import type { ResourceType } from "../../provider/resource/resource-types";
import { typeToken } from "../../provider/resource/resource-types";

export const fullName = "acme/shop/dev";
const defaultProvider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::default::1";

/** A resource as it stands in the file. */
export type Exported = Record<string, unknown> & { urn: string };

export function urnOf(type: ResourceType, name: string): string {
  return `urn:pulumi:dev::shop::${typeToken(type)}::${name}`;
}

/** The creation mark of a cluster of this stack, or of another one. */
export function markOf(name: string, stack = fullName): string {
  return creationMark(stack, urnOf("Cluster", name));
}

/** A cluster resource; without an id as in a pending creation. */
export function cluster(name: string, id?: string, more: Record<string, unknown> = {}): Exported {
  const { inputs = {}, ...others } = more as { inputs?: object };
  return {
    urn: urnOf("Cluster", name),
    type: typeToken("Cluster"),
    ...(id === undefined ? {} : { id }),
    inputs: { __mark: markOf(name), plan: "BASIC", cloudProvider: "GCP", ...inputs },
    outputs: id === undefined ? {} : { name: `${name}-a1b2c3`, state: "CREATED" },
    provider: defaultProvider,
    ...others,
  };
}

/** A part of a cluster; without an id as in a pending creation. */
export function part(
  type: ResourceType,
  name: string,
  id: string | undefined,
  more: Record<string, unknown> = {},
): Exported {
  return {
    urn: urnOf(type, name),
    type: typeToken(type),
    ...(id === undefined ? {} : { id }),
    inputs: {},
    outputs: {},
    provider: defaultProvider,
    ...more,
  };
}

export interface Contents {
  resources?: readonly Exported[];
  pending?: readonly (readonly [kind: string, resource: Exported])[];
  secrets?: object;
}

/** The text of the file. */
export function exported({ resources = [], pending = [], secrets }: Contents): string {
  return JSON.stringify({
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", version: "v3.259.0" },
      ...(secrets === undefined ? {} : { secrets_providers: secrets }),
      ...(resources.length === 0 ? {} : { resources }),
      ...(pending.length === 0
        ? {}
        : { pending_operations: pending.map(([type, resource]) => ({ resource, type })) }),
    },
  });
}
