/**
 * Mocks of this package's resources for `pulumi.runtime.setMocks`: ids in the formats of the service, outputs as
 * the resources have them, both deterministic. Arguments are checked as a preview checks them.
 *
 * Functions such as getCluster do not call the engine but the API, so a mock never receives them: a test runs them
 * against the emulator.
 */
import * as pulumi from "@pulumi/pulumi";
import { stemOf } from "../provider/cluster/generated-name";
import type { Inputs as ClusterInputs } from "../provider/cluster/schema";
import type { HiddenInputs } from "../provider/dynamic/hidden-inputs";
import {
  clusterUrnsIn,
  outlivesStackIn,
  referencesIn,
  unpack,
  urnIn,
} from "../provider/dynamic/hidden-inputs";
import type { DeclaredResource } from "../provider/engine/adapter";
import { RunChecks } from "../provider/engine/run-checks";
import { RunRecord } from "../provider/engine/run-record";
import type { ResourceClasses } from "../provider/resource/registry";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import { allResourceTypes, typeToken } from "../provider/resource/resource-types";
import { withoutLeftOut } from "../provider/values/left-out";
import { hasUnknown } from "../provider/values/unknown";
import { clusterOutputs } from "./cluster-outputs";
import { passwordFrom, suffixFrom, uuidFrom } from "./deterministic";

/** The resource classes by name. */
export type MockedClasses = {
  [Type in ResourceType]: InstanceType<ResourceClasses[Type]>;
};

type OutputsOf<Resource> = {
  [Key in keyof Resource]: Resource[Key] extends pulumi.Output<unknown> ? Key : never;
}[keyof Resource];

/** Outputs of a resource as plain values, all of them optional; `id` too. */
export type MockedOutputs<Resource> = {
  [Key in Exclude<OutputsOf<Resource>, "urn">]?: pulumi.Unwrap<Resource[Key]>;
};

/** A resource that the program creates or reads. */
export interface MockedResource<Resource> {
  /** Its name in the program. */
  readonly name: string;
  /** Its arguments as plain values; empty for one that is only read, with `get`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The outputs that it has if nothing is overridden. */
  readonly outputs: MockedOutputs<Resource>;
}

/** By class: outputs in place of the mocked ones, or a function that returns them. If it throws, the resource fails. */
export type Overrides = {
  [Type in keyof MockedClasses]?:
    | MockedOutputs<MockedClasses[Type]>
    | ((resource: MockedResource<MockedClasses[Type]>) => MockedOutputs<MockedClasses[Type]>);
} & {
  /** Of every stack that the program refers to, or by a function of its name. */
  StackReference?:
    | MockedOutputs<pulumi.StackReference>
    | ((resource: MockedResource<pulumi.StackReference>) => MockedOutputs<pulumi.StackReference>);
};

// biome-ignore lint/suspicious/noExplicitAny: plain values, checked by the resource itself
type Values = Record<string, any>;

/** @param inputs undefined for a resource that is only read */
function outputsOf(
  type: ResourceType,
  inputs: Values | undefined,
  id: string,
  name: string,
): Values {
  const { lifecycle, mock } = resources[type];
  if (mock === undefined) return mockedCluster(inputs, id, name);
  // The API does not return the secrets of an existing object.
  const secrets = inputs === undefined ? [] : (lifecycle.secrets ?? []);
  const generated = secrets.map((secret) => [secret, passwordFrom(id)]);
  return { ...Object.fromEntries(generated), ...mock.outputsOf(inputs, id) };
}

function mockedCluster(inputs: Values | undefined, id: string, name: string): Values {
  const clusterName = inputs?.["name"] ?? `${stemOf(name)}-${suffixFrom(id)}`;
  return clusterOutputs(id, clusterName, inputs as ClusterInputs | undefined);
}

function idOf(type: ResourceType, inputs: Values, seed: string): string {
  const { lifecycle, mock } = resources[type];
  return mock?.idOf(inputs) ?? uuidFrom(`${lifecycle.kind} ${seed}`);
}

const stackReference = "pulumi:pulumi:StackReference";

/** For the resources of other packages: the arguments as outputs, and an id made from the name. A stack has no outputs. */
const echo: pulumi.runtime.Mocks = {
  call: ({ inputs }) => inputs,
  newResource: ({ name, inputs, id, type }) => ({
    id: id || `${name}-id`,
    state: type === stackReference ? { ...inputs, outputs: {} } : inputs,
  }),
};

/**
 * Mocks for `pulumi.runtime.setMocks`. Every resource of this package gets an id in the service's format and all of
 * its outputs, made from its arguments; a clean error fails the ones that a preview would refuse, by themselves or beside
 * the others of the program with the same provider. A resource that is registered again begins another program.
 *
 * @param overrides outputs that replace the mocked ones
 * @param others mocks of everything else @default arguments come back as outputs
 */
