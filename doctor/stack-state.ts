/**
 * The CockroachDB Cloud part of a stack's state, as `pulumi stack export` writes it.
 *
 * Secrets stay encrypted: such a property is an object here and never a string, so it counts as unknown.
 */
import { z } from "zod";
import { isDefaultProvider } from "../provider/engine/configuration";
import { resourceNameIn } from "../provider/engine/run-record";
import { readEntry } from "../provider/engine/state-entry";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import { isOfCluster, resourceTypeOf } from "../provider/resource/resource-types";
import { withoutLeftOut } from "../provider/values/left-out";
import { isSecret } from "../provider/values/state-values";
import { unknownValue } from "../provider/values/unknown";

/** A resource of CockroachDB Cloud in the state, or in a pending operation. */
export interface StateResource {
  readonly urn: string;
  readonly type: ResourceType;
  /** The name that the program gives it. */
  readonly name: string;
  /** Missing in a pending creation. */
  readonly id: string | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Why its last creation or update was not finished. */
  readonly initErrors: readonly string[];
  /** Read by the program, and not managed by it. */
  readonly isExternal: boolean;
  /** Replaced by another one, and to be deleted. */
  readonly isReplaced: boolean;
  /** Deleted so that another one can be created in its place. */
  readonly isAwaitingReplacement: boolean;
  /** Whether the bridged provider wrote it, so that its arguments are others. */
  readonly isFromBridge: boolean;
  /** What serves it: the URN and id of a provider. */
  readonly provider: string;
}

/** An operation whose outcome the state does not record. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  readonly kind: string;
  readonly resource: StateResource;
}

/** A provider of the stack, with its settings. */
export interface StateProvider {
  readonly name: string;
  /** Whether Pulumi created it, and not the program. */
  readonly isDefault: boolean;
  /** Undefined for a provider that is no longer in the state. */
  readonly inputs: Properties | undefined;
}

export interface StackState {
  /** `organization/project/stack`, where the state has all three. */
  readonly name: string | undefined;
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
  /** By URN and id, as resources refer to them. */
  readonly providers: ReadonlyMap<string, StateProvider>;
}

type Properties = Readonly<Record<string, unknown>>;

const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: properties,
  outputs: properties,
  initErrors: z
    .array(z.string())
    .nullish()
    .transform((errors) => errors ?? []),
  external: flag,
  delete: flag,
  pendingReplacement: flag,
  provider: z.string().default(""),
});

const exportSchema = z.object({
  version: z.number(),
  deployment: z
    .object({
      secrets_providers: z
        .object({ type: z.string(), state: z.record(z.string(), z.unknown()).nullish() })
        .nullish(),
      resources: z.array(resourceSchema).nullish(),
      pending_operations: z
        .array(z.object({ type: z.string(), resource: resourceSchema }))
        .nullish(),
    })
    .nullable(),
});

/** Parses an exported deployment. Throws when it is invalid. */
export function parseState(text: string): StackState {
  const { deployment } = exportSchema.parse(JSON.parse(text));
  const all = deployment?.resources ?? [];
  return {
    name: nameIn(deployment?.secrets_providers?.state ?? {}),
    resources: all.flatMap(ours),
    pending: (deployment?.pending_operations ?? []).flatMap(({ type, resource }) =>
      ours(resource).map((one) => ({ kind: type, resource: one })),
    ),
    providers: new Map(
      all
        .filter(({ type }) => type.startsWith("pulumi:providers:"))
        .map(({ urn, id, inputs }) => [`${urn}::${id}`, toProvider(urn, inputs)]),
    ),
  };
}

function ours(resource: z.output<typeof resourceSchema>): StateResource[] {
  const { urn, id, inputs, outputs, initErrors, provider } = resource;
  const type = resourceTypeOf(resource.type);
  if (type === undefined) return [];
  return [
    {
      urn,
      type,
      name: resourceNameIn(urn),
      id,
      inputs,
      outputs,
      initErrors,
      isExternal: resource.external,
      isReplaced: resource.delete,
      isAwaitingReplacement: resource.pendingReplacement,
      isFromBridge: readEntry(outputs).isFromBridge,
      provider,
    },
  ];
}

/** The provider as far as its reference describes it. */
export function providerNamed(reference: string): StateProvider {
  return reference === ""
    ? { name: "default", isDefault: true, inputs: undefined }
    : toProvider(reference.split("::").slice(0, -1).join("::"), undefined);
}

function toProvider(urn: string, inputs: Properties | undefined): StateProvider {
  const name = resourceNameIn(urn);
  return { name, isDefault: isDefaultProvider(name), inputs };
}

/** Pulumi Cloud's own secrets provider names the stack. */
function nameIn({ owner, project, stack }: Properties): string | undefined {
  const parts = [owner, project, stack];
  return parts.every((part) => typeof part === "string" && part !== "")
    ? parts.join("/")
    : undefined;
}

/** A property that is a plain string. */
export function textIn(values: Properties, key: string): string | undefined {
  const value = values[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Arguments or outputs as a resource takes them: without what only the engine needs, and secrets unknown. */
export function plainValues(values: Properties): Properties {
  const own = Object.entries(values).filter(([name]) => !name.startsWith("__"));
  return withoutLeftOut(
    Object.fromEntries(own.map(([name, value]) => [name, withSecretsUnknown(value)])),
  );
}

function withSecretsUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSecretsUnknown);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return unknownValue;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withSecretsUnknown(member)]),
  );
}

/** The creation mark of a resource. */
export function markOf({ inputs, outputs }: StateResource): string | undefined {
  return textIn(inputs, "__mark") ?? textIn(outputs, "__mark");
}

/** The cluster that a resource is or belongs to; undefined for other objects of the organization. */
export function clusterIdInState({ type, id, inputs }: StateResource): string | undefined {
  if (type !== "Cluster" && !isOfCluster(type)) return undefined;
  return id?.split(":", 1)[0] ?? textIn(inputs, "clusterId");
}

/** What an object belongs to: a cluster by its id, or the organization. */
export type Place = string;

/** The place of what belongs to no cluster. */
export const organization: Place = "organization";

/** Where a resource is; undefined where that is unknown. */
export function placeOf(resource: StateResource): Place | undefined {
  const { type } = resource;
  return type === "Cluster" || isOfCluster(type) ? clusterIdInState(resource) : organization;
}

/** Identifies a resource among those of its type in its place; empty where there is only one. */
export function keyOf({ type, id, inputs, outputs }: StateResource): string | undefined {
  const values = Object.entries(id === undefined ? inputs : outputs);
  // A value that is an object is an encrypted secret.
  const plain = values.filter(([, value]) => typeof value !== "object");
  return resources[type].keyOf(id, Object.fromEntries(plain));
}
