/**
 * Injects faults at random. The seed alone decides which fault the n-th request of an operation gets: the order in
 * which the engine happens to send requests does not matter.
 */
import { createHash } from "node:crypto";
import type { Emulator, Fault, LoggedRequest } from "../emulator";

/** The faults. Those that hang end with the time-out of the client. */
export const faultKinds: readonly Fault[] = [
  { reset: "before-effect" },
  { reset: "after-effect" },
  { status: 500 },
  { status: 500, effect: "after" },
  { status: 502, body: "<html><body>502 Bad Gateway</body></html>" },
  { status: 502, body: "<html><body>502 Bad Gateway</body></html>", effect: "after" },
  { status: 503 },
  { status: 503, effect: "after" },
  { status: 504, effect: "after" },
  { status: 429, headers: { "Retry-After": "1" } },
  { cutBody: true },
  { delayMs: 2_000 },
  { hang: "before-effect" },
  { hang: "after-effect" },
];

/** Injects faults from now on. @param rate The share of requests that get one. */
export function injectAtRandom(
  emulator: Pick<Emulator, "faults">,
  { seed, rate }: { seed: number; rate: number },
): void {
  const seen = new Map<string, number>();
  const drawn = new WeakMap<LoggedRequest, Fault | undefined>();
  const faultOf = (request: LoggedRequest) => {
    if (!drawn.has(request)) {
      const operation = request.operation ?? request.path;
      const count = (seen.get(operation) ?? 0) + 1;
      seen.set(operation, count);
      drawn.set(request, draw(`${seed}/${operation}/${count}`, rate));
    }
    return drawn.get(request);
  };
  for (const fault of faultKinds) {
    emulator.faults.add("*", {
      ...fault,
      times: Number.POSITIVE_INFINITY,
      when: (request) => faultOf(request) === fault,
    });
  }
}

function draw(key: string, rate: number): Fault | undefined {
  const digest = createHash("sha256").update(key).digest();
  if (digest.readUInt32BE(0) / 2 ** 32 >= rate) return undefined;
  return faultKinds[digest.readUInt32BE(4) % faultKinds.length];
}
