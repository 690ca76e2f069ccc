/**
 * A service account: the identity of a program.
 *
 * Names are not unique and the API has no place for a creation mark, so an account whose creation got no response is
 * recognized by what the list had before the request.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UpdateServiceAccountRequest, WireServiceAccount } from "../sdk";
import { inTurn } from "./cache/turns";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import type { RunRecord } from "./engine/run-record";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import { withAdviceFor } from "./resource/advice";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { updatesInPlace } from "./resource/definition";
import { cachedListOf } from "./resource/driver";
import { mayHaveHadEffect } from "./resource/errors";
import type { Context } from "./resource/lifecycle";
import { searchAfterLoss, withOpenAdvice } from "./resource/lost-create";
import { ownServiceAccountId } from "./resource/own-credential";
import { typeToken } from "./resource/resource-types";
import { isMembership, roleOf } from "./resource/role";
import { nonEmptyText } from "./resource/schema";

/** Arguments of a service account. */
export interface ServiceAccountArgs {
  /** Name; several accounts may have one. Updated in place. */
  name: pulumi.Input<string>;
  /**
   * What it is for. Updated in place.
   * @default "" when created, then not managed
   */
  description?: pulumi.Input<string>;
}

/**
 * A service account, which API keys and roles belong to. It begins as a member of the organization without further
 * rights: grant it roles by `UserRoleGrant` or `UserRoleGrants`. The role Cluster Admin allows to create service
 * accounts, and neither to change nor to delete them. API operations: CreateServiceAccount, ListServiceAccounts,
 * GetServiceAccount, UpdateServiceAccount, DeleteServiceAccount.
 */
