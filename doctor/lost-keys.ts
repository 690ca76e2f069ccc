/** API keys that this stack began to create and that are missing from its state: they work, and nobody has their secret. */
import { creatorOf } from "../provider/cluster/creation-mark";
import type { DiagnosisContext, Finding } from "./finding";
import { keyOf, organization } from "./stack-state";

/** All keys with a mark of this stack that belong to no resource. */
export function lostKeys({ state, facts, creators, pulumi }: DiagnosisContext): Finding[] {
  const managed = new Set(
    state.resources.filter(({ type }) => type === "ApiKey").map((resource) => keyOf(resource)),
  );
  const troubles = facts.existing.get(organization)?.get("ApiKey")?.troubles ?? new Map();
  return [...troubles].flatMap(([id, { mark }]): Finding[] => {
    if (mark === undefined || !creators.has(creatorOf(mark)) || managed.has(id)) return [];
    return [
      {
        severity: "error",
        code: "lost-key",
        subject: `API key ${id}`,
        what: `API key ${id} carries a creation mark of this stack and is missing from the state.`,
        why: "It works, and nobody has its secret: a run was killed while creating it. The mark is in its name, and its first half is made of the name of the stack.",
        fix: [
          {
            run: pulumi("up"),
            note: "deletes it and creates another one, as long as the program still has the resource",
          },
          { note: "Otherwise delete it in the CockroachDB Cloud Console." },
        ],
      },
    ];
  });
}
