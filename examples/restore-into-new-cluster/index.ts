import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();
const sourceClusterId = config.require("sourceClusterId");
const before = config.get("before");

/** The newest backup of the moment or before. */
const backup = cockroachdb
  .getBackupOutput({ clusterId: sourceClusterId, ...(before ? { before } : {}) })
  .apply((found) => {
    if (found === undefined) throw new Error(`Cluster ${sourceClusterId} has no such backup.`);
    return found;
  });

/** The same regions as the source, so that its data fits. */
const source = cockroachdb.getClusterOutput({ id: sourceClusterId });

const copy = new cockroachdb.Cluster("orders-copy", {
  plan: "ADVANCED",
  cloudProvider: source.cloudProvider,
  dedicated: {
    regionNodes: source.apply(({ dedicated }) => dedicated?.regionNodes ?? {}),
    hardware: source.apply(({ dedicated }) => ({
      machineSpec: { numVirtualCpus: dedicated?.hardware.machineSpec.numVirtualCpus ?? 4 },
    })),
  },
});

const restore = new cockroachdb.Restore(
  "orders",
  {
    destinationClusterId: copy,
    type: "CLUSTER",
    sourceClusterId,
    backupId: backup.id,
  },
  { ignoreChanges: ["backupId"] },
);

export const clusterId = copy.id;
export const dataOf = restore.backupEndTime;
export const status = restore.status;
