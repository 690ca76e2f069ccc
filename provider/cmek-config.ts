/**
 * The customer-managed encryption keys (CMEK) of a cluster, one key for each region.
 *
 * Encryption is enabled once and for ever: the API rotates keys and revokes access to them, and has
 * no way to disable. So there is nothing to delete, and hardly anything to undo.
 */

import * as pulumi from "@pulumi/pulumi";
import type { CockroachCloudClient, WireCluster, WireCmekClusterInfo } from "../sdk";
import { BadRequestError, isNotFound, undefinedIfNotFound, withAdvice } from "../sdk";
import { cloudOf, planOf, regionsIn } from "./cluster/declared";
import type { Plan } from "./cluster/plan-transitions";
import { defaultTimeoutsMs, waitForClusterOf } from "./cluster/wait";
import type { CmekKeyType, CmekRegion, CmekRegionSpec, CmekRegionSpecArgs } from "./cmek/args";
import { CmekRollout, cmekOf } from "./cmek/rollout";
import type { Inputs } from "./cmek/schema";
import { cmekFailures, inputsSchema } from "./cmek/schema";
import type { State } from "./cmek/wire";
import {
  changedProperties,
  differences,
  hasUnfinishedWork,
  refreshedInputs,
  returnedArguments,
  toState,
  toWire,
} from "./cmek/wire";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import type { ClusterInRun } from "./engine/run-record";
import { getterOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { clusterIdOf } from "./program/cluster-reference";
import { isOfType, registration } from "./program/registration";
import type { CheckFailure } from "./resource/check";
import { partLifecycle } from "./resource/cluster-scoped";
import { DeletedError, InitializationError, messageOf } from "./resource/errors";
import { idProblem } from "./resource/id-form";
import type { Context, Lifecycle, Note } from "./resource/lifecycle";
import { notFoundMsOn } from "./resource/not-found";
import { referencesIn } from "./resource/references";
import type { FoundObject } from "./resource/resource";
import { noteResource } from "./resource/resource";
import { typeToken } from "./resource/resource-types";
import { linesToWrite } from "./values/code-writer";
import { valueAt } from "./values/property-value";
import { isInState } from "./values/state-values";
import { hasUnknown, isUnknown } from "./values/unknown";

/** Arguments of a CMEK configuration. */
export interface CmekConfigArgs {
  /**
   * The cluster, or its id: plan Advanced, created with `networkVisibility: "PRIVATE"`. Changing
   * it replaces this resource; the other cluster stays encrypted.
   */
  clusterId: ClusterReference;
  /**
   * A key for each region of the cluster, in any order. A region that the cluster has gained is encrypted
   * with the key that its `Cluster` named in `dedicated.cmekRegionSpecs`; add it here too. Updated in place: a
   * changed key rotates that region, and only it is sent. A region is removed only after the cluster has lost it.
   */
  regionSpecs: pulumi.Input<pulumi.Input<CmekRegionSpecArgs>[]>;
  /**
   * Revokes access to all keys, and with it to the data. Updated in place, permanently: only the support
   * of Cockroach Labs can restore access.
   * @default false
   */
  revoked?: pulumi.Input<boolean>;
  /**
   * Whether deleting this resource revokes access to the keys. Otherwise it only removes them from state, and the
   * cluster stays encrypted: the API cannot disable encryption. Updated in place, without a request.
   * @default false
   */
  revokeOnDelete?: pulumi.Input<boolean>;
}

/**
 * Encryption of an Advanced cluster with keys of your own. API operations: EnableCMEKSpec,
 * GetCMEKClusterInfo, UpdateCMEKSpec, UpdateCMEKStatus.
 */
export class CmekConfig extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("CmekConfig");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The key of each region as it is, by region. */
  declare readonly regionSpecs: pulumi.Output<CmekRegionSpec[]>;
  /** Whether access to the keys is revoked. */
  declare readonly revoked: pulumi.Output<boolean>;
  /** As in the arguments. */
  declare readonly revokeOnDelete: pulumi.Output<boolean>;
  /**
   * `ENABLED`, `ENABLING`, `ROTATING`, `REVOKING`, `REVOKED`, `ENABLE_FAILED`, `ROTATE_FAILED` or `REVOKE_FAILED`
   * when it was last read.
   */
  declare readonly status: pulumi.Output<string>;
  /** Status, failure, present and past keys of each region, by region. */
  declare readonly regions: pulumi.Output<CmekRegion[]>;

  /**
   * @param name name of the resource
   * @param args the keys
   * @param options `import: "<cluster id>"` takes the existing keys of a cluster over; `customTimeouts`
   *   bounds each operation as a whole (default 1 hour, 2 hours for changes)
   */
  constructor(name: string, args: CmekConfigArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && { ...args, clusterId: clusterIdOf(args.clusterId) };
    super(
      ...registration(
        {
          type: "CmekConfig",
          clusters: [args?.clusterId],
          outputs: outputNames,
        },
        name,
        inputs,
        options,
      ),
    );
  }

  /** The keys of an existing cluster, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): CmekConfig {
    return getterOf(CmekConfig)(name, id, options);
  }

  /** Whether `value` is a CMEK configuration of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is CmekConfig {
    return isOfType(value, CmekConfig.__pulumiType);
  }
}

const outputNames = [
  "clusterId",
  "regionSpecs",
  "revoked",
  "revokeOnDelete",
  "status",
  "regions",
] as const satisfies readonly (keyof State)[];

const idFormat = "<cluster id>";

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = partLifecycle(
  {
    kind: "CMEK configuration",
    references: (inputs) => referencesIn("CmekConfig", inputs),
    idProblem: (text) => idProblem({ noun: "CMEK configuration", idFormat }, text),
    identify: ({ clusterId }) =>
      isUnknown(clusterId) ? undefined : { id: String(clusterId), property: "clusterId" },

    check(olds, news, adopt, [cluster] = []) {
      const failures = cmekFailures(olds, news);
      const isNew = !isInState(olds) && adopt === undefined;
      return {
        failures: [
          ...failures,
          ...(isNew && failures.length === 0 && cluster !== undefined
            ? clusterFailures(news as unknown as Inputs, cluster)
            : []),
        ],
        notes: notesOn(olds, news),
      };
    },

    diff(id, { state, isFromBridge }, news) {
      return {
        replaces: news.clusterId === id ? [] : ["clusterId"],
        updates: isFromBridge
          ? []
          : [
              ...changedProperties(state, news),
              ...(hasUnfinishedWork(state, news) ? ["status"] : []),
            ],
        deleteBeforeReplace: false,
        notes: [],
      };
    },

    async create(inputs, context) {
      const id = inputs.clusterId;
      if (context.adopt !== undefined) return await importKeys(context.adopt, inputs, context);
      const deadline = context.deadline(defaultTimeoutsMs.create.ADVANCED);
      const cluster = await requireEncryptableCluster(inputs, context, deadline);
      const rollout = new CmekRollout(id, context, deadline);
      const outs = await withPartialState(rollout, inputs, () =>
        rollout.enable(inputs.regionSpecs, (info) => {
          if (info === undefined)
            return inputs.revoked === true ? nothingToRevokeError(id) : undefined;
          const different = differences(info, inputs);
          return different.length === 0 ? undefined : alreadyEnabledError(cluster, different);
        }),
      );
      managedBy(context).add(id);
      if (!rollout.hasSent) {
        await context.note(
          "info",
          `Cluster "${cluster.name}" (${id}) already has exactly these encryption keys: they are adopted, and nothing was sent.`,
        );
      }
      return { id, outs };
    },

    async read(id, { state, inputs }, context) {
      const info = await cmekOf(id, context, notFoundMsOn(state));
      if (info === undefined) return undefined;
      const found = toState(id, info, state);
      return { state: found, inputs: refreshedInputs(inputs, found) };
    },

    async update(id, { state, isFromBridge }, news, context) {
      managedBy(context).add(id);
      const hasWork =
        isFromBridge ||
        hasUnfinishedWork(state, news) ||
        changedProperties(state, news).some((property) => property !== "revokeOnDelete");
      if (!hasWork) return { ...state, revokeOnDelete: news.revokeOnDelete === true };
      const deadline = context.deadline(defaultTimeoutsMs.update.ADVANCED);
      const rollout = new CmekRollout(id, context, deadline);
      return await withPartialState(rollout, news, () =>
        news.revoked === true ? rollout.revoke() : rollout.reconcile(news.regionSpecs),
      );
    },

    async delete(id, { state }, context) {
      const { note } = context;
      if (managedBy(context).has(id)) {
        await note(
          "info",
          `The encryption keys of cluster ${id} now belong to another resource of this stack, so nothing is done to them.`,
        );
      } else if (state.revokeOnDelete === true) {
        await revokeOnDelete(id, context);
      } else {
        await note("warning", `${stillEncrypted(id)} ${keepTheKeys}`);
      }
    },
  },
  ["clusterId"],
  ["ADVANCED"],
);

/** What the text in state asks for. @internal */
export const provider = toDynamicProvider(lifecycle);

noteResource("CmekConfig", {
  lifecycle,
  inputs: inputsSchema,
  outputs: outputNames,
  returned: returnedArguments,
  changedBy: { regions: ["regionSpecs", "revoked"], status: ["revoked"] },
  idFormat,
  keyOf: () => "",
  async findExisting(clusterId = "", _wanted, { cloud, options }) {
    const info = await undefinedIfNotFound(cloud.cmek.get(clusterId, options));
    const regions = info?.region_infos ?? [];
    const isEnabled = [info, ...regions].some((one) => (one?.status ?? "DISABLED") !== "DISABLED");
    const failed = regions.filter(({ status }) => status.endsWith("_FAILED"));
    const failures = failed.map(({ region, status, key_infos }) => {
      const message = key_infos.find(({ user_message }) => user_message !== "")?.user_message;
      return `${region} ${status}${message === undefined ? "" : ` (${message})`}`;
    });
    return {
      keys: new Set(isEnabled ? [""] : []),
      ...(info !== undefined && { objects: new Map([["", toFoundObject(clusterId, info)]]) }),
      ...(failures.length === 0 ? {} : { failure: failures.join(", ") }),
    };
  },
  async findCandidates(cluster) {
    // A cluster with public addresses takes no keys.
    return cluster?.plan === "ADVANCED" && cluster.network_visibility !== "PUBLIC"
      ? [{ id: cluster.id, name: `${cluster.name}-keys` }]
      : [];
  },
  mock: {
    idOf: (inputs) => (inputs as Inputs).clusterId,
    outputsOf(inputs, id) {
      const { regionSpecs = [], revoked, revokeOnDelete } = (inputs ?? {}) as Partial<Inputs>;
      const status = inputs === undefined ? "DISABLED" : revoked === true ? "REVOKED" : "ENABLED";
      const infos = toWire(regionSpecs).map(({ region, key_spec: spec }) => ({
        region,
        status,
        key_infos: [{ status, user_message: "", spec }],
      }));
      return toState(
        id,
        { status, region_infos: infos },
        { revokeOnDelete: revokeOnDelete === true },
      );
    },
  },
});

function toFoundObject(clusterId: string, info: WireCmekClusterInfo): FoundObject {
  return {
    outputs: { ...toState(clusterId, info, {}) },
    driftFrom: ({ inputs, outputs }) =>
      changedProperties(toState(clusterId, info, outputs as Partial<State>), inputs as Inputs),
  };
}

const keepTheKeys = "Keep its keys for as long as the cluster and its backups are needed.";

function stillEncrypted(clusterId: string): string {
  return `Cluster ${clusterId} stays encrypted with keys of your own: the API cannot disable that, so its deletion only removes it from the state.`;
}

/**
 * Clusters whose keys this run has set for a resource: what is replaced by a resource on the same
 * cluster, or gets another name, must not revoke them.
 */
const managed = new WeakMap<CockroachCloudClient, Set<string>>();

function managedBy({ cloud }: Context): Set<string> {
  const ids = managed.get(cloud) ?? new Set();
  managed.set(cloud, ids);
  return ids;
}

/** Does the work, and returns the state after it; a failure after its start brings the state along. */
async function withPartialState(
  rollout: CmekRollout,
  inputs: Inputs,
  work: () => Promise<void>,
): Promise<State> {
  const id = inputs.clusterId;
  try {
    await work();
  } catch (error) {
    // What is not there must not be in state as if it were: the next update then reads it again.
    if (rollout.begun === undefined || error instanceof DeletedError) throw error;
    const outs = toState(id, rollout.begun, inputs);
    throw new InitializationError(messageOf(error), { id, outs, cause: error });
  }
  if (rollout.latest === undefined) throw rollout.deletedError();
  return toState(id, rollout.latest, inputs);
}

async function importKeys(
  adopt: string,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  const id = inputs.clusterId;
  const failed = `Importing the encryption keys of cluster ${adopt} failed`;
  if (adopt !== id) {
    throw new Error(
      `${failed}: the arguments are about cluster ${id}. Make clusterId equal to the id in the option import.`,
    );
  }
  const deadline = context.deadline(defaultTimeoutsMs.create.ADVANCED);
  const info = await cmekOf(id, context, 0, deadline);
  if (info === undefined) {
    throw new Error(
      `${failed}: there is no such cluster, or it is not encrypted with keys of your own. Check the id, or remove the option import to enable encryption.`,
    );
  }
  const different = differences(info, inputs);
  const outs = toState(id, info, inputs);
  if (different.length > 0) {
    const { regionSpecs, revoked } = outs;
    const isOtherwise = revoked !== (inputs.revoked === true);
    const lines = linesToWrite({ regionSpecs, ...(isOtherwise ? { revoked } : {}) });
    throw new Error(
      `${failed}: the arguments differ from the keys in use: ${different.join("; ")}. Make the arguments equal; change them after the import.${lines}`,
    );
  }
  managedBy(context).add(id);
  return { id, outs };
}

/** Revokes access to the keys of a resource that goes; a cluster without any is a success. */
async function revokeOnDelete(id: string, context: Context): Promise<void> {
  const deadline = context.deadline(defaultTimeoutsMs.delete.ADVANCED);
  const rollout = new CmekRollout(id, context, deadline);
  try {
    await rollout.revoke();
  } catch (error) {
    if (error instanceof DeletedError) return;
    if (isNotFound(error)) {
      if ((await context.clusters.get(id, { signal: context.signal, deadline })) === undefined)
        return;
      throw withAdvice(error, "The cluster is still there: run the operation again.");
    }
    if (!BadRequestError.isInstance(error)) throw error;
    if (rollout.latest?.status === "ENABLE_FAILED") {
      await context.note(
        "warning",
        `There is nothing to revoke on cluster ${id}, whose encryption was never enabled completely: ${error.message}`,
      );
      return;
    }
    throw withAdvice(
      error,
      "To forget the keys without revoking access to them, first run an update with revokeOnDelete: false.",
    );
  }
}

const keyTypeOf: Readonly<Record<string, CmekKeyType>> = {
  AWS: "AWS_KMS",
  GCP: "GCP_CLOUD_KMS",
  AZURE: "AZURE_KEY_VAULT",
};

/** The cluster, once it is ready, when it can be encrypted with these keys; what it lacks is said before anything is sent. */
async function requireEncryptableCluster(
  { clusterId, regionSpecs }: Inputs,
  context: Context,
  deadline: number,
): Promise<WireCluster> {
  const found = await context.clusters.getCached(clusterId, { deadline });
  if (found === undefined) {
    throw new Error(
      `There is no cluster ${clusterId} in this organization, or this credential may not see it. Check clusterId.`,
    );
  }
  let cluster = found;
  let problems = problemsOf(cluster, regionSpecs);
  if (
    cluster.state === "CREATING" ||
    cluster.state === "CREATION_FAILED" ||
    (cluster.state === "LOCKED" && problems.length > 0)
  ) {
    // Its regions may be about to change.
    cluster = await waitForClusterOf(clusterId, found.plan as Plan, context, deadline);
    problems = problemsOf(cluster, regionSpecs);
  }
  if (problems.length === 0) return cluster;
  throw new Error(
    `Cluster "${cluster.name}" (${clusterId}) cannot be encrypted with these keys: ${problems.join("; ")}. Nothing was sent.`,
  );
}

function problemsOf(cluster: WireCluster, specs: readonly CmekRegionSpec[]): string[] {
  if (cluster.plan !== "ADVANCED") {
    return [`it has the plan ${cluster.plan}, and only ADVANCED takes keys of your own`];
  }
  return [
    ...(cluster.network_visibility === "PUBLIC" ? [publicProblem] : []),
    ...typeProblems(cluster.cloud_provider, specs),
    ...regionProblems(
      cluster.regions.map(({ name }) => name),
      specs,
    ),
  ];
}

/** The same of the cluster of the program, as far as that is known. */
function clusterFailures({ regionSpecs }: Inputs, cluster: ClusterInRun): CheckFailure[] {
  if (planOf(cluster) !== "ADVANCED") return [];
  const visibility = valueAt(cluster.inputs, ["dedicated", "networkVisibility"]);
  const specs = hasUnknown(regionSpecs) ? [] : regionSpecs;
  const regions = regionsIn(cluster);
  const ofKeys =
    specs.length === 0
      ? []
      : [
          ...typeProblems(cloudOf(cluster), specs),
          ...(regions === undefined ? [] : regionProblems(regions, specs)),
        ];
  const failure = (property: string) => (problem: string) => ({
    property,
    reason: `does not fit cluster "${cluster.name}": ${problem}.`,
  });
  return [
    ...(visibility === "PUBLIC" ? [publicProblem] : []).map(failure("clusterId")),
    ...ofKeys.map(failure("regionSpecs")),
  ];
}

const publicProblem =
  'its networkVisibility is PUBLIC, and keys of your own need a cluster that was created with "PRIVATE"';

function typeProblems(cloud: string | undefined, specs: readonly CmekRegionSpec[]): string[] {
  const type = keyTypeOf[cloud ?? ""];
  const wrong = specs.filter(({ keySpec }) => type !== undefined && keySpec.type !== type);
  const types = [...new Set(wrong.map(({ keySpec }) => keySpec.type))].join(", ");
  return wrong.length === 0
    ? []
    : [`it runs on ${cloud}, whose keys are of type ${type}, and regionSpecs has ${types}`];
}

function regionProblems(regions: readonly string[], specs: readonly CmekRegionSpec[]): string[] {
  const named = specs.map(({ region }) => region);
  const missing = regions.filter((region) => !named.includes(region));
  const unknown = named.filter((region) => !regions.includes(region));
  return [
    ...(missing.length === 0
      ? []
      : [`regionSpecs must have a key for each region, and lacks ${missing.join(", ")}`]),
    ...(unknown.length === 0
      ? []
      : [`it has no region ${unknown.join(", ")}; its regions are ${regions.join(", ")}`]),
  ];
}

function alreadyEnabledError({ id, name }: WireCluster, different: readonly string[]): Error {
  return new Error(
    `Cluster "${name}" (${id}) is encrypted with keys of your own already, and the arguments differ: ${different.join("; ")}. Nothing was sent. To manage these keys here, make the arguments equal and add the option {import: "${id}"} to the resource; change them with an update after that.`,
  );
}

function nothingToRevokeError(clusterId: string): Error {
  return new Error(
    `Cluster ${clusterId} is not encrypted with keys of your own, so there is nothing to revoke. Nothing was sent. Leave revoked out to enable encryption.`,
  );
}

/** What the change costs or destroys. */
function notesOn(olds: Partial<Inputs>, news: Record<string, unknown>): Note[] {
  const isNew = !isInState(olds);
  const { clusterId, revoked, regionSpecs } = news as Partial<Inputs>;
  if (isNew) {
    if (revoked !== true) return [];
    return [
      {
        severity: "warning",
        message:
          "revoked: true on a new resource adopts keys that are revoked already, and enables nothing.",
      },
    ];
  }
  if (olds.clusterId !== undefined && olds.clusterId !== clusterId) {
    if (isUnknown(clusterId)) return [];
    const message =
      olds.revokeOnDelete === true
        ? `Access to the keys of cluster ${olds.clusterId} is revoked, because revokeOnDelete is true: its data cannot be read any more.`
        : `${stillEncrypted(olds.clusterId)} ${keepTheKeys}`;
    return [{ severity: "warning", message }];
  }
  if (revoked === true) {
    if (olds.revoked === true) return [];
    return [
      {
        severity: "warning",
        message:
          "Revoking access to the keys makes the data of the cluster unreadable, for good: only the support of Cockroach Labs can restore access.",
      },
    ];
  }
  const rotated = rotatedRegions(olds.regionSpecs, regionSpecs);
  if (rotated.length === 0) return [];
  return [
    {
      severity: "info",
      message: `Rotates the key of ${rotated.join(", ")}. Keep the former key: older data and backups may still need it.`,
    },
  ];
}

function rotatedRegions(olds: unknown, news: unknown): string[] {
  if (!Array.isArray(olds) || !Array.isArray(news) || hasUnknown(news)) return [];
  const uris = new Map(olds.map((spec) => [spec?.region, spec?.keySpec?.uri]));
  return (news as (CmekRegionSpec | null)[]).flatMap((spec) => {
    if (spec === null) return [];
    const before = uris.get(spec.region);
    return before !== undefined && before !== spec.keySpec?.uri ? [spec.region] : [];
  });
}
