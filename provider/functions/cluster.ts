/** Reads clusters: one by its id or name, or all. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireCluster } from "../../sdk/index";
import { undefinedIfNotFound } from "../../sdk/index";
import type {
  CloudProvider,
  ClusterRegion,
  CustomerCloudAccount,
  Dedicated,
  Serverless,
} from "../cluster/args";
import type { Plan } from "../cluster/plan-transitions";
import { toOutputs } from "../cluster/wire";
import type { ClusterReference } from "../program/cluster-reference";
import type { Connection } from "../resource/lifecycle";
import { omitUndefined } from "../values/omit-undefined";
import { checkEither, clusterByName, collect, textIn, uuidIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { CoalescedList } from "./coalesce";
import { noneHas, nothingFound, onlyMatch } from "./only-match";

/** A cluster as it is: the outputs of a `Cluster`, and some that only the function returns. */
export interface ClusterInfo {
  /** UUID. */
  id: string;
  /** Name. */
  name: string;
  /** Cloud that the cluster runs on. */
  cloudProvider: CloudProvider;
  /** Undefined on a cluster of a newer kind, which has an edition in place of a plan. */
  plan?: Plan;
  /** Whether the API refuses to delete the cluster. */
  deleteProtection: boolean;
  /** Labels; empty where there are none. */
  labels: { [key: string]: string };
  /** Id of the folder that holds the cluster, or `"root"`. */
  parentId: string;
  /** Regions, limits and upgrades of a Basic or Standard cluster. */
  serverless?: Serverless;
  /** Nodes, hardware and network of an Advanced cluster. */
  dedicated?: Dedicated;
  /** Your own cloud account that the cluster runs in; undefined in one of Cockroach Labs. */
  customerCloudAccount?: CustomerCloudAccount;
  /** `CREATING`, `CREATED`, `LOCKED`, `CREATION_FAILED` or `DELETED`. */
  state: string;
  /** The background job that runs on the cluster, or that failed last; `UNSPECIFIED` when there is none. */
  operationStatus: string;
  /** Full version, `v25.2.6`. */
  cockroachVersion: string;
  /** Regions by name. */
  regions: ClusterRegion[];
  /** Public SQL host of the whole cluster. */
  sqlDns: string;
  /** Names a Basic or Standard cluster in connection strings; empty for Advanced. */
  routingId: string;
  /** Cloud account or project of an Advanced cluster, for trust relationships; empty otherwise. */
  accountId: string;
  /**
   * Whom the service acts as where it exports logs and metrics, for the trust policy of the role or project that you name
   * there: on AWS an account, whose external id is that of the cluster on plan STANDARD; on GCP a service account.
   * Undefined where it does not apply or is not known: on Azure, in a cloud account of your own, and on plan BASIC.
   */
  exportPrincipal?: string;
  /** Id of the user or service account that made the cluster. */
  creatorId: string;
  /** When the cluster was made, RFC 3339. */
  createdAt: string;
  /** When it was last changed, RFC 3339. */
  updatedAt?: string;
  /** When it was deleted, RFC 3339; absent while it lives. */
  deletedAt?: string;
  /** Where the cluster is in the cycle of major versions: `FINALIZED`, `UPGRADE_AVAILABLE`, `PENDING_FINALIZATION` and others. */
  upgradeStatus: string;
  /** `ALLOW_ALL` or `DEFAULT_DENY`; empty where it does not apply. */
  egressTrafficPolicy: string;
  /** Client id that an Azure Key Vault must trust; empty on other clouds. */
  azureClusterIdentityClientId: string;
}

/** Which cluster: exactly one of the two. */
export interface GetClusterArgs {
  /** UUID. */
  id?: string;
  /** Name of a living cluster. */
  name?: string;
}

/** Which cluster: exactly one of the two. */
export interface GetClusterOutputArgs {
  /** The cluster, or its id. */
  id?: ClusterReference;
  /** Name of a living cluster. */
  name?: pulumi.Input<string>;
}

/**
 * Reads a cluster by `id` or by `name`: the outputs of a `Cluster`, with `id`, `operationStatus`, `updatedAt` and
 * `deletedAt`. Fails when there is none, when it is deleted, or when several have the name. Calls at the same time
 * share one list.
 */
export function getCluster(args: GetClusterArgs, options?: FunctionOptions): Promise<ClusterInfo> {
  return callFunction(oneCluster, args, options);
}

