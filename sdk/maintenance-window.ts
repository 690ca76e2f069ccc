// The weekly time in which an Advanced cluster may be patched.

import { z } from "zod";
import { textSchema } from "./protobuf-json";

/** A weekly window. Its durations are protobuf's: `parseDuration` and `formatDuration` convert them. */
export interface WireMaintenanceWindow {
  /** From Monday 00:00 UTC to the start: `"172800s"` is Wednesday 00:00. Less than a week. */
  offset_duration: string;
  /** At least six hours, `"21600s"`, and less than a week. */
  window_duration: string;
}

/** @internal What is not set reads as empty: a cluster without a window may answer so. */
export const maintenanceWindowSchema = z.object({
  offset_duration: textSchema,
  window_duration: textSchema,
});
