// Kills while a cluster is replaced, because its arguments say so.
import { survivesKills } from "./campaign";
import { moving, named, only } from "./programs";

survivesKills({
  title: "replacing a cluster without a name",
  isPart: true,
  program: (round) => only(moving(round)),
});

survivesKills({
  title: "replacing a cluster that has a name",
  program: (round) => only(named(moving(round))),
});

survivesKills({
  title: "replacing a cluster that is kept by retainOnDelete",
  retains: true,
  program: (round) => only(moving(round), { retainOnDelete: true }),
});
