/** The shape of the arguments of a cluster. */
import { z } from "zod";
import { folderId, labelValue } from "../resource/schema";
import { majorVersion } from "./cockroach-version";

const positiveWhole = z.number().refine((value) => Number.isSafeInteger(value) && value > 0, {
  error: ({ input }) =>
    `must be a whole number above zero, not ${String(input)}. Leave the limit out for no limit.`,
});

const name = z.string().refine((value) => /^[a-z0-9][a-z0-9-]{4,38}[a-z0-9]$/.test(value), {
  error: "must have 6 to 40 lowercase letters, digits and dashes, with no dash at either end.",
});

const version = z.string().refine((value) => majorVersion(value) !== undefined, {
  error: 'must be a major version such as "v25.2".',
});

const nodes = z.number().refine((value) => Number.isSafeInteger(value) && value > 0, {
  error: "must be a whole number of nodes, at least 1.",
});

const usageLimits = z.strictObject({
  provisionedVirtualCpus: z
    .number()
    .refine((value) => Number.isSafeInteger(value) && value >= 2 && value <= 200, {
      error: ({ input }) => `must be a whole number from 2 to 200, not ${String(input)}.`,
    })
    .optional(),
  requestUnitLimit: positiveWhole.optional(),
  storageMibLimit: positiveWhole.optional(),
});

const serverless = z.strictObject({
  regions: z.array(z.string()).min(1, { error: "must name at least one region." }),
  primaryRegion: z.string().optional(),
  usageLimits: usageLimits.optional(),
  upgradeType: z.enum(["AUTOMATIC", "MANUAL"]).optional(),
  withEmptyIpAllowlist: z.boolean().optional(),
  cockroachVersion: version.optional(),
  finalizeUpgrade: z.boolean().optional(),
});

const machineSpec = z.strictObject({
  numVirtualCpus: z
    .number()
    .refine((value) => Number.isSafeInteger(value) && value >= 4, {
      error: ({ input }) => `must be a whole number of at least 4, not ${String(input)}.`,
    })
    .optional(),
  machineType: z.string().min(1, { error: "must name a machine type." }).optional(),
});

const hardware = z.strictObject({
  machineSpec: machineSpec.optional(),
  storageGib: z
    .number()
    .refine((value) => Number.isSafeInteger(value) && value >= 0, {
      error: "must be a whole number of GiB; leave it out for the smallest size.",
    })
    .optional(),
  diskIops: z
    .number()
    .refine((value) => Number.isSafeInteger(value) && value >= 0, {
      error: "must be a whole number; leave it out for the default.",
    })
    .optional(),
});

const cmekRegionSpec = z.strictObject({
  region: z.string(),
  keySpec: z.strictObject({
    type: z.enum(["AWS_KMS", "GCP_CLOUD_KMS", "AZURE_KEY_VAULT"]),
    uri: z.string().min(1, { error: "must name a key." }),
    authPrincipal: z.string().min(1, { error: "must name who may use the key." }),
  }),
});

const dedicated = z.strictObject({
  regionNodes: z.record(z.string(), nodes),
  hardware,
  regionMachineSpecs: z.record(z.string(), machineSpec).optional(),
  cockroachVersion: version.optional(),
  finalizeUpgrade: z.boolean().optional(),
  networkVisibility: z.enum(["PUBLIC", "PRIVATE"]).optional(),
  cidrRange: z.string().optional(),
  supportsClusterVirtualization: z.boolean().optional(),
  restrictEgressTraffic: z.boolean().optional(),
  cmekRegionSpecs: z.array(cmekRegionSpec).optional(),
});

/** @internal */
export const inputsSchema = z.strictObject({
  name: name.optional(),
  cloudProvider: z.enum(["AWS", "GCP", "AZURE"]),
  plan: z.enum(["BASIC", "STANDARD", "ADVANCED"]),
  deleteProtection: z.boolean().optional(),
  labels: z.record(z.string(), labelValue).optional(),
  parentId: folderId.optional(),
  serverless: serverless.optional(),
  dedicated: dedicated.optional(),
  customerCloudAccount: z
    .strictObject({
      aws: z.strictObject({ arn: z.string() }).optional(),
      gcp: z.strictObject({ serviceAccountEmail: z.string() }).optional(),
      azure: z.strictObject({ subscriptionId: z.string(), tenantId: z.string() }).optional(),
    })
    .optional(),
});

/** Arguments of a cluster that are known and valid. @internal */
export type Inputs = z.output<typeof inputsSchema>;

/** Arguments as a preview has them: any member, at any depth, may be missing, unknown or wrong. @internal */
// biome-ignore lint/suspicious/noExplicitAny: unchecked by nature, and every rule checks what it reads
export type Unchecked = any;