/** `getCluster` for outputs. */
export function getClusterOutput(
  args: GetClusterOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ClusterInfo> {
  return callFunctionOutput(oneCluster, args, options);
}

/** Which clusters. */
export interface ListClustersArgs {
  /**
   * Also lists deleted clusters and those whose creation failed. Without effect unless the key may read
   * clusters on the whole organization.
   * @default false
   */
  showInactive?: boolean;
}

/** Which clusters. */
export interface ListClustersOutputArgs {
  /**
   * Also lists deleted clusters and those whose creation failed. Without effect unless the key may read
   * clusters on the whole organization.
   * @default false
   */
  showInactive?: pulumi.Input<boolean>;
}

/** Lists the clusters of the organization; with `showInactive` also deleted and failed ones. */
export function listClusters(
  args: ListClustersArgs = {},
  options?: FunctionOptions,
): Promise<ClusterInfo[]> {
  return callFunction(allClusters, args, options);
}

/** `listClusters` for outputs. */
export function listClustersOutput(
  args: ListClustersOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<ClusterInfo[]> {
  return callFunctionOutput(allClusters, args, options);
}

/** @internal */
export const oneCluster: ProviderFunction<GetClusterArgs, ClusterInfo> = {
  name: "getCluster",
  async read(connection, { id, name }) {
    checkEither("getCluster", { id, name });
    const wire =
      id === undefined
        ? await clusterNamed(connection, textIn("getCluster", "name", name, "a cluster's name"))
        : await clusterOfId(connection, uuidIn("getCluster", "id", id, "a cluster", clusterByName));
    return toInfo(wire);
  },
};

/** @internal */
export const allClusters: ProviderFunction<ListClustersArgs, ClusterInfo[]> = {
  name: "listClusters",
  async read(connection, { showInactive }) {
    const clusters = showInactive
      ? await collect(connection.cloud.clusters.list(omitUndefined({ showInactive })))
      : await questionsTo(connection).clusters.items();
    return clusters.map(toInfo);
  },
};

/** Fails as a read of the cluster does, when the response about a part of it may mean that there is no cluster. @internal */
async function requireCluster(connection: Connection, id: string): Promise<void> {
  await clusterOfId(connection, id);
}

interface Questions {
  readonly clusters: CoalescedList<WireCluster>;
  /** Reads by id that are under way. */
  byId: number;
}

const questions = new WeakMap<Connection, Questions>();

function questionsTo(connection: Connection): Questions {
  const known = questions.get(connection) ?? {
    clusters: new CoalescedList(() => collect(connection.cloud.clusters.list())),
    byId: 0,
  };
  questions.set(connection, known);
  return known;
}

/** By one GET, or when others ask too, from a list that all share. @internal */
export async function clusterOfId(connection: Connection, id: string): Promise<WireCluster> {
  const shared = questionsTo(connection);
  shared.byId += 1;
  try {
    // The first of many cannot know yet that it is not alone.
    const listed =
      shared.byId > 1
        ? (await shared.clusters.items()).find((cluster) => cluster.id === id)
        : undefined;
    // A list leaves out failed and deleted clusters.
    const cluster = listed ?? (await connection.cloud.clusters.get(id));
    if (cluster.state !== "DELETED") return cluster;
    const when = cluster.deleted_at === undefined ? "" : ` on ${cluster.deleted_at}`;
    throw nothingFound({
      object: `cluster ${id}`,
      path: "/api/v1/clusters",
      reason: `cluster "${cluster.name}" was deleted${when}`,
    });
  } finally {
    shared.byId -= 1;
  }
}

async function clusterNamed(connection: Connection, name: string): Promise<WireCluster> {
  const clusters = await questionsTo(connection).clusters.items();
  return onlyMatch(
    clusters.filter((cluster) => cluster.name === name),
    ({ id }) => id,
    {
      object: `cluster ${JSON.stringify(name)}`,
      path: "/api/v1/clusters",
      reason: noneHas(clusters.length, "cluster", "that this credential can see", "name"),
      advice: "Failed and deleted clusters do not count.",
      shared: "clusters have the name",
    },
  );
}

/** The response, or undefined where there is a cluster and the API knows nothing of this part of it. @internal */
export async function orUndefinedWhenUnset<Result>(
  connection: Connection,
  clusterId: string,
  response: Promise<Result | undefined>,
): Promise<Result | undefined> {
  const known = await undefinedIfNotFound(response);
  if (known === undefined) await requireCluster(connection, clusterId);
  return known;
}

/** A cluster as a program reads it. @internal */
export function toInfo(wire: WireCluster): ClusterInfo {
  const { plan, ...outputs } = toOutputs(wire, {}, undefined);
  return {
    id: wire.id,
    ...outputs,
    ...(wire.plan !== "" && { plan }),
    operationStatus: wire.operation_status,
    ...omitUndefined({ updatedAt: wire.updated_at, deletedAt: wire.deleted_at }),
  };
}
