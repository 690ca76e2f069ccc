// What can go wrong with a request: every fault, for how long it lasts, and which of them may have had an effect.

import type { Fault } from "../../../emulator";
import type { Lab } from "../../support/engine-model/lab";
import type { Stack } from "../../support/engine-model/stack";
import { admitAll, refuse } from "./refusal";

/** For how long a fault lasts, from the request on that it hits first. */
const spells = ["once", "three times", "for ever", "with everything after it"] as const;

export type Spell = (typeof spells)[number];

/** A fault with a name. */
export interface Trouble {
  readonly name: string;
  readonly family: Family;
  /** What the emulator does to the request; or what it cannot do: the connection is refused, the run ended. */
  readonly fault: Fault | "refused" | End;
  readonly spells: readonly Spell[];
}

/** What ends the run while the service carries the request out. */
type End = "interrupt" | "kill";

export const families = ["connections", "responses", "refusals", "ends"] as const;

export type Family = (typeof families)[number];

const page = (title: string) => `<html><head><title>${title}</title></head></html>`;

function connection(name: string, fault: Trouble["fault"]): Trouble {
  return { name, family: "connections", fault, spells };
}

function response(name: string, fault: Fault): Trouble {
  return { name, family: "responses", fault, spells };
}

function refusal(name: string, fault: Fault, ...lasting: Spell[]): Trouble {
  return { name, family: "refusals", fault, spells: ["once", ...lasting] };
}

function end(name: string, fault: End): Trouble {
  return { name, family: "ends", fault, spells: ["once"] };
}

export const troubles: readonly Trouble[] = [
  connection("connection refused", "refused"),
  connection("reset before the effect", { reset: "before-effect" }),
  connection("reset after the effect", { reset: "after-effect" }),
  connection("body cut", { cutBody: true }),
  connection("hangs before the effect", { hang: "before-effect" }),
  connection("hangs after the effect", { hang: "after-effect" }),
  response("not JSON", { notJson: true }),
  response("408", { status: 408 }),
  response("429", { status: 429, message: "rate limit exceeded" }),
  response("429 with Retry-After", {
    status: 429,
    message: "rate limit exceeded",
    headers: { "Retry-After": "3" },
  }),
  response("500", { status: 500 }),
  response("500 after the effect", { status: 500, effect: "after" }),
  response("502 of a gateway", { status: 502, body: page("Bad Gateway") }),
  response("503 of a gateway", { status: 503, body: page("Maintenance") }),
  response("503 busy", { status: 503, message: "couldn't lock cluster" }),
  response("504 after the effect", {
    status: 504,
    effect: "after",
    body: page("Gateway Time-out"),
  }),
  refusal("401", { status: 401, message: "invalid API key" }, "with everything after it"),
  refusal("403", { status: 403, message: "unauthorized" }, "for ever", "with everything after it"),
  refusal("404", { status: 404, message: "not found" }, "for ever"),
  refusal("409", { status: 409, message: "conflict" }, "for ever"),
  end("Ctrl-C", "interrupt"),
  end("kill", "kill"),
];

/** A request of a run: the n-th of its operation. */
export interface Target {
  readonly operation: string;
  readonly nth: number;
}

/** Lets the fault hit from the target on. Returns how many requests it has hit; `end` ends it. */
export function inject(
  { emulator }: Lab,
  shop: Stack,
  { fault }: Trouble,
  spell: Spell,
  { operation, nth }: Target,
): { hit(): number; end(): void } {
  let seen = 0;
  let hit = 0;
  const most = { once: 1, "three times": 3 }[spell as string] ?? Number.POSITIVE_INFINITY;
  const isHit = (of: string | undefined): boolean => {
    if (of === operation) seen += 1;
    const isMeant = of === operation || spell === "with everything after it";
    if (!isMeant || seen < nth || hit >= most) return false;
    hit += 1;
    return true;
  };
  if (fault === "refused") refuse(emulator.port, isHit);
  else if (typeof fault === "string") {
    const when = (request: { operation: string | undefined }) => {
      if (isHit(request.operation)) shop[fault]();
      return false;
    };
    emulator.faults.add("*", { delayMs: 0, when });
  } else {
    const when = (request: { operation: string | undefined }) => isHit(request.operation);
    emulator.faults.add("*", { ...fault, times: Number.POSITIVE_INFINITY, when });
  }
  return {
    hit: () => hit,
    end() {
      admitAll(emulator.port);
      emulator.faults.clear();
    },
  };
}

/** Whether a fault can be reported from another one when the request only reads. */
export function isDistinctForReads({ fault }: Trouble): boolean {
  if (typeof fault === "string") return true;
  if ("status" in fault) return fault.status === 504 || fault.effect !== "after";
  if ("reset" in fault) return fault.reset === "before-effect";
  return !("hang" in fault) || fault.hang === "before-effect";
}
