// Kills while something is made or deleted for good.
import { destroy, survivesKills, up } from "./campaign";
import type { KillLab, Program } from "./lab";
import { advanced, basic, named, only } from "./programs";

async function makeClusterFirst(lab: KillLab, { cluster }: Program): Promise<void> {
  lab.say({ cluster });
  await lab.run(...up);
}

survivesKills({
  title: "creating a Basic cluster",
  isFresh: true,
  program: () => only({ ...basic, labels: { team: "payments" } }),
});

survivesKills({
  title: "creating an Advanced cluster that has a name",
  isFresh: true,
  program: () => only(named(advanced(3))),
});

survivesKills({
  title: "creating a SQL user",
  isFresh: true,
  isPart: true,
  program: () => ({ ...only(basic), user: { args: {} } }),
  prepare: makeClusterFirst,
});

survivesKills({
  title: "deleting a cluster",
  isFresh: true,
  program: () => only(basic),
  prepare: makeClusterFirst,
  command: destroy,
});
