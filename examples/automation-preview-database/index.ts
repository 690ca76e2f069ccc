import * as automation from "@pulumi/pulumi/automation";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** What each pull request gets. The limits cap what a forgotten one costs. */
async function program() {
  const cluster = new cockroachdb.Cluster("preview", {
    plan: "BASIC",
    cloudProvider: "GCP",
    labels: { purpose: "preview" },
    serverless: {
      regions: ["us-central1"],
      usageLimits: { requestUnitLimit: 5_000_000, storageMibLimit: 1_024 },
    },
  });
  // Saves a request when all is deleted. Should the cluster's deletion be refused, the user is lost to the stack,
  // which does no harm here.
  const app = new cockroachdb.SqlUser("app", { clusterId: cluster }, { deletedWith: cluster });
  return { databaseUrl: cluster.connectionUrl({ user: app }) };
}

/** The stack of a pull request, made when there is none. Pulumi finds the packages from `main`, wherever this starts. */
async function stackOf(pullRequest: string): Promise<automation.Stack> {
  const projectName = "automation-preview-database";
  return await automation.LocalWorkspace.createOrSelectStack(
    { stackName: `pr-${pullRequest}`, projectName, program },
    { projectSettings: { name: projectName, runtime: "nodejs", main: __dirname } },
  );
}

async function main([command, pullRequest = ""]: string[]): Promise<void> {
  if ((command !== "up" && command !== "down") || !/^\d+$/.test(pullRequest)) {
    throw new Error("Usage: npm start -- up|down <number of the pull request>");
  }
  const stack = await stackOf(pullRequest);
  const onOutput = (text: string) => process.stderr.write(text);
  if (command === "up") {
    const { outputs } = await stack.up({ onOutput, color: "never" });
    // Alone on standard output, for `DATABASE_URL=$(…)`.
    console.log(outputs["databaseUrl"]?.value);
  } else {
    await stack.destroy({ onOutput, color: "never" });
    await stack.workspace.removeStack(stack.name);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
