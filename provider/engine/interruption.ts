/** Ctrl-C, as an adapter hears of it. */
import { setMaxListeners } from "node:events";
import { InterruptedError } from "../resource/errors";

const interruption = new AbortController();
// Every operation in flight listens, and Node would warn of a leak on the user's screen.
setMaxListeners(0, interruption.signal);

/** Aborted when the user stops the run. */
export const interrupted: AbortSignal = interruption.signal;

/** Stops all operations of this process. */
export function interrupt(): void {
  interruption.abort(new InterruptedError());
}
