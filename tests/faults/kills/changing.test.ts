// Kills while a cluster is changed in place.
import { survivesKills } from "./campaign";
import { advanced, basic, only, standard } from "./programs";

survivesKills({
  title: "changing labels",
  isPart: true,
  program: (round) => only({ ...basic, labels: { round: `${round}` } }),
});

survivesKills({
  title: "changing the plan in place",
  // A plan changes back after 48 hours at the earliest.
  prepare: async ({ emulator }) => await emulator.clock.advance(49 * 3_600_000),
  program: (round) => only(round % 2 === 0 ? basic : standard),
});

survivesKills({
  title: "scaling",
  program: (round) => only(advanced(3 + (round % 2))),
});
