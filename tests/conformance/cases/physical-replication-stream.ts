import { advanced } from "../../emulator/caller";
import type { TestEmulator } from "../../support/emulator";
import type { ResourceCases } from "../resource-cases";

/** A cluster that can replicate or be replicated. */
function virtualized({ clusters }: TestEmulator, name: string, region: string): string {
  const details = { region_nodes: { [region]: 3 }, supports_cluster_virtualization: true };
  return clusters.create(advanced(name, details) as never).id;
}

const isOver = (status: string) => status === "CANCELED" || status === "COMPLETED";

const notYet = "is for a stream that exists: leave it out until the stream is created.";

export const cases: ResourceCases = {
  place: (emulator, nth) => ({
    primaryClusterId: virtualized(emulator, `primary-${nth}`, "us-east-1"),
    standbyClusterId: virtualized(emulator, `standby-${nth}`, "us-west-2"),
  }),
  minimal: {},
  full: [{ eraseStandby: true }],
  // The emulator begins on 2026-06-01.
  changes: [{ failoverImmediately: true }, { failoverAt: "2026-06-01T00:30:00Z" }],
  arguments: {
    failoverImmediately: {
      to: true,
      onChange: "update",
      drift: "is not returned",
      wrong: [
        ["yes", 'must be true or false, not the string "yes".'],
        [true, notYet],
      ],
    },
    failoverAt: {
      to: "2026-06-01T00:30:00Z",
      onChange: "update",
      drift: "is not returned",
      wrong: [
        ["tomorrow", 'must be a time such as "2026-12-15T00:00:00Z", not the string "tomorrow".'],
        ["2026-06-01T00:30:00Z", notYet],
      ],
    },
    eraseStandby: {
      before: {},
      to: true,
      onChange: "update",
      sends: [],
      drift: "is not returned",
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
  },
  managedWhenAbsent: ["failoverImmediately", "failoverAt", "eraseStandby"],

  missingId: () => "00000000-0000-4000-8000-000000000000",

  operations: {
    create: "CreatePhysicalReplicationStream",
    read: "ListPhysicalReplicationStreams",
    update: "UpdatePhysicalReplicationStream",
    delete: "UpdatePhysicalReplicationStream",
  },
  createBody: ({ primaryClusterId, standbyClusterId }) => ({
    primary_cluster_id: primaryClusterId,
    standby_cluster_id: standbyClusterId,
  }),

  // One that has failed over is over, and stays so.
  exists: ({ emulator, id }) =>
    emulator.physicalReplicationStreams
      .list()
      .some((stream) => stream.id === id && !isOver(stream.status)),
  remove: ({ emulator, id }) => emulator.physicalReplicationStreams.forget(id),

  lostCreate: { outcome: "found", isReadOptional: true },
  existing: { outcome: "refused" },
  leavesRecord: true,
};
