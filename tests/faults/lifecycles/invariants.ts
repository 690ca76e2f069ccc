// What must hold in every random life, in process and on the real engine.
import { strict as assert } from "node:assert";
import type { Emulator, LoggedRequest, WireCluster } from "../../../emulator";
import { creationMarkKey } from "../../../provider/cluster/creation-mark";
import { clusterNames } from "./plans";

/** Clusters of others, and what they were like in the beginning. */
export class Controls {
  readonly #emulator: Emulator;
  readonly #seen: ReadonlyMap<string, string>;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    const { clusters, sqlUsers } = emulator;
    const ids = ["theirs", "orders-of-others"].map((name) => {
      const { id } = clusters.create({
        name,
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      clusters.finish(id);
      sqlUsers.add(id, "app");
      return id;
    });
    this.#seen = new Map(ids.map((id) => [id, this.#snapshot(clusters.get(id))]));
  }

  /** Fails when there is any other cluster. */
  assertAlone(): void {
    const ids = living(this.#emulator).map(({ id }) => id);
    assert.deepEqual(ids.sort(), [...this.#seen.keys()].sort(), "destroy leaves what is not ours");
  }

  has(id: string): boolean {
    return this.#seen.has(id);
  }

  assertUntouched(): void {
    for (const [id, seen] of this.#seen)
      assert.equal(
        this.#snapshot(this.#emulator.clusters.get(id)),
        seen,
        "others are as they were",
      );
  }

  #snapshot(cluster: WireCluster): string {
    const { sqlUsers, allowlist, databases } = this.#emulator;
    const { id } = cluster;
    return JSON.stringify([cluster, sqlUsers.list(id), allowlist.list(id), databases.list(id)]);
  }
}

/** Clusters that are not deleted. */
export function living(emulator: Emulator): WireCluster[] {
  return emulator.clusters.list().filter(({ state }) => state !== "DELETED");
}

/** No resource is being made twice. */
export function assertMadeOnce(
  clusters: readonly WireCluster[],
  markOf: (name: string) => string,
): void {
  for (const name of clusterNames) {
    const marked = clusters.filter(({ labels }) => labels[creationMarkKey] === markOf(name));
    assert.ok(marked.length <= 1, `${name} is being made once`);
  }
}

/** A POST whose earlier try may have made a cluster is never sent again in one run. */
export function assertOncePosted(requests: readonly LoggedRequest[]): void {
  const uncertain = new Map<string, number>();
  for (const { operation, fault, body } of requests) {
    if (operation !== "CreateCluster" || /status (429|503|401|403|409|400)/.test(fault ?? ""))
      continue;
    const { name } = body as { name: string };
    uncertain.set(name, (uncertain.get(name) ?? 0) + 1);
  }
  for (const [name, tries] of uncertain) assert.ok(tries <= 1, `${name} was posted ${tries} times`);
}

/** What a user reads holds no secret and nothing that only a programmer understands. */
export function assertReadable(text: string): void {
  assert.doesNotMatch(text, /undefined|\[object|NaN|correct horse|staple horse|\n\s+at /);
}
