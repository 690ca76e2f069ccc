// Kills while a cluster is replaced although its arguments are the same, in both orders.
import { survivesKills, up } from "./campaign";
import type { KillLab } from "./lab";
import { basic, named, only } from "./programs";

const urn = "urn:pulumi:test::kills::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";

async function taint(lab: KillLab): Promise<void> {
  await lab.run("state", "taint", urn, "--yes");
}

survivesKills({
  title: "replacing by --replace, the new cluster first",
  isForced: true,
  program: () => only(basic),
  command: [...up, "--replace", urn],
});

survivesKills({
  title: "replacing by --replace, the old cluster first",
  isForced: true,
  program: () => only(named(basic)),
  command: [...up, "--replace", urn],
});

survivesKills({
  title: "replacing after taint, the new cluster first",
  program: () => only(basic, { deleteBeforeReplace: false }),
  prepare: taint,
});

survivesKills({
  title: "replacing after taint, the old cluster first by deleteBeforeReplace",
  isPart: true,
  program: () => only(basic, { deleteBeforeReplace: true }),
  prepare: taint,
});
