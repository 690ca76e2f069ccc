/**
 * How often a cluster is backed up, and how long the backups are kept.
 *
 * Every cluster has this from its creation, and the API cannot delete it. The retention can be changed once: so only
 * what differs from the service is ever sent.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UpdateBackupConfigurationRequest, WireBackupConfiguration } from "../sdk";
import { BadRequestError, withAdvice } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { mayHaveHadEffect } from "./resource/errors";
import type { CheckOutcome, Note } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";
import { hasUnknown } from "./values/unknown";

/** Arguments of a backup configuration: at least one beside the cluster. */
export interface BackupConfigurationArgs {
  /**
   * The cluster, or its id, of plan STANDARD or ADVANCED. Changing it replaces this resource: the settings of the old
   * cluster stay as they are.
   */
  clusterId: ClusterReference;
  /**
   * Whether backups are taken. Updated in place. Disabling keeps the backups that there are, until they expire.
   * @default not managed
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Minutes between backups: 5, 10, 15, 30, 60, 240 or 1440. Updated in place: the service takes a full backup at once.
   * @default not managed
   */
  frequencyMinutes?: pulumi.Input<number>;
  /**
   * Days for which new backups are kept: 2, 7, 30, 90 or 365. Updated in place, once in the life of a cluster: after
   * that CockroachDB Cloud support changes it. The service takes a full backup at once.
   * @default not managed
   */
  retentionDays?: pulumi.Input<number>;
}

/**
 * How often a cluster is backed up, and how long the backups are kept. Every cluster has this from its creation:
 * deleting the resource leaves the settings as they are. API operations: UpdateBackupConfiguration,
 * GetBackupConfiguration.
 */