export class ServiceAccount extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ServiceAccount");

  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** What it is for; empty where nothing is said. */
  declare readonly description: pulumi.Output<string>;
  /** Name of the person or service account that created it. */
  declare readonly creatorName: pulumi.Output<string>;
  /** When it was created, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the service account
   * @param options `import: "<service account id>"` adopts an existing account and writes nothing
   */
  constructor(name: string, args: ServiceAccountArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing service account, which this program reads and does not manage. */
  static readonly get = getterOf(ServiceAccount);
  /** Whether `value` is a service account of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ServiceAccount>("ServiceAccount");
}

const inputs = z.strictObject({ name: nonEmptyText, description: z.string().optional() });

type Inputs = z.output<typeof inputs>;

interface State {
  name: string;
  description: string;
  creatorName: string;
  createdAt: string;
}

const definition: ResourceDefinition<Inputs, State, WireServiceAccount> = {
  type: "ServiceAccount",
  noun: "service account",
  inputs,
  arguments: {
    name: updatesInPlace,
    description: {
      onChange: "update",
      unset: "",
      reset: 'To remove it, write description: "".',
    },
  },
  outputs: ["creatorName", "createdAt"],
  createsBeforeDelete: true,

  idFormat: "<service account id>",
  idOf: (_inputs, remote) => remote?.id,
  describe: ({ id, name }) =>
    name === undefined ? `service account ${id}` : `service account "${name}"`,
  loss: "with its API keys and roles",

  sample: ({ name = "service account", description = "" }) => ({
    name,
    description,
    creatorName: "founder@example.com",
    createdAt: "2026-06-01T00:00:00Z",
  }),
  toState: ({ name, description, creator_name, created_at }) => ({
    name,
    description,
    creatorName: creator_name,
    createdAt: created_at,
  }),
  collection: {
    describe: () => "service accounts",
    list: (_place, { cloud, options }) => cloud.serviceAccounts.list({}, options),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    nameOf: ({ name }) => name,
    get: ({ id = "" }, { cloud, options }) => cloud.serviceAccounts.get(id, options),
  },

  trouble: ({ roles, group_roles }) =>
    [...roles, ...group_roles.map(({ role }) => role)].some(({ name }) => name !== "ORG_MEMBER")
      ? undefined
      : {
          code: "unused",
          what: "It has no role beside ORG_MEMBER.",
          why: "Who acts as it can see that the organization exists, and do nothing.",
          byHand:
            "Grant it a role by UserRoleGrant, or remove the resource where it is not needed.",
        },

  create: (account, call) =>
    inTurn(`create service account ${JSON.stringify(account)}`, () => createOnce(account, call)),

  update(before, { name, description }, { cloud, options }, changed) {
    const values: UpdateServiceAccountRequest = {
      ...(changed.includes("name") ? { name } : {}),
      ...(description !== undefined && changed.includes("description") ? { description } : {}),
    };
    return cloud.serviceAccounts.update(before.id, values, options);
  },
  isUpdateReadable: true,

  async delete({ id, name }, { cloud, options }) {
    if ((await ownServiceAccountId(cloud, options)) === id) {
      throw new Error(
        `Service account "${name}" (${id}) is not deleted: this run authenticates as it, and would end half-way. Run as another service account, or take the account out of the state with \`pulumi state delete\`.`,
      );
    }
    await cloud.serviceAccounts.delete(id, options);
  },
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

/** Sends the one POST; without a response, finds the one account that has appeared. */
async function createOnce(
  { name, description = "" }: Inputs,
  call: WriteCall,
): Promise<WireServiceAccount> {
  const { cloud, options, context } = call;
  const isAlike = (account: WireServiceAccount) =>
    account.name === name && account.description === description;
  const list = cachedListOf(definition, {}, context);
  // One list for all that a run creates: what it has created itself since then is in `createdHere`.
  const since = context.clock.now() - listedForMs;
  const before = await list?.items({ since, ignoresWrites: true }, options);
  const alike = [...(before?.values() ?? [])].filter(isAlike);
  await refuseLeftOver(alike, call);
  const createdHere = createdIn(context);
  const known = new Set(alike.map(({ id }) => id));
  const search = async () => {
    list?.invalidate();
    const now = await list?.recentItems(options);
    const appeared = [...(now?.values() ?? [])].filter(
      (account) => isAlike(account) && !known.has(account.id) && !createdHere.has(account.id),
    );
    return appeared.length === 0 ? undefined : appeared;
  };
  try {
    const account = await cloud.serviceAccounts.create({ name, description, roles: [] }, options);
    createdHere.add(account.id);
    return account;
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw error;
    const { found: appeared = [], isKnown } = await searchAfterLoss(lostSearchMs, call, search);
    if (!isKnown) throw withOpenAdvice(error, definition.noun, context.signal);
    const [only, ...others] = appeared;
    if (only === undefined) {
      throw withAdviceFor(
        error,
        "No such account has appeared: run the update again, which creates it.",
      );
    }
    if (others.length > 0) {
      const ids = appeared.map(({ id }) => id).join(", ");
      throw withAdviceFor(
        error,
        `Several such accounts have appeared: ${ids}. To manage one of them here, add the option {import: "<its id>"} to the resource; delete the others.`,
      );
    }
    createdHere.add(only.id);
    return only;
  }
}

/**
 * Refuses to create a second account where an interrupted run may have left one, since nothing distinguishes it: it has
 * neither roles nor keys, and is no other resource of the run.
 */
async function refuseLeftOver(
  alike: readonly WireServiceAccount[],
  { cloud, options, context }: WriteCall,
): Promise<void> {
  const inRun = context.run.of(definition.noun);
  for (const { id, name, roles } of alike) {
    const isManaged = createdIn(context).has(id) || inRun.keeps(id) || inRun.replaces(id);
    if (isManaged || roles.some((role) => !isMembership(roleOf(role)))) continue;
    const keys = cloud.apiKeys.list({ serviceAccountId: id }, options)[Symbol.asyncIterator]();
    if ((await keys.next()).done !== true) continue;
    throw new Error(
      `Creating service account "${name}" failed: ${id} has the same name and description, and neither API keys nor roles, as an interrupted run may have left it. To manage it here, add the option {import: "${id}"} to the resource; otherwise delete it, or give this one another name or description.`,
    );
  }
}

const listedForMs = 30_000;
/** For how long an account is searched for whose creation got no response. */
const lostSearchMs = 10_000;

const created = new WeakMap<RunRecord, Set<string>>();

/** Ids of the accounts that this run has created. */
function createdIn({ run }: Context): Set<string> {
  const ids = created.get(run) ?? new Set();
  created.set(run, ids);
  return ids;
}
