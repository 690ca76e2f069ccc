// The budget of one key, over minutes: alone, and with other processes that use the key too. Everything
// is simulated and every run the same, so the numbers are facts about the limiter and not about today.

import assert from "node:assert/strict";
import type { ProcessRecord, SimulatedProcess, Simulation } from "./budget-simulation";
import { between, simulated } from "./budget-simulation";

const algorithms = ["sliding-window", "token-bucket"] as const;

/** Near, far, and far with a network that holds each message up by anything to 50 ms. */
const networks = [
  { delayMs: 1, jitterMs: 2 },
  { delayMs: 1, jitterMs: 50 },
  { delayMs: 25, jitterMs: 50 },
];

/** Each message early or late by up to 50 ms, and close enough for a round to follow at once. */
const worst = { algorithm: "sliding-window" as const, delayMs: 0, jitterMs: 100 };

const saturated = (count: number, lastStartsAtS = 0): SimulatedProcess[] =>
  Array.from({ length: count }, (_, index) => ({
    startsAtS: (index * lastStartsAtS) / Math.max(1, count - 1),
  }));

/** Each process's part of what was accepted in this time, and what was accepted of what the server grants. */
function sharing(records: readonly ProcessRecord[], fromS: number, toS: number) {
  const counts = records.map(({ accepted }) => between(accepted, fromS, toS));
  const sum = counts.reduce((total, count) => total + count);
  return { parts: counts.map((count) => count / sum), used: sum / ((toS - fromS) * 10) };
}

/** How often a request was refused in this time before it was accepted, on average. */
function refusalsPerRequest(records: readonly ProcessRecord[], fromS: number, toS: number): number {
  const count = (outcome: "accepted" | "refused") =>
    records.reduce((sum, record) => sum + between(record[outcome], fromS, toS), 0);
  return count("refused") / count("accepted");
}

/** Every server, network and some seeds. */
function simulations(seeds: number): Omit<Simulation, "processes" | "seconds">[] {
  return algorithms.flatMap((algorithm) =>
    networks.flatMap((network) =>
      Array.from({ length: seeds }, (_, index) => ({ algorithm, ...network, seed: index + 1 })),
    ),
  );
}

const nameOf = ({ algorithm, delayMs, jitterMs, seed }: Partial<Simulation>) =>
  `${algorithm}, ${delayMs} to ${(delayMs ?? 0) + (jitterMs ?? 0)} ms, seed ${seed}`;

describe("The budget of a key", () => {
  describe("of a process that is alone", () => {
    it("is used to nine tenths at least without a single 429", async () => {
      for (const simulation of [
        ...simulations(1),
        { algorithm: "sliding-window" as const, delayMs: 100, jitterMs: 50, seed: 1 },
        // The worst that the limiter allows for: it needs chance to be met with.
        ...[1, 2, 3].map((seed) => ({ ...worst, seed })),
      ]) {
        const requests = 2_100;
        const [record] = await simulated({
          ...simulation,
          processes: [{ requests }],
          seconds: 900,
        });
        assert.ok(record);
        assert.equal(record.refused.length, 0, nameOf(simulation));
        assert.equal(record.accepted.length, requests);
        const tookMs = (record.sent.at(-1) ?? 0) - (record.sent[0] ?? 0);
        assert.ok(tookMs <= 1.1 * requests * 100, `${tookMs} ms: ${nameOf(simulation)}`);
      }
    }).timeout(30_000);

    it("lets another one in within seconds", async () => {
      for (const simulation of simulations(2)) {
        const records = await simulated({
          ...simulation,
          processes: [{}, { startsAtS: 20 }],
          seconds: 60,
        });
        const { parts } = sharing(records, 40, 60);
        assert.ok((parts[1] ?? 0) > 0.2, `${parts[1]}: ${nameOf(simulation)}`);
      }
    }).timeout(20_000);
  });

  // How far from its fair part a process may be over two minutes (four must have between 15 and 35 %),
  // how many refusals a request meets with on average, and how many any may. Each costs about a second,
  // and a call gives up after ten minutes of them.
  for (const [count, spread, refusals, maxRefusals] of [
    [2, 0.4, 0.06, 10],
    [3, 0.4, 0.13, 15],
    [4, 0.4, 0.27, 20],
    [8, 0.7, 1.1, 40],
  ] as const) {
    it(`is shared by ${count} processes: about the same for each, more than nine tenths for all`, async () => {
      for (const simulation of simulations(count === 4 ? 3 : 1)) {
        const lastStartsAtS = (simulation.seed % 3) * 5;
        const processes = saturated(count, lastStartsAtS);
        const records = await simulated({ ...simulation, processes, seconds: 150 });
        const { parts, used } = sharing(records, 30, 150);
        const name = `${parts.map((part) => part.toFixed(2)).join(" ")}: ${nameOf(simulation)}`;
        assert.ok(used > 0.9, `${used} used: ${name}`);
        for (const part of parts) assert.ok(Math.abs(part * count - 1) <= spread, name);
        const refused = refusalsPerRequest(records, 30, 150);
        assert.ok(refused <= refusals, `${refused} refusals of a request: ${name}`);
        const worst = Math.max(...records.map((record) => record.maxRefusals));
        assert.ok(worst <= maxRefusals, `${worst} refusals of one request: ${name}`);
      }
    }).timeout(60_000);
  }

  it("of a process that ends is used by the others within a quarter of a minute", async () => {
    for (const simulation of simulations(1)) {
      for (const [count, staying] of [
        [2, 1],
        [4, 3],
        [4, 1],
      ] as const) {
        const processes = saturated(count).map((process, index) =>
          index < staying ? process : { ...process, endsAtS: 60 },
        );
        const records = await simulated({ ...simulation, processes, seconds: 90 });
        const { used } = sharing(records, 75, 90);
        assert.ok(used > 0.85, `${used} used by ${staying} of ${count}: ${nameOf(simulation)}`);
      }
    }
  }).timeout(30_000);

  it("serves twenty processes, more than it has requests in a second", async () => {
    const [simulation] = simulations(1);
    assert.ok(simulation);
    const records = await simulated({ ...simulation, processes: saturated(20), seconds: 90 });
    const { parts, used } = sharing(records, 30, 90);
    assert.ok(used > 0.9, `${used} used`);
    for (const part of parts) assert.ok(part > 0.01, parts.join(" "));
    const refused = refusalsPerRequest(records, 30, 90);
    assert.ok(refused <= 3.4, `${refused} refusals of a request`);
  }).timeout(20_000);
});
