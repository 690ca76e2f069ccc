/**
 * A cluster of CockroachDB Cloud, of any plan.
 *
 * The API responds to a change before it is done, has no idempotency key, and keeps three different
 * shapes for creating, reading and changing. How a cluster is made exactly once, brought in line and
 * waited for stands in the modules beside this one; here is what the resource is and what each
 * operation does.
 */

import * as pulumi from "@pulumi/pulumi";
import type {
  CloudProvider,
  ClusterArgs,
  ClusterRegion,
  CustomerCloudAccount,
  Dedicated,
  Serverless,
} from "./cluster/args";
import { diffOfMove } from "./cluster/bridged";
import { clusterFailures } from "./cluster/check";
import type { ConnectionParts } from "./cluster/connection-url";
import { createCluster, finishCreation } from "./cluster/create";
import { deleteCluster } from "./cluster/delete";
import { createOnlyChanges, diffCluster, fixed, refusedChanges, resets } from "./cluster/diff";
import {
  allowOrKeep,
  isArgumentKnown,
  nameNotes,
  notesOf,
  openNotes,
  protectedSentence,
} from "./cluster/impact";
import { importCluster, readExternal } from "./cluster/import";
import type { Plan } from "./cluster/plan-transitions";
import { returnedArguments } from "./cluster/returned";
import type { Inputs } from "./cluster/schema";
import { inputsSchema } from "./cluster/schema";
import { clusterArguments } from "./cluster/to-program";
import { reconcile } from "./cluster/update";
import { defaultTimeoutsMs, getExisting } from "./cluster/wait";
import type { State } from "./cluster/wire";
import { refreshedInputs, toState, withWriteOnlyInputs, writeOnlyInputsOf } from "./cluster/wire";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf } from "./program/cloud-resource";
import { noteOutlivesStack } from "./program/cluster-reference";
import type { ConnectionArgs } from "./program/connection";
import { connectionTo } from "./program/connection";
import { withIds } from "./program/reference";
import { isOfType, registration } from "./program/registration";
import { madeOfOthers, reportedElsewhere } from "./program/rejected-outputs";
import { idProblem } from "./resource/id-form";
import type { Context, Lifecycle, Stored } from "./resource/lifecycle";
import { referencesIn } from "./resource/references";
import { noteResource } from "./resource/resource";
import { typeToken } from "./resource/resource-types";
import { isLeftOut } from "./values/left-out";
import { valueAt } from "./values/property-value";
import { isInState } from "./values/state-values";

/**
 * A CockroachDB Cloud cluster. API operations: CreateCluster, GetCluster, ListClusters,
 * UpdateCluster and DeleteCluster.
 *
 * A property that is set is managed: when it changes behind your back, a refresh reports it and an
 * update puts it back. A property that is left out is not managed.
 */
