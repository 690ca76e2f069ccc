// Cloud providers, and the account at one of them that a cluster may run in.

import { z } from "zod";

/** A cloud provider. */
export type CloudProvider = "GCP" | "AWS" | "AZURE" | (string & {});

/** The customer's own account that a cluster runs in: exactly one member. */
export interface CustomerCloudAccount {
  aws?: { arn: string };
  azure?: { subscription_id: string; tenant_id: string };
  gcp?: { service_account_email: string };
}

/** @internal */
export const customerCloudAccountSchema = z.object({
  aws: z.object({ arn: z.string() }).exactOptional(),
  azure: z.object({ subscription_id: z.string(), tenant_id: z.string() }).exactOptional(),
  gcp: z.object({ service_account_email: z.string() }).exactOptional(),
});
