/** The stacks that are measured, as data: `bench/program` makes resources of it. */

/** One resource of a stack. */
export interface Declared {
  readonly type: DeclaredType;
  /** The logical name. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Logical name of the cluster that it is a part of, which stands before it. */
  readonly cluster?: string;
  /**
   * How it names its cluster. Given the `Cluster` itself it vanishes with it; given the id it is deleted by a
   * request of its own.
   * @default "resource"
   */
  readonly reference?: "resource" | "id";
  /** The option `deletedWith`: nothing is sent to delete it. @default false */
  readonly isDeletedWithCluster?: boolean;
}

export type DeclaredType =
  | "Cluster"
  | "SqlUser"
  | "AllowlistEntry"
  | "Database"
  | "MaintenanceWindow"
  | "VersionDeferral"
  | "CmekConfig"
  | "NullResource";

/** A Basic cluster. */
export function basicCluster(name: string, labels: Record<string, string> = {}): Declared {
  return {
    type: "Cluster",
    name,
    args: {
      plan: "BASIC",
      cloudProvider: "GCP",
      serverless: { regions: ["us-central1"] },
      labels,
    },
  };
}

/** One Basic cluster with SQL users: `1 + users` resources. */
export function clusterWithUsers(users: number, labels: Record<string, string> = {}): Declared[] {
  const cluster = basicCluster("orders", labels);
  return [cluster, ...series(users, (index) => sqlUser(cluster.name, `user-${index}`))];
}

/** The same stack, whose parts are deleted with their clusters. */
export function deletedWithClusters(stack: readonly Declared[]): Declared[] {
  return stack.map((declared) =>
    declared.cluster === undefined ? declared : { ...declared, isDeletedWithCluster: true },
  );
}

/** Clusters of all three plans with all that belongs to them: exactly so many resources. */
export function mixedStack(resources: number): Declared[] {
  const clusters = Math.max(1, Math.ceil(resources / 50));
  const perCluster = Math.ceil(resources / clusters);
  return series(clusters, (index) => mixedCluster(index, perCluster))
    .flat()
    .slice(0, resources);
}

/** The same stack of resources that do nothing. */
export function nullStack(stack: readonly Declared[]): Declared[] {
  return stack.map((declared) => ({ ...declared, type: "NullResource" }));
}

function mixedCluster(index: number, resources: number): Declared[] {
  const cluster = clusterOfEachPlan(index);
  const reference = index % 2 === 0 ? "resource" : "id";
  const part = (type: DeclaredType, name: string, args: Declared["args"]): Declared => ({
    type,
    name: `${cluster.name}-${name}`,
    args,
    cluster: cluster.name,
    reference,
  });
  const onlyAdvanced =
    cluster.args["plan"] === "ADVANCED"
      ? [
          part("MaintenanceWindow", "window", {
            offsetDuration: "180000s",
            windowDuration: "21600s",
          }),
          part("VersionDeferral", "deferral", { deferralPolicy: "DEFERRAL_60_DAYS" }),
          part("CmekConfig", "keys", { regionSpecs: [awsKey] }),
        ]
      : [];
  const some = [
    cluster,
    ...onlyAdvanced,
    ...series(5, (n) =>
      part("AllowlistEntry", `office-${n}`, {
        cidrIp: `203.0.113.${n}`,
        cidrMask: 32,
        sql: true,
        ui: false,
      }),
    ),
    ...series(5, (n) => part("Database", `shop-${n}`, { name: `shop_${n}` })),
  ];
  const users = series(Math.max(0, resources - some.length), (n) =>
    part("SqlUser", `user-${n}`, { name: `user-${n}` }),
  );
  return [...some, ...users].slice(0, resources);
}

function clusterOfEachPlan(index: number): Declared {
  const name = `cluster-${index}`;
  if (index % 4 === 0) {
    return {
      type: "Cluster",
      name,
      args: {
        plan: "ADVANCED",
        cloudProvider: "AWS",
        dedicated: {
          regionNodes: { "us-east-1": 3 },
          hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
          networkVisibility: "PRIVATE",
        },
      },
    };
  }
  if (index % 4 === 1) {
    return {
      type: "Cluster",
      name,
      args: {
        plan: "STANDARD",
        cloudProvider: "GCP",
        serverless: {
          regions: ["us-central1"],
          usageLimits: { provisionedVirtualCpus: 2 },
        },
      },
    };
  }
  return basicCluster(name, { team: `team-${index}` });
}

const awsKey = {
  region: "us-east-1",
  keySpec: {
    type: "AWS_KMS",
    uri: "arn:aws:kms:us-east-1:111122223333:key/0f8fad5b-d9cb-469f-a165-70867728950e",
    authPrincipal: "arn:aws:iam::111122223333:role/cockroachdb-cloud",
  },
};

function sqlUser(cluster: string, name: string): Declared {
  return { type: "SqlUser", name: `${cluster}-${name}`, args: { name }, cluster };
}

function series<Item>(length: number, item: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, index) => item(index));
}
