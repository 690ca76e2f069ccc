import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** Another text makes new API keys. */
const rotated = new pulumi.Config().get("rotated") ?? "never";

/** A folder with a cluster in it, and a service account for CI whose only role is on the folder. */
class Environment extends pulumi.ComponentResource {
  /** What CI authenticates with. */
  readonly apiKey: pulumi.Output<string | undefined>;

  constructor(name: string, cluster: (folder: cockroachdb.Folder) => cockroachdb.ClusterArgs) {
    super("examples:index:Environment", name);
    const options = { parent: this };
    const folder = new cockroachdb.Folder(name, { name, labels: { environment: name } }, options);
    new cockroachdb.Cluster(name, cluster(folder), options);

    const ci = new cockroachdb.ServiceAccount(
      name,
      { name: `ci-${name}`, description: `Deploys to ${name}` },
      options,
    );
    new cockroachdb.UserRoleGrant(
      name,
      {
        userId: ci,
        role: { roleName: "CLUSTER_ADMIN", resourceType: "FOLDER", resourceId: folder.id },
      },
      options,
    );
    /** The new key is created first, and the old one deleted at the end, when all that takes `secret` is updated. */
    const key = new cockroachdb.ApiKey(
      name,
      { serviceAccountId: ci, name: `ci-${name}`, keepers: { rotated } },
      options,
    );
    this.apiKey = key.secret;
    this.registerOutputs();
  }
}

const development = new Environment("development", (folder) => ({
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  parentId: folder,
}));
const production = new Environment("production", (folder) => ({
  plan: "STANDARD",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
  deleteProtection: true,
  parentId: folder,
}));

/** Secret: `pulumi stack output productionKey --show-secrets`. */
export const developmentKey = development.apiKey;
export const productionKey = production.apiKey;
