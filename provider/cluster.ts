/**
 * A cluster of CockroachDB Cloud, of any plan.
 *
 * The API responds to a change before it is done, has no idempotency key, and keeps three different
 * shapes for creating, reading and changing. How a cluster is made exactly once, brought in line and
 * waited for stands in the modules beside this one; here is what the resource is and what each
 * operation does.
 */
import * as pulumi from "@pulumi/pulumi";
import type { NotFoundError, WireCluster } from "../sdk";
import { BadRequestError, isNotFound, withAdvice } from "../sdk";
import type {
  CloudProvider,
  ClusterArgs,
  ClusterRegion,
  CustomerCloudAccount,
  Dedicated,
  Serverless,
} from "./cluster/args";
import { fromBridged } from "./cluster/bridged";
import type { ConnectionClient } from "./cluster/connection-clients";
import type { ConnectionParts, ConnectionVia, PrivateHosts } from "./cluster/connection-url";
import { checkUser, checkWishes, connectionParts } from "./cluster/connection-url";
import { createCluster, finishCreation, importCluster, lookUp } from "./cluster/create";
import type { Change } from "./cluster/diff";
import { createOnlyChanges, diffCluster, listed, refusedChanges, resets } from "./cluster/diff";
import type { Plan } from "./cluster/plan-transitions";
import type { Inputs, Unchecked } from "./cluster/schema";
import { clusterFailures, inputsSchema } from "./cluster/schema";
import { clusterArguments } from "./cluster/to-program";
import { reconcile } from "./cluster/update";
import { defaultTimeoutsMs, getExisting, retryWhileBusy, waitUntilDeleted } from "./cluster/wait";
import type { State } from "./cluster/wire";
import {
  mayBeMarkedWith,
  refreshedInputs,
  toState,
  withWriteOnlyInputs,
  writeOnlyInputsOf,
} from "./cluster/wire";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { noteOutlivesStack, noteOutputs } from "./program/cluster-reference";
import { withIds } from "./program/reference";
import { isOfType, registered } from "./program/registration";
import { madeOfOthers, reportedElsewhere } from "./program/rejected-outputs";
import { migrationRefusal } from "./resource/bridge-migration-guard";
import { DeletedError, inProgram } from "./resource/errors";
import { idProblem } from "./resource/id-form";
import type { Context, DiffOutcome, Lifecycle, Note, Stored } from "./resource/lifecycle";
import { noteResource } from "./resource/resource";
import { typeToken } from "./resource/resource-types";
import { isLeftOut } from "./values/left-out";
import { valueAt } from "./values/property-value";
import { hasUnknown, isUnknown } from "./values/unknown";

/** A SQL user with a password: a `SqlUser`, or anything that has the two. */
export interface ConnectionUser {
  /** Name of the user. */
  name: pulumi.Input<string>;
  /** Its password. Where it is undefined, `ConnectionArgs.password` is needed. */
  password: pulumi.Input<string | undefined>;
}

/** Who connects, and to what. */
export interface ConnectionArgs {
  /** The SQL user, as a resource or by name. */
  user: pulumi.Input<string> | ConnectionUser;
  /**
   * The user's password.
   * @default that of the resource given as `user`
   */
  password?: pulumi.Input<string>;
  /**
   * Database to connect to.
   * @default "defaultdb"
   */
  database?: pulumi.Input<string>;
  /**
   * The client that connects, which decides how the URL spells a connection that verifies the host.
   * @default "libpq"
   */
  client?: pulumi.Input<ConnectionClient>;
  /**
   * Root certificates that the client trusts: the path of a file where the client runs, or `system` for
   * those of public authorities. An empty string leaves `sslrootcert` out.
   * @default public authorities for Basic and Standard; left out for Advanced, where libpq looks in its
   * default place, `~/.postgresql/root.crt`
   */
  sslRootCert?: pulumi.Input<string>;
  /**
   * The network that the connection takes. The certificate of the cluster must name the host.
   * @default "public"
   */
  via?: pulumi.Input<ConnectionVia>;
  /**
   * The region to connect to, one of `regions` of the cluster. Required with a `via` other than
   * `public` where the cluster has several.
   * @default the whole cluster; with such a `via`, the only region
   */
  region?: pulumi.Input<string>;
  /**
   * The `PrivateEndpointServices` of the cluster: they have the hosts of `internal` and `private-endpoint` as soon as they
   * exist, and the URL waits for them.
   * @default the outputs of the cluster, which have the host of `private-endpoint` after the next refresh
   */
  services?: PrivateEndpointHosts;
  /**
   * Name of the endpoint in Google Cloud, with `private-endpoint`, where Service Directory gives each endpoint a host that
   * begins with its name.
   * @default the host of the region, to which a DNS zone of your own leads
   */
  endpointName?: pulumi.Input<string>;
}

