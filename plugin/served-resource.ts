/** The operations of one resource, from the requests of the engine to its responses. */
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import type {
  Adapter,
  DeclaredResource,
  DiffResult,
  Properties,
  ResourceInfo,
  StorableResource,
  StoredResource,
} from "../provider/engine/adapter";
import { OperationError } from "../provider/engine/adapter";
import { ResourceOperations } from "../provider/engine/operations";
import { resourceNameIn } from "../provider/engine/run-record";
import type { StateEntry } from "../provider/engine/state-entry";
import { readEntry, stateEntryName } from "../provider/engine/state-entry";
import type { Operation } from "../provider/resource/lifecycle";
import { notOfStack } from "../provider/resource/lifecycle";
import { resources } from "../provider/resource/registry";
import type { Resource } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import { clusterArgumentsOf } from "../provider/resource/resource-types";
import { withDefaults, withoutLeftOut } from "../provider/values/left-out";
import { valueAt } from "../provider/values/property-value";
import type { Path } from "../provider/values/secrets";
import { markSecrets } from "../provider/values/secrets";
import { isInState, toStorable } from "../provider/values/state-values";
import { unknownValue } from "../provider/values/unknown";
import { diffResponse } from "./detailed-diff";
import { expectedOutputs } from "./expected-outputs";
import { checkResponse, fromStruct, PartialFailure, toStruct } from "./messages";

/** What the resources of a process have in common. */
export interface Surroundings {
  readonly adapter: Adapter;
  /** Name of the explicit provider, if there is one. */
  readonly providerName: string | undefined;
}

type Struct = ReturnType<provider.CheckRequest["getNews"]>;

/** What a resource of the engine is among the values of the operations. */
type Stored = StoredResource<object, object>;

export class ServedResource {
  readonly #resource: Resource;
  readonly #clusterArguments: readonly string[];
  readonly #operations: ResourceOperations<object, object>;
  readonly #surroundings: Surroundings;
  /** URNs of resources that the option import has read, until they are compared with the program. */
  readonly #imported = new Set<string>();

  constructor(type: ResourceType, surroundings: Surroundings) {
    this.#resource = resources[type];
    this.#clusterArguments = clusterArgumentsOf(type);
    this.#surroundings = surroundings;
    this.#operations = new ResourceOperations(this.#resource.lifecycle, () => surroundings.adapter);
  }

  async check(request: provider.CheckRequest): Promise<provider.CheckResponse> {
    const urn = request.getUrn();
    const { values: olds } = fromStruct(request.getOlds());
    const before = isInState(olds) ? visible(olds) : undefined;
    const declared = this.#declared(urn, request.getNews());
    const defaults = this.#resource.byDefault?.(resourceNameIn(urn)) ?? {};
    const inputs = withDefaults(declared.inputs, defaults) as Properties;
    const checked = await this.#operations.check(before, { ...declared, inputs });
    return checkResponse(checked.inputs, checked.failures);
  }

  async diff(request: provider.DiffRequest): Promise<provider.DiffResponse> {
    const [urn, id] = [request.getUrn(), request.getId()];
    const stored = this.#stored(urn, request.getOlds(), request.getOldInputs());
    const declared = this.#declared(urn, request.getNews());
    const diff = await this.#diffOf(id, stored, declared);
    const deleteBeforeReplace = diff.deleteBeforeReplace || this.#resource.isDeletedFirst === true;
    return diffResponse(
      { ...diff, deleteBeforeReplace },
      stored.inputs as Properties,
      declared.inputs,
      stored.isFromBridge,
    );
  }

