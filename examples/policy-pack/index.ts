import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const list = (...names: string[]) => ({
  type: "array" as const,
  items: { type: "string" as const },
  default: names,
});

new PolicyPack("cockroachdb-cloud", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "delete-protection",
      description: "Clusters of production stacks have delete protection.",
      configSchema: { properties: { stacks: list("prod") } },
      validateResource: validateResourceOfType(
        cockroachdb.Cluster,
        ({ deleteProtection }, { urn, getConfig }, report) => {
          const [, , stack = ""] = urn.split(":");
          const { stacks } = getConfig<{ stacks: string[] }>();
          if (stacks.includes(stack) && deleteProtection !== true) {
            report("Set deleteProtection: true.");
          }
        },
      ),
    },
    {
      name: "closed-allowlist",
      description: "No cluster is open to every address.",
      validateResource: [
        // A Basic or Standard cluster begins with an entry for every address, unless the program prevents that.
        validateResourceOfType(cockroachdb.Cluster, ({ serverless }, _args, report) => {
          if (serverless !== undefined && serverless.withEmptyIpAllowlist !== true) {
            report("Set serverless.withEmptyIpAllowlist: true, and add AllowlistEntry resources.");
          }
        }),
        validateResourceOfType(cockroachdb.AllowlistEntry, ({ cidrMask }, _args, report) => {
          if (cidrMask === 0) report("Allow the networks that need it, not 0.0.0.0/0.");
        }),
      ],
    },
    {
      name: "approved-regions",
      description: "Clusters run in approved regions only.",
      configSchema: { properties: { regions: list("us-central1", "us-east1", "us-east-1") } },
      validateResource: validateResourceOfType(
        cockroachdb.Cluster,
        ({ serverless, dedicated }, { getConfig }, report) => {
          const { regions } = getConfig<{ regions: string[] }>();
          const used = serverless?.regions ?? Object.keys(dedicated?.regionNodes ?? {});
          for (const region of used) {
            if (!regions.includes(region))
              report(`Region ${region} is not among ${regions.join(", ")}.`);
          }
        },
      ),
    },
    {
      name: "advanced-encrypted",
      description: "Advanced clusters are encrypted with keys of our own.",
      validateStack: ({ resources }, report) => {
        const encrypted = resources
          .filter((resource) => resource.isType(cockroachdb.CmekConfig))
          .flatMap(({ propertyDependencies }) => propertyDependencies["clusterId"] ?? [])
          .map(({ urn }) => urn);
        for (const resource of resources) {
          const cluster = resource.asType(cockroachdb.Cluster);
          if (cluster?.plan === "ADVANCED" && !encrypted.includes(resource.urn)) {
            report("Add a CmekConfig for the cluster.", resource.urn);
          }
        }
      },
    },
  ],
});