/** What `PrivateEndpointServices` know of hosts. */
export interface PrivateEndpointHosts {
  /** By region. */
  servicesMap: pulumi.Input<{ [region: string]: PrivateHosts }>;
}

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
      ...registered(
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
    noteOutputs(this, name, outputNames);
    if (options.id !== undefined || options.retainOnDelete === true) noteOutlivesStack(this);
  }

  /** The state of an existing cluster, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): Cluster {
    return new Cluster(name, undefined as never, { ...options, id });
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
  connection({
    user,
    password,
    services,
    ...wishes
  }: ConnectionArgs): pulumi.Output<ConnectionParts> {
    const whose = isConnectionUser(user) ? user : { name: user, password: undefined };
    // Checked without the cluster, whose outputs a preview may not know yet.
    const wanted = pulumi.output(wishes).apply(
      inProgram((plain) => {
        checkWishes(plain);
        return plain;
      }),
    );
    const login = pulumi
      .all([whose.name, password ?? whose.password])
      .apply(inProgram(([name, secret]) => ({ user: name, password: checkUser(name, secret) })));
    const { plan, sqlDns, regions, routingId } = this;
    const privateHosts = services?.servicesMap;
    const facts = pulumi.output({ plan, sqlDns, regions, routingId, privateHosts });
    const all = pulumi.all([
      reportedElsewhere(wanted),
      reportedElsewhere(login),
      madeOfOthers(facts),
      pulumi.secret("makes all of it a secret"),
    ]);
    return madeOfOthers(
      reportedElsewhere(all).apply(
        inProgram(([plain, who, cluster]) => connectionParts({ ...plain, ...who, ...cluster })),
      ),
    );
  }
}

function isConnectionUser(user: ConnectionArgs["user"]): user is ConnectionUser {
  return (
    typeof user === "object" &&
    !pulumi.Output.isInstance(user) &&
    "name" in user &&
    "password" in user
  );
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
  idProblem: (text) => idProblem({ noun: "cluster", idFormat }, text),
  resets,
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
    if (Object.keys(olds).length === 0) {
      const notes = adopt === undefined ? openNotes(news) : [];
      return { failures, notes: [...nameNotes(news), ...notes] };
    }
    const changes = diffCluster(olds, news);
    const guarded =
      olds.deleteProtection === true
        ? changes.filter(({ kind, property }) => kind === "replace" && isKnown(news, property))
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
    if (stored.isForeign && !hasFailed) return diffOfMove(stored.state, news);
    const changes = stored.isForeign ? [] : diffCluster(stored.state, news, stored.asked);
    const replaces = changes.filter(({ kind }) => kind === "replace");
    const late = createOnlyChanges(stored.asked, news);
    const updates = [...changes.filter(({ kind }) => kind === "update"), ...late].map(
      ({ property }) => property,
    );
    // What only the cluster itself shows, `check` could not compare.
    const said = diffCluster(stored.asked, news).filter(({ sentence }) => sentence !== undefined);
    const notes = notesOf([
      ...changes.filter(({ property }) => !said.some((change) => change.property === property)),
      ...late,
    ]);
    const refused =
      stored.state.deleteProtection === true
        ? replaces.filter(({ property }) => isKnown(news, property))
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
      ({ property }) => valueAt(stored.asked, property) === undefined,
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
    const isLookUp = Object.keys(stored.state).length === 0;
    const wire = isLookUp ? await lookUp(id, clusters, { signal }) : await clusters.getCached(id);
    if (wire === undefined || wire.state === "DELETED") return undefined;
    const state = toState(wire, writeOnlyInputsOf(stored.state), context.mark);
    const inputs = isLookUp
      ? clusterArguments(state)
      : refreshedInputs(stored.asked, stored.state, state);
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
    return await reconcile(id, current, news, context, deadline, stored.asked);
  },

  async delete(id, stored, context) {
    const { cloud, clusters, signal } = context;
    const plan = stored.state.plan ?? "ADVANCED";
    const deadline = context.deadline(
      defaultTimeoutsMs.delete[plan] ?? defaultTimeoutsMs.delete.ADVANCED,
    );
    const isUnfinished = stored.state.state === "CREATING";
    if (isUnfinished) {
      refuseIfFinished(await clusters.get(id, { signal, deadline }), context);
    }
    try {
      const response = await retryWhileBusy(id, context, deadline, async (seen) => {
        // Another run may have finished it while this one waited.
        if (isUnfinished) refuseIfFinished(seen, context);
        try {
          return await cloud.clusters.delete(id, { signal, deadline, whenBusy: "fail" });
        } finally {
          clusters.wrote();
          clusters.forgetBeforeCreating();
        }
      });
      // Its name is free again once it says so itself.
      if (response?.state === "DELETED") return;
    } catch (error) {
      if (error instanceof DeletedError) return;
      if (isNotFound(error)) {
        await confirmDeleted(id, error, context, deadline);
        return;
      }
      if (BadRequestError.isInstance(error) && stored.state.deleteProtection === true) {
        throw withAdvice(
          error,
          `Delete protection of cluster "${stored.state.name}" is on. To allow it, first run an update with deleteProtection: false.`,
        );
      }
      throw error;
    }
    await waitUntilDeleted(id, plan, context, deadline);
  },
};

/** What the text in state asks for. @internal */
export const provider = toDynamicProvider(lifecycle);

