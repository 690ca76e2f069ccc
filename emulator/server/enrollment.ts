// Operations of limited access, which an organization has to be enrolled for.

import type { EmulatorContext } from "../context";
import { ApiError } from "./errors";

/** Refuses an operation of limited access to an organization that is not enrolled for it. */
export function checkEnrolled({ assumptions }: EmulatorContext): void {
  if (!assumptions.enrolled) {
    throw new ApiError(
      { status: 403, code: 7 },
      "this endpoint is not enabled for your organization",
    );
  }
}
