// What a command says while the client tries again: else nothing would happen for two minutes.

import type { RequestOptions } from "./request-options";

/** Options that say once why nothing happens. */
export function retryNotice(write: (text: string) => void): RequestOptions {
  let isSaid = false;
  return {
    onWait({ reason, error }) {
      if (isSaid || reason !== "transient" || error === undefined) return;
      isSaid = true;
      write(`${error.message}\nTrying again for up to two minutes …\n`);
    },
  };
}