export class BackupConfiguration extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("BackupConfiguration");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Whether backups are taken. */
  declare readonly enabled: pulumi.Output<boolean>;
  /** Minutes between backups. */
  declare readonly frequencyMinutes: pulumi.Output<number>;
  /** Days for which new backups are kept. */
  declare readonly retentionDays: pulumi.Output<number>;

  /**
   * @param name name of the resource
   * @param args the settings
   * @param options `import: "<cluster id>"` adopts the present settings and writes nothing
   */
  constructor(name: string, args: BackupConfigurationArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The settings of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(BackupConfiguration);
  /** Whether `value` is a backup configuration of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<BackupConfiguration>("BackupConfiguration");
}

const frequencies = [5, 10, 15, 30, 60, 240, 1440];
const retentions = [2, 7, 30, 90, 365];

function oneOf(values: readonly number[]) {
  return z.number().refine((value) => values.includes(value), {
    error: `must be one of ${values.join(", ")}.`,
  });
}

const inputs = z.strictObject({
  clusterId,
  enabled: z.boolean().optional(),
  frequencyMinutes: oneOf(frequencies).optional(),
  retentionDays: oneOf(retentions).optional(),
});

type Inputs = z.output<typeof inputs>;

interface State {
  clusterId: string;
  enabled: boolean;
  frequencyMinutes: number;
  retentionDays: number;
}

const settings = ["enabled", "frequencyMinutes", "retentionDays"] as const;

const definition: ResourceDefinition<Inputs, State, WireBackupConfiguration> = {
  type: "BackupConfiguration",
  ...oneInCluster("backup configuration"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    enabled: { onChange: "update", reset: "To take backups again, write enabled: true." },
    frequencyMinutes: {
      onChange: "update",
      reset: "To take a backup every hour, write frequencyMinutes: 60.",
    },
    retentionDays: {
      onChange: "update",
      reset: "It can be changed once in the life of a cluster: leave it as it is.",
    },
  },

  check: (olds, news, failures) => ({
    failures: [...failures, ...conflictsIn(olds, news as Partial<Inputs>)],
    notes: [],
  }),
  impact({ updates }, { clusterId, retentionDays }, news) {
    const notes: Note[] = [];
    const changes = (name: "frequencyMinutes" | "retentionDays") =>
      updates.includes(name) && !hasUnknown(news[name]);
    if (changes("retentionDays")) {
      notes.push({
        severity: "warning",
        message: `The retention of cluster ${clusterId} changes from ${retentionDays} to ${news.retentionDays} days. That is possible once in the life of a cluster: after that, CockroachDB Cloud support has to change it. Backups that were taken before keep their retention.`,
      });
    }
    if (changes("frequencyMinutes") || changes("retentionDays")) {
      notes.push({
        severity: "info",
        message: `The service takes a full backup of cluster ${clusterId} at once, which costs CPU time.`,
      });
    }
    return notes;
  },

  sample: () => ({ enabled: true, frequencyMinutes: 60, retentionDays: 30 }),
  toState: ({ enabled, frequency_minutes, retention_days }, { clusterId = "" }) => ({
    clusterId,
    enabled,
    frequencyMinutes: frequency_minutes,
    retentionDays: retention_days,
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      cloud.backups.getConfiguration(clusterId, options),
    isDefault: ({ enabled, frequencyMinutes, retentionDays }) =>
      enabled && frequencyMinutes === 60 && retentionDays === 30,
    plans: ["STANDARD", "ADVANCED"],
    name: "backups",
    replacedWarning: ({ clusterId, enabled, frequencyMinutes, retentionDays }) =>
      `Cluster ${clusterId} already had other backup settings, which this resource has replaced: they were enabled ${enabled}, frequencyMinutes ${frequencyMinutes}, retentionDays ${retentionDays}. Deleting this resource does not bring them back.`,
  },

  create: (inputs, call, present) => send(inputs, call, present),
  update: (_before, after, call) => send(after, call, undefined),
  isUpdateReadable: true,
  deletedNote: ({ clusterId }) => ({
    severity: "warning",
    message: `The backup settings of cluster ${clusterId} stay as they are: the API cannot delete them.`,
  }),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function conflictsIn(olds: Partial<Inputs>, news: Partial<Inputs>): CheckOutcome["failures"] {
  if (settings.every((name) => news[name] === undefined)) {
    return [
      {
        property: "enabled",
        reason:
          "is required where frequencyMinutes and retentionDays are left out: give one of the three.",
      },
    ];
  }
  if (news.enabled !== false) return [];
  return (["frequencyMinutes", "retentionDays"] as const)
    .filter((name) => olds[name] !== undefined && news[name] !== undefined)
    .filter((name) => !hasUnknown(news[name]) && olds[name] !== news[name])
    .map((name) => ({
      property: name,
      reason:
        "cannot change while backups are disabled in the same update: change it first, or leave it as it is.",
    }));
}

/** Sends what differs from the service, whatever the state says: sending the retention again might count as its one change. */
async function send(
  inputs: Inputs,
  call: WriteCall,
  known: WireBackupConfiguration | undefined,
): Promise<WireBackupConfiguration> {
  // The API takes no other change in the request that disables backups.
  const isBoth = inputs.enabled === false && known?.enabled !== false;
  const first = isBoth
    ? await sendDifference({ ...inputs, enabled: undefined }, call, known)
    : known;
  return await sendDifference(inputs, call, first).catch((error) => {
    if (!mayHaveHadEffect(error)) throw error;
    return sendDifference(inputs, call, undefined);
  });
}

async function sendDifference(
  inputs: Inputs,
  { cloud, options }: WriteCall,
  known: WireBackupConfiguration | undefined,
): Promise<WireBackupConfiguration> {
  const { backups } = cloud;
  const present = known ?? (await backups.getConfiguration(inputs.clusterId, options));
  const { enabled, frequencyMinutes, retentionDays } = inputs;
  const body: UpdateBackupConfigurationRequest = {
    ...(enabled === undefined || enabled === present.enabled ? {} : { enabled }),
    ...(frequencyMinutes === undefined || frequencyMinutes === present.frequency_minutes
      ? {}
      : { frequency_minutes: frequencyMinutes }),
    ...(retentionDays === undefined || retentionDays === present.retention_days
      ? {}
      : { retention_days: retentionDays }),
  };
  if (Object.keys(body).length === 0) return present;
  try {
    return await backups.updateConfiguration(inputs.clusterId, body, options);
  } catch (error) {
    if (!BadRequestError.isInstance(error) || !/retention policy set/.test(error.apiMessage)) {
      throw error;
    }
    throw withAdvice(
      error,
      `The retention is ${present.retention_days} days and was changed once already: write retentionDays: ${present.retention_days}, or ask CockroachDB Cloud support to change it and run \`pulumi refresh\` afterwards.`,
    );
  }
}