  async #diffOf(
    id: string,
    stored: Stored,
    declared: DeclaredResource<object>,
  ): Promise<DiffResult> {
    if (!this.#imported.delete(declared.urn ?? "")) {
      return await this.#operations.diff(id, stored, declared);
    }
    // The program does not leave out what the object has, and the API does not return all that it says.
    const asked = declared.inputs;
    const diff = await this.#operations.diff(id, { ...stored, inputs: asked }, declared);
    const isFound = (property: string) => valueAt(stored.state, property) !== undefined;
    return {
      ...diff,
      updates: diff.updates.filter(isFound),
      replaces: diff.replaces.filter(isFound),
    };
  }

  async create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
    const response = new provider.CreateResponse();
    const declared = this.#declared(request.getUrn(), request.getProperties());
    if (request.getPreview()) {
      response.setProperties(this.#expected(declared));
      return response;
    }
    const info = this.#acting(declared, "create", request.getTimeout());
    const created = await this.#keeping(info, () =>
      this.#operations.create({ ...declared, ...info }),
    );
    response.setId(created.id);
    response.setProperties(toStruct(this.#outputs(created, info)));
    return response;
  }

  async read(request: provider.ReadRequest): Promise<provider.ReadResponse> {
    const response = new provider.ReadResponse();
    const [urn, id] = [request.getUrn(), request.getId()];
    const stored = this.#stored(urn, request.getProperties(), request.getInputs());
    const found = await this.#operations.read(id, stored);
    if (found === undefined) return response;
    if (!isInState(stored.state)) this.#imported.add(urn);
    response.setId(id);
    response.setProperties(toStruct(this.#outputs(found, stored)));
    response.setInputs(toStruct(found.foundInputs));
    return response;
  }

  async update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
    const response = new provider.UpdateResponse();
    const [urn, id] = [request.getUrn(), request.getId()];
    const stored = this.#stored(urn, request.getOlds(), request.getOldInputs());
    const declared = this.#declared(urn, request.getNews());
    if (request.getPreview()) {
      response.setProperties(this.#expected(declared, { id, ...stored }));
      return response;
    }
    const { mark } = stored;
    const info = { ...this.#acting(declared, "update", request.getTimeout()), mark };
    const updated = await this.#keeping(info, () =>
      this.#operations.update(id, stored, { ...declared, ...info }),
    );
    response.setProperties(toStruct(this.#outputs(updated, info)));
    return response;
  }

  async delete(request: provider.DeleteRequest): Promise<void> {
    const stored = this.#stored(request.getUrn(), request.getProperties(), request.getOldInputs());
    const timeouts = timeoutsOf("delete", request.getTimeout());
    await this.#operations.delete(request.getId(), { ...stored, timeouts });
  }

  /** The resource as the program has it. */
  #declared(urn: string, struct: Struct): DeclaredResource<object> & { inputs: Properties } {
    const { values, secretPaths } = fromStruct(struct);
    return {
      ...this.#info(urn, secretPaths),
      inputs: visible(withoutLeftOut(values)),
    };
  }

  /** The resource as it is in state. */
  #stored(urn: string, outputs: Struct, inputs: Struct): Stored {
    const given = fromStruct(outputs);
    const asked = fromStruct(inputs);
    const { state, entry, ...written } = readEntry(given.values);
    const isFromBridge = written.isFromBridge && isInState(state);
    const info = this.#info(urn, [...given.secretPaths, ...asked.secretPaths]);
    const { madeAt, creationMark: mark, clusterInStack } = entry;
    return {
      ...info,
      mark,
      ...(clusterInStack === undefined ? {} : { cluster: notedClusters(urn, clusterInStack) }),
      state: isFromBridge ? state : this.#withUnreadable(state, visible(asked.values)),
      inputs: visible(asked.values),
      isFromBridge,
      createdAt: madeAt,
    };
  }

  /** What cannot change without a replacement and the API does not return is as the program had it, after an import, too. */
  #withUnreadable(state: Properties, asked: Properties): Properties {
    if (!isInState(state)) return state;
    const fixed = Object.entries(asked).filter(
      ([name]) => this.#resource.onChange?.[name] === "replace",
    );
    return withDefaults(state, Object.fromEntries(fixed));
  }

  #info(urn: string, secretPaths: readonly Path[]): ResourceInfo {
    return {
      urn,
      providerName: this.#surroundings.providerName,
      secretPaths: secretPaths.filter(
        ([key = ""]) => !this.#clusterArguments.includes(key) && !isHidden(key),
      ),
    };
  }

  /** The same for an operation that writes. */
  #acting(declared: DeclaredResource<object>, operation: Operation, seconds: number): ResourceInfo {
    const { inputs: _, ...info } = declared;
    const { run } = this.#surroundings.adapter;
    const inStack = this.#clusterArguments.map(
      (name) => run.clusterOfStack(Reflect.get(declared.inputs, name)) !== undefined,
    );
    return {
      ...info,
      timeouts: timeoutsOf(operation, seconds),
      ...(inStack.length === 0 ? {} : { cluster: notedClusters(declared.urn, inStack) }),
    };
  }

  /** Runs an operation; what it leaves unfinished is kept in state. */
  async #keeping<Result>(info: ResourceInfo, operation: () => Promise<Result>): Promise<Result> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof OperationError) || error.partial === undefined) throw error;
      const { message, partial } = error;
      const properties = this.#outputs(partial, info);
      throw new PartialFailure(message, { id: partial.id, properties, cause: error });
    }
  }

  /** Outputs as they are kept. */
  #outputs({ outputs, createdAt }: StorableResource, info: ResourceInfo): object {
    const { cluster } = info;
    const isUnfinished = this.#resource.lifecycle.isUnfinished?.(outputs) === true;
    const entry: StateEntry = {
      madeAt: createdAt,
      clusterInStack: typeof cluster === "string" ? isInStack(cluster) : cluster?.map(isInStack),
      creationMark: isUnfinished ? this.#surroundings.adapter.creationMarks(info)?.own : undefined,
    };
    return { ...outputs, [stateEntryName]: toStorable(entry) };
  }

  #expected(declared: DeclaredResource<object>, stored?: Stored & { id: string }): Struct {
    const { lifecycle } = this.#resource;
    const inputs = declared.inputs as Properties;
    const before = stored?.isFromBridge === false ? this.#kept(stored, inputs) : undefined;
    const always = (lifecycle.secrets ?? []).map((key) => [key]);
    const paths = [...always, ...declared.secretPaths, ...(stored?.secretPaths ?? [])];
    return toStruct(markSecrets(expectedOutputs(this.#resource, inputs, before), paths, []));
  }

  /** State in which that is unknown to which the update gives another value, such as a password whose keepers change. */
  #kept({ id, ...stored }: Stored & { id: string }, inputs: Properties): Properties {
    const { lifecycle, changedBy = {} } = this.#resource;
    const { updates } = lifecycle.diff(id, stored, inputs);
    const isUpdated = (path: string) =>
      updates.some((update) => update === path || update.startsWith(`${path}.`));
    const changed = Object.keys(changedBy).filter((name) => changedBy[name]?.some(isUpdated));
    return { ...stored.state, ...Object.fromEntries(changed.map((name) => [name, unknownValue])) };
  }
}

/** Without what the dynamic classes hide among the properties. */
function visible(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !isHidden(key)));
}

/** What stands for the clusters of an object: here the one URN stands for any that the stack has. */
function notedClusters(
  urn: string | undefined,
  inStack: boolean | readonly boolean[],
): string | string[] {
  const noted = [inStack].flat().map((isIn) => (isIn ? (urn ?? "") : notOfStack));
  return noted.length === 1 ? (noted[0] as string) : noted;
}

function isInStack(urn: string): boolean {
  return urn !== notOfStack;
}

function isHidden(key: string): boolean {
  return key.startsWith("__");
}

/** The option customTimeouts of the operation; the engine sends 0 where there is none. */
function timeoutsOf(operation: Operation, seconds: number): Partial<Record<Operation, number>> {
  return seconds > 0 ? { [operation]: seconds * 1_000 } : {};
}
