// What a command prints while the client retries: otherwise it would seem to hang for two minutes.

import type { RequestOptions } from "./request-options";

/** Options that report a retry once. */
export function retryNotice(write: (text: string) => void): RequestOptions {
  let isWritten = false;
  return {
    onWait({ reason, error }) {
      if (isWritten || reason !== "transient" || error === undefined) return;
      isWritten = true;
      write(`${error.message}\nRetrying for up to two minutes …\n`);
    },
  };
}
