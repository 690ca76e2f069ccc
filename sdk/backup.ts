// Managed backups of a cluster.

import { z } from "zod";
import { flagSchema, numberSchema, paginationSchema } from "./protobuf-json";

/** How often a cluster is backed up, and how long the backups are kept. */
export interface WireBackupConfiguration {
  enabled: boolean;
  /** 5, 10, 15, 30, 60, 240 or 1440. */
  frequency_minutes: number;
  /** 2, 7, 30, 90 or 365. */
  retention_days: number;
}

/** Body of `updateConfiguration`: what is left out stays as it is. */
export interface UpdateBackupConfigurationRequest {
  enabled?: boolean;
  /** 5, 10, 15, 30, 60, 240 or 1440. */
  frequency_minutes?: number;
  /** 2, 7, 30, 90 or 365. It can be changed once in the life of a cluster. */
  retention_days?: number;
}

/** A backup. */
export interface WireBackup {
  id: string;
  /** The moment whose data it holds, RFC 3339. */
  as_of_time: string;
}

/** @internal */
export const backupConfigurationSchema = z.object({
  enabled: flagSchema,
  frequency_minutes: numberSchema,
  retention_days: numberSchema,
});

/** @internal */
export const backupListSchema = z.object({
  backups: z.array(z.object({ id: z.string().min(1), as_of_time: z.string() })),
  pagination: paginationSchema,
});