export class Cluster extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("Cluster");

  /** Name, also where the program gives none. */
  declare readonly name: pulumi.Output<string>;
  /** Cloud that the cluster runs on. */
  declare readonly cloudProvider: pulumi.Output<CloudProvider>;
  /** Plan. */
  declare readonly plan: pulumi.Output<Plan>;
  /** Whether the API refuses to delete the cluster. */
  declare readonly deleteProtection: pulumi.Output<boolean>;
  /** Labels; empty where there are none. */
  declare readonly labels: pulumi.Output<{ [key: string]: string }>;
  /** Id of the folder that holds the cluster, or `"root"`. */
  declare readonly parentId: pulumi.Output<string>;
  /** Regions, limits and upgrades of a Basic or Standard cluster. */
  declare readonly serverless: pulumi.Output<Serverless | undefined>;
  /** Nodes, hardware and network of an Advanced cluster. */
  declare readonly dedicated: pulumi.Output<Dedicated | undefined>;
  /** Your own cloud account that the cluster runs in; undefined in one of Cockroach Labs. */
  declare readonly customerCloudAccount: pulumi.Output<CustomerCloudAccount | undefined>;
  /** `CREATING`, `CREATED`, `LOCKED` or `CREATION_FAILED` when it was last read. */
  declare readonly state: pulumi.Output<string>;
  /** Full version, `v25.2.6`. */
  declare readonly cockroachVersion: pulumi.Output<string>;
  /** Regions by name. */
  declare readonly regions: pulumi.Output<ClusterRegion[]>;
  /** Public SQL host of the whole cluster. */
  declare readonly sqlDns: pulumi.Output<string>;
  /** Identifies a Basic or Standard cluster in connection strings; empty for Advanced. */
  declare readonly routingId: pulumi.Output<string>;
  /** Cloud account or project of an Advanced cluster, which your key management service must trust; empty otherwise. */
  declare readonly accountId: pulumi.Output<string>;
  /**
   * Whom the service acts as where it exports logs and metrics, for the trust policy of the role or project that you name
   * there: on AWS an account, whose external id is that of the cluster on plan STANDARD; on GCP a service account.
   * Undefined where it does not apply or is not known: on Azure, in a cloud account of your own, and on plan BASIC.
   */
  declare readonly exportPrincipal: pulumi.Output<string | undefined>;
  /** Id of the user or service account that created the cluster. */
  declare readonly creatorId: pulumi.Output<string>;
  /** When the cluster was created, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /**
   * Where the cluster is in the cycle of major versions: `FINALIZED`, `UPGRADE_AVAILABLE`, `MAJOR_UPGRADE_RUNNING`,
   * `PENDING_FINALIZATION` or `ROLLBACK_RUNNING`.
   */
  declare readonly upgradeStatus: pulumi.Output<string>;
  /** `ALLOW_ALL` or `DEFAULT_DENY`; empty where it does not apply. */
  declare readonly egressTrafficPolicy: pulumi.Output<string>;
  /** Client id that an Azure Key Vault must trust; empty on other clouds. */
  declare readonly azureClusterIdentityClientId: pulumi.Output<string>;

  /**
   * @param name name of the resource, from which the cluster's name is made when there is none
   * @param args the cluster
   * @param options `import: "<cluster id>"` takes an existing cluster over; `customTimeouts` bounds
   *   each operation as a whole (default 30 minutes; Advanced: 1 hour, 2 hours for changes)
   */
  constructor(name: string, args: ClusterArgs, options: pulumi.CustomResourceOptions = {}) {
    // `--replace` and taint never ask diff. A name that is in use cannot be used again, and a protected
    // cluster must refuse before there is a second one. With an import left in the program the create
    // would fail, and then nothing must have been deleted.
    const isProtected = (args?.deleteProtection ?? false) !== false;
    const isDeletedFirst = (!isLeftOut(args?.name) || isProtected) && options.import === undefined;
    super(
      ...registration(
        {
          type: "Cluster",
          isMarked: true,
          outputs: outputNames,
        },
        name,
        args && withIds(args),
        isDeletedFirst ? { deleteBeforeReplace: true, ...options } : options,
      ),
    );
    if (options.id !== undefined || options.retainOnDelete === true) noteOutlivesStack(this);
  }

  /** The state of an existing cluster, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): Cluster {
    return getterOf(Cluster)(name, id, options);
  }

  /** Whether `value` is a cluster of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is Cluster {
    return isOfType(value, Cluster.__pulumiType);
  }

  /**
   * A URL with user and password for a client, libpq when none is named; secret. Fails when the
   * password is not known.
   */
  connectionUrl(args: ConnectionArgs): pulumi.Output<string> {
    return madeOfOthers(reportedElsewhere(this.connection(args)).apply(({ url }) => url));
  }

  /** The parts of a connection with its URLs and the environment variables of libpq, secret. */
  connection(args: ConnectionArgs): pulumi.Output<ConnectionParts> {
    return connectionTo(this, args);
  }
}

const outputNames = [
  "name",
  "cloudProvider",
  "plan",
  "deleteProtection",
  "labels",
  "parentId",
  "serverless",
  "dedicated",
  "customerCloudAccount",
  "state",
  "cockroachVersion",
  "regions",
  "sqlDns",
  "routingId",
  "accountId",
  "exportPrincipal",
  "creatorId",
  "createdAt",
  "upgradeStatus",
  "egressTrafficPolicy",
  "azureClusterIdentityClientId",
] as const satisfies readonly (keyof State)[];

