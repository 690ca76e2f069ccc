/** What `check` accepts of a restore. */
import { z } from "zod";
import { clusterId, nonEmptyText, uuidOf } from "../resource/schema";

export const inputs = z.strictObject({
  destinationClusterId: clusterId,
  type: z.enum(["CLUSTER", "DATABASE", "TABLE"]),
  sourceClusterId: clusterId.optional(),
  backupId: uuidOf("a backup", () => "listBackups({ clusterId }) lists them.").optional(),
  objects: z
    .array(
      z.strictObject({
        database: nonEmptyText,
        schema: nonEmptyText.optional(),
        table: nonEmptyText.optional(),
      }),
    )
    .min(1, { error: "must have at least one database or table, or be left out." })
    .optional(),
  restoreOptions: z
    .strictObject({
      intoDb: nonEmptyText.optional(),
      newDbName: nonEmptyText.optional(),
      schemaOnly: z.boolean().optional(),
      skipLocalitiesCheck: z.boolean().optional(),
      skipMissingForeignKeys: z.boolean().optional(),
      skipMissingSequences: z.boolean().optional(),
      skipMissingViews: z.boolean().optional(),
    })
    .optional(),
  eraseDestination: z.boolean().optional(),
  keepers: z.record(z.string(), z.string()).optional(),
});

export type Inputs = z.output<typeof inputs>;
export type Item = NonNullable<Inputs["objects"]>[number];
export type Options = NonNullable<Inputs["restoreOptions"]>;
