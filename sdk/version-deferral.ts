// How long an Advanced cluster puts patch upgrades off.

import { z } from "zod";
import { openEnumSchema } from "./protobuf-json";

/** For how long. `FIXED_DEFERRAL` is an old name of `DEFERRAL_60_DAYS`. */
export type DeferralPolicy =
  | "NOT_DEFERRED"
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL"
  | (string & {});

/** The deferral of a cluster. */
export interface WireVersionDeferral {
  deferral_policy: DeferralPolicy;
  /** RFC 3339; absent unless a patch is being put off. */
  deferred_until?: string;
}

/** @internal */
export const versionDeferralSchema = z.object({
  deferral_policy: openEnumSchema<DeferralPolicy>().default("NOT_DEFERRED"),
  deferred_until: z.string().exactOptional(),
});
