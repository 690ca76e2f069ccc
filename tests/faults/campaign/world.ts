// The organization of a case: controls that nobody may touch, and what the resource of the case is in.

import type { EmulatorOptions, WireCreateCluster } from "../../../emulator";
import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Properties } from "../../conformance/resource-cases";
import { placeOf } from "../../conformance/resource-cases";
import { bodyOf } from "../../support/cluster-parts";
import { awsKey, wire } from "../../support/cmek";
import type { TestEmulator } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Secrets } from "./secrets";

export const folder = "0f8fad5b-d9cb-469f-a165-70867728950e";
/** Of a cluster that another stack is creating. */
const foreignMark = "0123456789abcdef-fedcba9876543210";

const second = 1_000;

/** Short, so that a wait is a few polls and not sixty. */
const durations = {
  createBasicMs: 2 * second,
  createStandardMs: 3 * second,
  createAdvancedMs: 10 * second,
  scaleMs: 6 * second,
  changeMachineMs: 6 * second,
  changeRegionMs: 3 * second,
  addServerlessRegionMs: 3 * second,
  changePlanMs: 3 * second,
  upgradeMs: 6 * second,
  rollbackMs: 6 * second,
  patchMs: 6 * second,
  cmekMs: 6 * second,
  allowlistPropagationMs: 5 * second,
  nameReleaseMs: 0,
} as const;

export interface World {
  readonly lab: Lab;
  /** The arguments that name what the resource of the case is in, or another such place; none for a stack of several. */
  place(nth?: number): Properties;
  /** All that were asked for. */
  readonly places: ReadonlyMap<number, Properties>;
  readonly controls: readonly string[];
  /** Clusters that the stack has not made: those that are there when the programs of the case are known. */
  others: ReadonlySet<string>;
  /** What the provider has responded. */
  readonly secrets: Secrets;
}

/** A new organization, with what a resource of this type is in. */
export async function newWorld(options: EmulatorOptions = {}, type?: ResourceType): Promise<World> {
  const lab = await startLab({
    organizations: [{ folders: [{ id: folder, name: "team" }] }],
    ...options,
    durations: { ...durations, ...options.durations },
  });
  const { emulator } = lab;
  const cluster = (name: string, plan: "BASIC" | "STANDARD" | "ADVANCED", more: object = {}) =>
    emulator.clusters.create({ ...bodyOf(plan, name), ...more } as WireCreateCluster).id;
  const controls = [
    cluster("orders-abc123", "BASIC", { labels: { "pulumi-creating": foreignMark } }),
    cluster("billing", "STANDARD", { labels: { team: "billing" } }),
    encryptable(emulator, "ledger"),
  ];
  for (const id of controls) furnish(emulator, id);
  emulator.cmek.enable(controls[2] as string, wire([awsKey("us-east-1", "ledger")]));
  for (const id of controls.slice(2)) {
    emulator.maintenanceWindows.set(id, { offset_duration: "3600s", window_duration: "21600s" });
    emulator.versionDeferrals.set(id, "DEFERRAL_30_DAYS");
  }
  const places = new Map<number, Properties>();
  const place = (nth = 1): Properties => {
    if (type === undefined) return {};
    const found = places.get(nth) ?? placeOf(type, emulator, nth);
    places.set(nth, found);
    return found;
  };
  place();
  const secrets = { seen: new Set<string>(), inPlainText: new Set<string>() };
  return {
    lab,
    place,
    places,
    controls,
    others: new Set(emulator.clusters.list().map(({ id }) => id)),
    secrets,
  };
}

function encryptable(emulator: TestEmulator, name: string): string {
  const body = bodyOf("ADVANCED", name) as { spec: { dedicated: object } };
  const dedicated = { ...body.spec.dedicated, network_visibility: "PRIVATE" };
  const spec = { ...body.spec, dedicated };
  return emulator.clusters.create({ ...body, spec } as unknown as WireCreateCluster).id;
}

function furnish({ sqlUsers, databases, allowlist }: TestEmulator, id: string): void {
  sqlUsers.add(id, ["clerk", "reporter"]);
  databases.add(id, "ledger", 3);
  allowlist.add(id, "198.51.100.0/24", { name: "office" });
}

/** Everything about a cluster that somebody may care for. */
export function subresources({ lab }: World, id: string): object {
  const { emulator } = lab;
  const { updated_at: _, ...cluster } = emulator.clusters.get(id) as { updated_at?: unknown };
  return {
    cluster,
    users: emulator.sqlUsers
      .list(id)
      .map((name) => [name, emulator.sqlUsers.hasPassword(id, name, "password of somebody else")]),
    databases: emulator.databases.list(id),
    allowlist: emulator.allowlist.list(id),
    window: emulator.maintenanceWindows.get(id) ?? "none",
    deferral: emulator.versionDeferrals.get(id),
    cmek: emulator.cmek.get(id),
  };
}

/** Clusters that have been made since the world began, deleted ones included. */
export function madeSince({ lab, others }: World): {
  id: string;
  name: string;
  state: string;
  mark: string | undefined;
}[] {
  return lab.emulator.clusters
    .list()
    .filter(({ id }) => !others.has(id))
    .map(({ id, name, state, labels }) => ({ id, name, state, mark: labels["pulumi-creating"] }));
}
