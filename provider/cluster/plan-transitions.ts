/**
 * Which plan can become which, and at what price.
 *
 * BASIC and STANDARD clusters share machines and change into each other by one request. ADVANCED
 * clusters own their machines, and the API has no way on or off them.
 */

/** Plan of a cluster. */
export type Plan = "BASIC" | "STANDARD" | "ADVANCED";

export interface PlanTransition {
  readonly kind: "same" | "in-place" | "replace";
  /** What the change means for the cluster, for the line of the resource in a preview. */
  readonly sentence?: string;
}

const acrossMachines = {
  kind: "replace",
  sentence:
    "The API cannot move a cluster between shared and dedicated machines: it is replaced by an empty one.",
} as const;

export const planTransitions = {
  BASIC: {
    BASIC: { kind: "same" },
    STANDARD: {
      kind: "in-place",
      sentence:
        "The plan changes in place, in up to 5 minutes, while the cluster keeps serving. The API refuses it within 48 hours of a change to BASIC.",
    },
    ADVANCED: acrossMachines,
  },
  STANDARD: {
    BASIC: {
      kind: "in-place",
      sentence:
        "The plan changes in place, in up to 5 minutes, while the cluster keeps serving. For 48 hours there is then no way back to STANDARD. The API may refuse it while the cluster exports logs or metrics: remove the exports in an update before.",
    },
    STANDARD: { kind: "same" },
    ADVANCED: acrossMachines,
  },
  ADVANCED: {
    BASIC: acrossMachines,
    STANDARD: acrossMachines,
    ADVANCED: { kind: "same" },
  },
} as const satisfies Record<Plan, Record<Plan, PlanTransition>>;

/** The transition between two plans. */
export function planTransition(from: Plan, to: Plan): PlanTransition {
  return planTransitions[from][to];
}