/** Whoever reads an organization lists its clusters first: everything else belongs to one. */
noteResource("Cluster", {
  lifecycle,
  inputs: inputsSchema,
  outputs: outputNames,
  changedBy: {
    regions: ["plan", "serverless.regions", "serverless.primaryRegion", "dedicated"],
    cockroachVersion: ["dedicated.cockroachVersion"],
    upgradeStatus: [
      "dedicated.cockroachVersion",
      "dedicated.finalizeUpgrade",
      "serverless.finalizeUpgrade",
    ],
  },
  isMarked: true,
  idFormat,
  keyOf: (id) => id,
  findCandidates: async () => [],
});

/** What the first update of a cluster that another provider has left in state would change, as far as the state shows. */
function diffOfMove(left: object, news: Inputs): DiffOutcome {
  const before = fromBridged(left);
  const changes = diffCluster(before, news);
  const [replaces, updates] = (["replace", "update"] as const).map((one) =>
    changes.filter(({ kind }) => kind === one).map(({ property }) => property),
  ) as [string[], string[]];
  const [impossible] = refusedChanges(before, news).map(
    ({ property, reason }) => `${property} ${reason}`,
  );
  const refusal = migrationRefusal(before, news, replaces) ?? impossible;
  const differences = listed(changes, before, news);
  return {
    updates,
    replaces: [],
    deleteBeforeReplace: false,
    notes:
      updates.length === 0
        ? []
        : [
            {
              severity: "info",
              message: `The state of another provider has this otherwise: ${differences}. The update changes it.`,
            },
          ],
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** The cluster as an update finds it: out of state, or from the API when state is not the whole truth. */
async function startOfUpdate(
  id: string,
  { state, isForeign }: Stored<Inputs, State>,
  news: Inputs,
  context: Context,
  deadline: number,
): Promise<State> {
  if (!isForeign && state.state !== "CREATING")
    return withWriteOnlyInputs(state, writeOnlyInputsOf(news));
  const wire = await getExisting(id, context, deadline);
  if (isForeign) return toState(wire, writeOnlyInputsOf(news), context.mark);
  return await finishCreation(id, wire, news, writeOnlyInputsOf(state), context, deadline);
}

const unfinishedStates: ReadonlySet<string> = new Set(["CREATING", "CREATION_FAILED"]);

/**
 * State says that the creation is not finished, and the cluster says that it is: another run or another
 * resource has finished it since, so the one that state speaks of is not this one to delete.
 */
function refuseIfFinished(wire: WireCluster | undefined, { mark }: Context): void {
  const isUnfinished = wire === undefined || unfinishedStates.has(wire.state);
  if (isUnfinished || mark === undefined || mayBeMarkedWith(wire, mark)) return;
  throw new Error(
    `Cluster "${wire.name}" (${wire.id}) is not deleted: the stack's state says that its creation is not finished, and another run has finished it since. Run \`pulumi refresh\`, then run the operation again. If another resource of the stack has this id, take the outdated entry out with \`pulumi state delete\`.`,
  );
}

/** A 404 may be transient, and what state forgets is lost: the cluster is deleted when a read says so too. */
async function confirmDeleted(
  id: string,
  error: NotFoundError,
  { clusters, signal }: Context,
  deadline: number,
): Promise<void> {
  if ((await clusters.get(id, { signal, deadline })) === undefined) return;
  throw withAdvice(error, "The cluster is still there: run the operation again.");
}

/** The API documents 20 characters and accepts 40, so a longer name works, and other tools may refuse it. */
function nameNotes({ name }: Record<string, unknown>): Note[] {
  if (typeof name !== "string" || isUnknown(name) || name.length <= 20) return [];
  return [
    {
      severity: "info",
      message: `The name "${name}" has ${name.length} characters. The API accepts up to 40 and documents 20.`,
    },
  ];
}

/** What nobody has asked for, and everybody should know before the cluster is there. */
function openNotes({ serverless }: Unchecked): Note[] {
  if (serverless === undefined || isUnknown(serverless)) return [];
  if (serverless.withEmptyIpAllowlist !== undefined) return [];
  return [
    {
      severity: "info",
      message:
        "Every address can connect: the service creates it with the allowlist entry 0.0.0.0/0, and without with serverless.withEmptyIpAllowlist: true.",
    },
  ];
}

/** What the changes cost. One warning for all that destroy: nothing is destroyed twice. */
function notesOf(changes: readonly Change[]): Note[] {
  const replacing = changes.filter(({ kind }) => kind === "replace");
  const properties = inWords(replacing.map(({ property }) => property));
  return [
    ...replacing.slice(0, 1).map(
      ({ sentence }): Note => ({
        severity: "warning",
        message: `Changing ${properties} destroys this cluster with all its data, databases and SQL users. ${sentence}`,
      }),
    ),
    ...changes.flatMap(({ kind, property, sentence }): Note[] =>
      kind === "replace" || sentence === undefined
        ? []
        : [{ severity: "info", message: sentence, inPlace: property }],
    ),
  ];
}

function protectedSentence(
  changes: readonly Change[],
  olds: Partial<Inputs>,
  news: Partial<Inputs>,
): string {
  const what = inWords(
    changes.map(({ property }) => {
      const [from, to] = [olds, news].map(
        (root) => JSON.stringify(valueAt(root, property)) ?? "its default",
      );
      return `${property} from ${from} to ${to}`;
    }),
  );
  const name = olds.name ?? news.name;
  const which = name === undefined ? "the cluster" : `cluster "${name}"`;
  return `Changing ${what} would destroy ${which} and its data, and delete protection is on. ${allowOrKeep}`;
}

const allowOrKeep =
  "To allow it, first run an update with deleteProtection: false; to keep the data, create a second cluster and restore a backup into it.";

/** `name, plan and cloudProvider`. */
function inWords(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** What is not known yet may be the old value again: the check of the run itself decides. */
function isKnown(news: object, property: string): boolean {
  return !hasUnknown(valueAt(news, property));
}