export function mocks(
  overrides: Overrides = {},
  others: pulumi.runtime.Mocks = echo,
): pulumi.runtime.Mocks {
  const seeds = new Map<string, number>();
  /** Resources of the same name under different parents are different. */
  const seedOf = (type: ResourceType, name: string) => {
    const key = `${type} ${name}`;
    const count = (seeds.get(key) ?? 0) + 1;
    seeds.set(key, count);
    return count === 1 ? name : `${name} ${count}`;
  };
  /** By provider: the engine serves each by a process of its own, and each may be of another organization. */
  const runs = new Map<string | undefined, RunRecord>();
  const registered = new Set<string | undefined>();
  const runOf = (provider: string | undefined) => {
    const run = runs.get(provider) ?? new RunRecord();
    runs.set(provider, run);
    return run;
  };
  const checkInProgram = (
    type: ResourceType,
    { name, provider }: pulumi.runtime.MockResourceArgs,
    declared: DeclaredResource<object>,
  ) => {
    if (registered.has(declared.urn)) {
      runs.clear();
      registered.clear();
    }
    registered.add(declared.urn);
    refuseFailures(type, name, declared, runOf(provider));
  };
  return {
    call: (args) => others.call(args),
    newResource: (args) => {
      const type = typeOf(args.type);
      if (type === undefined) {
        const override = args.type === stackReference && overrides.StackReference;
        return override ? stackMock(args, override) : others.newResource(args);
      }
      const { visible, adopted, secrets } = argumentsIn(args.inputs);
      // Only a resource that is read has an id here: the classes handle the option import themselves.
      const isRead = Boolean(args.id);
      const declared = declaredIn(args.inputs, visible, adopted);
      if (!isRead) checkInProgram(type, args, declared);
      // In a mocked preview, unknown arguments make the id and the other outputs unknown, too.
      const isKnown = !hasUnknown(visible);
      const made =
        args.id || adopted || (isKnown ? idOf(type, visible, seedOf(type, args.name)) : "");
      const mocked = isKnown
        ? outputsOf(type, isRead ? undefined : visible, made, args.name)
        : visible;
      const { id = made, ...outputs } = {
        ...mocked,
        ...overriding(overrides[type], {
          name: args.name,
          inputs: visible,
          outputs: { ...mocked, id: made },
        }),
      };
      if (!isRead && id !== "")
        runOf(args.provider).of(resources[type].lifecycle.kind).recordCreated(declared.urn, id);
      return {
        id,
        state: markSecrets(outputs, [...(resources[type].lifecycle.secrets ?? []), ...secrets]),
      };
    },
  };
}

function typeOf(token: string): ResourceType | undefined {
  return allResourceTypes.find((type) => typeToken(type) === token);
}

/** The arguments as in the program, without secret wrappers and hidden inputs. */
function argumentsIn(inputs: Values): { visible: Values; adopted?: string; secrets: string[] } {
  const entries = Object.entries(inputs);
  const visible = entries.filter(([key]) => !key.startsWith("__"));
  return {
    visible: withoutLeftOut(Object.fromEntries(visible.map(([key, value]) => [key, plain(value)]))),
    adopted: plain(unpack(inputs)["__adopt"]) as string,
    secrets: visible.filter(([, value]) => holdsSecret(value)).map(([key]) => key),
  };
}

/** The resource as the program declares it to the provider. */
function declaredIn(
  inputs: Values,
  visible: Values,
  adopt: string | undefined,
): DeclaredResource<object> {
  const written = plain(inputs) as Values;
  const hidden = unpack(written) as HiddenInputs;
  return {
    urn: urnIn(hidden),
    adopt,
    cluster: clusterUrnsIn(hidden),
    references: referencesIn(written),
    outlivesStack: outlivesStackIn(written),
    secretPaths: [],
    inputs: visible,
  };
}

function stackMock(
  { id, name, inputs }: pulumi.runtime.MockResourceArgs,
  override: NonNullable<Overrides["StackReference"]>,
): { id: string; state: Values } {
  const outputs = { ...inputs, outputs: {} } as MockedOutputs<pulumi.StackReference>;
  const state = { ...outputs, ...overriding(override, { name, inputs, outputs }) };
  return { id: id || name, state };
}

function plain(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return plain(pulumi.runtime.unwrapRpcSecret(value));
  if (pulumi.isUnknown(value)) return pulumi.runtime.unknownValue;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return pulumi.runtime.isRpcSecret(value) || Object.values(value).some(holdsSecret);
}

function markSecrets(outputs: Values, secrets: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      secrets.includes(key) && value !== undefined ? pulumi.secret(value) : value,
    ]),
  );
}

function refuseFailures(
  type: ResourceType,
  name: string,
  declared: DeclaredResource<object>,
  run: RunRecord,
): void {
  const { failures } = new RunChecks(resources[type].lifecycle, () => run).check(
    undefined,
    declared,
  );
  if (failures.length === 0) return;
  const lines = failures.map(({ property, reason }) => `  ${property} ${reason}`);
  throw new Error(
    `A preview would refuse the arguments of ${type} "${name}":\n${lines.join("\n")}`,
  );
}

function overriding(override: unknown, resource: MockedResource<unknown>): Values {
  return typeof override === "function" ? override(resource) : (override ?? {});
}