const idFormat = "<cluster id>";

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "cluster",
  clustersOf: (id) => [id],
  references: (inputs) => referencesIn("Cluster", inputs),
  claims: ({ name }) => [{ name }],
  idProblem: (text) => idProblem({ noun: "cluster", idFormat }, text),
  resets,
  fixed,
  loss: "with all its data",
  isUnfinished: (cluster) => Reflect.get(cluster, "state") === "CREATING",

  refuseReplacement({ name, deleteProtection }) {
    if (deleteProtection !== true) return undefined;
    const which = name === undefined ? "the cluster" : `cluster "${name}"`;
    return {
      property: "",
      reason: `An option of the resource (replaceOnChanges or replacementTrigger) would destroy ${which} and its data, and delete protection is on. ${allowOrKeep}`,
    };
  },

  check(olds, news, adopt) {
    const failures = clusterFailures(news);
    if (!isInState(olds)) {
      const notes = adopt === undefined ? openNotes(news) : [];
      return { failures, notes: [...nameNotes(news), ...notes] };
    }
    const changes = diffCluster(olds, news);
    const guarded =
      olds.deleteProtection === true
        ? changes.filter(
            ({ kind, property }) => kind === "replace" && isArgumentKnown(news, property),
          )
        : [];
    return {
      failures: [
        ...failures,
        ...refusedChanges(olds, news),
        ...guarded.slice(0, 1).map(({ property }) => ({
          property,
          reason: protectedSentence(guarded, olds, news),
        })),
      ],
      notes: [...(olds.name === news["name"] ? [] : nameNotes(news)), ...notesOf(changes)],
    };
  },

  diff(_id, stored, news) {
    const hasFailed = stored.state.state === "CREATION_FAILED";
    if (stored.isFromBridge && !hasFailed) return diffOfMove(stored.state, news);
    const changes = stored.isFromBridge ? [] : diffCluster(stored.state, news, stored.inputs);
    const replaces = changes.filter(({ kind }) => kind === "replace");
    const late = createOnlyChanges(stored.inputs, news);
    const updates = [...changes.filter(({ kind }) => kind === "update"), ...late].map(
      ({ property }) => property,
    );
    // What only the cluster itself shows, `check` could not compare.
    const said = diffCluster(stored.inputs, news).filter(({ sentence }) => sentence !== undefined);
    const notes = notesOf([
      ...changes.filter(({ property }) => !said.some((change) => change.property === property)),
      ...late,
    ]);
    const refused =
      stored.state.deleteProtection === true
        ? replaces.filter(({ property }) => isArgumentKnown(news, property))
        : [];
    if (hasFailed) {
      replaces.push({ property: "state", kind: "replace" });
      notes.push({
        severity: "warning",
        message: `The service failed to create cluster "${stored.state.name}": the failed cluster is replaced.`,
      });
    } else if (stored.state.state === "CREATING") {
      updates.push("state");
    }
    const [impossible] = refusedChanges(stored.state, news).filter(
      ({ property }) => valueAt(stored.inputs, property) === undefined,
    );
    return {
      updates,
      replaces: replaces.map(({ property }) => property),
      // An unfinished cluster would stand in the way of a new one: create adopts what carries its mark.
      deleteBeforeReplace:
        news.name !== undefined ||
        stored.state.deleteProtection === true ||
        stored.state.state === "CREATING",
      notes,
      ...(impossible === undefined
        ? {}
        : { refusal: `${impossible.property} ${impossible.reason}` }),
      ...(refused.length === 0 ? {} : { refusal: protectedSentence(refused, stored.state, news) }),
    };
  },

  async create(inputs, context) {
    if (context.adopt !== undefined) return await importCluster(context.adopt, inputs, context);
    return await createCluster(inputs, context);
  },

  async read(id, stored, context) {
    const { clusters, signal } = context;
    const isExternal = !isInState(stored.state);
    const wire = isExternal
      ? await readExternal(id, clusters, { signal })
      : await clusters.getCached(id);
    if (wire === undefined) return undefined;
    const state = toState(wire, writeOnlyInputsOf(stored.state), context.mark);
    const inputs = isExternal
      ? clusterArguments(state)
      : refreshedInputs(stored.inputs, stored.state, state);
    return { state, inputs };
  },

  async update(id, stored, news, context) {
    const deadline =
      stored.state.state === "CREATING"
        ? context.deadline(defaultTimeoutsMs.create[news.plan], "create")
        : context.deadline(defaultTimeoutsMs.update[news.plan]);
    const current = await startOfUpdate(id, stored, news, context, deadline);
    const [replacing] = diffCluster(current, news).filter(({ kind }) => kind === "replace");
    if (replacing) {
      throw new Error(
        `Changing ${replacing.property} of cluster "${current.name}" (${id}) needs a replacement, and the preview did not show one: ${replacing.sentence} Nothing was changed. Run \`pulumi refresh\`, and read the next preview.`,
      );
    }
    return await reconcile(id, current, news, context, deadline, stored.inputs);
  },

  delete: deleteCluster,
};

/** What the text in state asks for. @internal */
export const provider = toDynamicProvider(lifecycle);

/** Whoever reads an organization lists its clusters first: everything else belongs to one. */
noteResource("Cluster", {
  lifecycle,
  inputs: inputsSchema,
  outputs: outputNames,
  returned: returnedArguments,
  changedBy: {
    regions: ["plan", "serverless.regions", "serverless.primaryRegion", "dedicated"],
    cockroachVersion: ["dedicated.cockroachVersion"],
    exportPrincipal: ["plan"],
    upgradeStatus: [
      "dedicated.cockroachVersion",
      "dedicated.finalizeUpgrade",
      "serverless.finalizeUpgrade",
    ],
  },
  isMarked: true,
  idFormat,
  keyOf: (id) => id,
  found: (cluster) => ({
    outputs: { ...toState(cluster, {}, undefined) },
    driftFrom({ id, inputs, outputs }) {
      const state = toState(cluster, writeOnlyInputsOf(outputs as Partial<State>), undefined);
      const stored = { state, inputs: inputs as Inputs, isFromBridge: false };
      const { updates, replaces } = lifecycle.diff(id, stored, stored.inputs);
      // That is an order, and no value.
      return [...updates, ...replaces].filter((path) => !path.endsWith(".finalizeUpgrade"));
    },
  }),
  findCandidates: async () => [],
});

/** The cluster as an update finds it: out of state, or from the API when state is not the whole truth. */
async function startOfUpdate(
  id: string,
  { state, isFromBridge }: Stored<Inputs, State>,
  news: Inputs,
  context: Context,
  deadline: number,
): Promise<State> {
  if (!isFromBridge && state.state !== "CREATING")
    return withWriteOnlyInputs(state, writeOnlyInputsOf(news));
  const wire = await getExisting(id, context, deadline);
  if (isFromBridge) return toState(wire, writeOnlyInputsOf(news), context.mark);
  return await finishCreation(id, wire, news, writeOnlyInputsOf(state), context, deadline);
}
