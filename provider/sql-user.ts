/**
 * A SQL user of a cluster.
 *
 * The API shows nothing but names: a user is read through the list of all, and whether a password is
 * still the one that was set, nobody can tell. So a password is sent when it changes here.
 */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireSqlUser } from "../sdk";
import { BadRequestError, ConflictError, RequestError, withAdvice } from "../sdk";
import { described, shapeFailures } from "./check";
import { checkImportedId, partTimeoutMs, removed, unlessClusterGone } from "./cluster-parts";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, onlyOne, partOf } from "./cluster-reference";
import { mayHaveHadEffect } from "./errors";
import type { Context, Lifecycle, Note } from "./lifecycle";
import { serve } from "./lifecycle";
import { isOfType, registered } from "./registration";
import { typeToken } from "./resource-types";
import { hasUnknown } from "./unknown";

const generatedPasswordBytes = 24;
const lostAnswerLookMs = 30_000;
const lostAnswerPauseMs = 3_000;

/** Arguments of a SQL user. */
export interface SqlUserArgs {
  /**
   * The cluster, or its id. Given the `Cluster`, destroying both makes no request for the user.
   * Changing it replaces this resource.
   */
  clusterId: ClusterReference;
  /**
   * Name: 1 to 63 lowercase letters, digits, `_`, `.` and `-`; SQL folds capitals. Not `none`, and not
   * beginning with `pg_` or `crdb_internal`. Changing it replaces this resource.
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Password of 12 to 500 characters, always a secret. Updated in place. Left out later, the current
   * one stays.
   * @default 32 random characters that are safe in a URL; unknown for an imported user
   */
  password?: pulumi.Input<string>;
  /**
   * Any values; when one changes, a generated password is replaced by a new one. Updated in place.
   * @default none
   */
  keepers?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * A SQL user. It gets the SQL role `admin`, which the API cannot take away. API operations:
 * CreateSQLUser, ListSQLUsers, UpdateSQLUserPassword, DeleteSQLUser.
 */
export class SqlUser extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("SqlUser");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Name of the user. */
  declare readonly name: pulumi.Output<string>;
  /** Secret; undefined for a user that was imported without one. */
  declare readonly password: pulumi.Output<string | undefined>;
  /** As in the arguments. */
  declare readonly keepers: pulumi.Output<{ [key: string]: string } | undefined>;

  /**
   * @param name name of the resource, and of the user when `args` has none
   * @param args the user
   * @param options `import: "<cluster id>:<name>"` takes an existing user over and leaves its password alone
   */
  constructor(name: string, args: SqlUserArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && {
      ...args,
      name: args.name ?? name,
      clusterId: clusterIdOf(args.clusterId),
    };
    super(
      ...registered(
        {
          type: "SqlUser",
          outputs: ["clusterId", "name", "password", "keepers"],
          secrets: ["password"],
        },
        name,
        inputs,
        // The same user cannot be made a second time before the first is gone.
        { ...onlyOne(options), ...partOf(args?.clusterId, options) },
      ),
    );
  }

  /** An existing user, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): SqlUser {
    return new SqlUser(name, undefined as never, { ...options, id });
  }

  /** Whether `value` is a SQL user of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is SqlUser {
    return isOfType(value, SqlUser.__pulumiType);
  }
}

const name = z.string().check((context) => {
  const reason = nameProblem(context.value);
  if (reason) context.issues.push({ code: "custom", message: reason, input: context.value });
});

function nameProblem(value: string): string | undefined {
  if (/[A-Z]/.test(value)) {
    return `must be lowercase, because SQL folds capitals: "${value.toLowerCase()}".`;
  }
  if (!/^[a-z0-9_][a-z0-9_.-]{0,62}$/.test(value)) {
    return `must have 1 to 63 lowercase letters, digits, "_", "." and "-", and begin with one of the first three, not be ${described(value)}.`;
  }
  if (value === "none" || /^(pg_|crdb_internal)/.test(value)) {
    return 'is reserved: it must not be "none" and must not begin with "pg_" or "crdb_internal".';
  }
  return undefined;
}

function isPassword(value: unknown): boolean {
  return typeof value === "string" && value.length >= 12 && value.length <= 500;
}

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  name,
  // The one sentence for all that can be wrong: no other shows the value, which is a password.
  password: z
    .custom<string>(isPassword, { error: "must be a string of 12 to 500 characters." })
    .optional(),
  keepers: z.record(z.string(), z.string()).optional(),
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs;

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "SQL user",
  secrets: ["password"],

  check(_olds, news) {
    return { failures: shapeFailures(inputsSchema, news), notes: [] };
  },

  diff(_id, { state }, news) {
    const differs = (key: keyof Inputs) =>
      hasUnknown(news[key]) || !isDeepStrictEqual(state[key], news[key]);
    const replaces = (["clusterId", "name"] as const).filter(differs);
    const updates: (keyof Inputs)[] = [
      ...(news.password !== undefined && differs("password") ? (["password"] as const) : []),
      ...(keepersDiffer(state, news) ? (["keepers"] as const) : []),
    ];
    return {
      replaces,
      updates,
      deleteBeforeReplace: false,
      notes: notesOn(state, replaces, updates, news),
    };
  },

  async create(inputs, context) {
    const { clusterId } = inputs;
    const id = `${clusterId}:${inputs.name}`;
    if (context.adopt !== undefined) return await adopted(id, inputs, context);
    const password = inputs.password ?? generatedPassword();
    const deadline = context.deadline(partTimeoutMs);
    await whenReady(clusterId, context, deadline, () =>
      make({ ...inputs, password }, context, deadline),
    );
    return { id, outs: { ...inputs, password } };
  },

  async read(id, { state, asked }, context) {
    const { clusterId, name } = partsOf(id);
    const list = context.lists.sqlUsers(clusterId);
    const users = await unlessClusterGone(clusterId, context, list.recentItems());
    if (!users?.has(name)) return undefined;
    const { password, keepers } = state;
    return {
      state: present({ clusterId, name, password, keepers }),
      // A password that the program left to us is no argument of it.
      inputs: present({ clusterId, name, password: asked.password, keepers }),
    };
  },

  async update(_id, { state, asked, isForeign }, news, context) {
    const isRotated = !isForeign && keepersDiffer(state, news);
    const known = state.password ?? asked.password;
    const password = news.password ?? (isRotated ? generatedPassword() : known);
    if (password !== undefined && password !== known) {
      await setPassword(news.clusterId, news.name, password, context);
    }
    return present({ ...news, password });
  },

  async delete(id, _stored, context) {
    const { clusterId, name } = partsOf(id);
    const users = context.lists.sqlUsers(clusterId);
    try {
      await removed(
        clusterId,
        context,
        (options) => context.cloud.sqlUsers.delete(clusterId, name, options),
        (options) => users.isThere(name, options),
      );
    } finally {
      users.wrote();
    }
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

/** What a change costs. A value that is not known yet may be the old one again. */
function notesOn(
  { clusterId, name }: State,
  replaces: readonly (keyof Inputs)[],
  updates: readonly (keyof Inputs)[],
  news: Inputs,
): Note[] {
  const isSure = (key: keyof Inputs) => !hasUnknown(news[key]);
  if (replaces.some(isSure)) {
    return [
      {
        severity: "warning",
        message: `SQL user "${name}" of cluster ${clusterId} is deleted, with the rights that SQL has given it, and another one is made.`,
      },
    ];
  }
  const changing = news.password === undefined ? "keepers" : "password";
  if (replaces.length > 0 || !updates.includes(changing) || !isSure(changing)) return [];
  return [
    {
      severity: "info",
      message: `SQL user "${name}" gets another password: the present one is refused from then on.`,
    },
  ];
}

function keepersDiffer(state: State, news: Inputs): boolean {
  return hasUnknown(news.keepers) || !isDeepStrictEqual(state.keepers ?? {}, news.keepers ?? {});
}

/** Sends the one POST; when its answer is lost, looks for the user and gives it the password that we know. */
async function make(
  user: Inputs & { password: string },
  context: Context,
  deadline: number,
): Promise<void> {
  const { cloud, lists, signal } = context;
  const { clusterId, name, password } = user;
  const users = lists.sqlUsers(clusterId);
  try {
    await cloud.sqlUsers.create(
      clusterId,
      { name, password },
      { signal, deadline, whenBusy: "fail" },
    );
  } catch (error) {
    users.wrote();
    if (await isRefusedAsExisting(error, user, context, deadline)) throw nameIsTaken(error, user);
    if (!mayHaveHadEffect(error)) throw error;
    await untilFound(user, error, context, deadline);
    await setPassword(clusterId, name, password, context);
    await context.note(
      "warning",
      `The answer to creating SQL user "${name}" was lost. The user was found afterwards and was given the password of this resource; if it was there before, its former password no longer works.`,
    );
  } finally {
    users.wrote();
  }
}

/** Whether the POST was refused because there is such a user; no document says how the API says so. */
async function isRefusedAsExisting(
  error: unknown,
  { clusterId, name }: Inputs,
  { lists }: Context,
  deadline: number,
): Promise<boolean> {
  if (ConflictError.isInstance(error)) return true;
  if (!BadRequestError.isInstance(error)) return false;
  // The refusal says more than the failure of a look would.
  const users = await lists
    .sqlUsers(clusterId)
    .recentItems({ deadline })
    .catch(() => new Map<string, WireSqlUser>());
  return users.has(name);
}

function nameIsTaken(error: unknown, { clusterId, name }: Inputs): unknown {
  const advice = `To manage the user here, add the option {import: "${clusterId}:${name}"} to the resource; otherwise choose another name.`;
  return RequestError.isInstance(error) ? withAdvice(error, advice) : error;
}

/** Looks for the user of a POST whose answer was lost; there is no second POST in this run. */
async function untilFound(
  { clusterId, name }: Inputs,
  lost: unknown,
  { lists, clock, signal }: Context,
  deadline: number,
): Promise<void> {
  const users = lists.sqlUsers(clusterId);
  const end = Math.min(clock.now() + lostAnswerLookMs, deadline);
  while (!signal.aborted) {
    // The message below says more than the failure of a look would.
    const found = await users
      .items({ since: clock.now() }, { deadline: end })
      .catch(() => new Map<string, WireSqlUser>());
    if (found.has(name)) return;
    if (clock.now() >= end) break;
    await clock.sleep(lostAnswerPauseMs, signal).catch(() => {});
  }
  throw RequestError.isInstance(lost)
    ? withAdvice(
        lost,
        "The answer to the request was lost, and no such user has appeared since. Nothing was sent twice. Run the update again: it creates the user, or says how to take it over if it has come in the meantime.",
      )
    : lost;
}

async function setPassword(
  clusterId: string,
  name: string,
  password: string,
  context: Context,
): Promise<void> {
  const { cloud, signal } = context;
  const deadline = context.deadline(partTimeoutMs);
  await whenReady(clusterId, context, deadline, () =>
    cloud.sqlUsers.updatePassword(clusterId, name, password, {
      signal,
      deadline,
      whenBusy: "fail",
    }),
  );
}

async function adopted(
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  checkImportedId(context, "SQL user", id, "<cluster id>:<name>");
  const users = await context.lists.sqlUsers(inputs.clusterId).recentItems();
  if (!users.has(inputs.name)) {
    throw new Error(
      `Importing SQL user "${inputs.name}" failed: cluster ${inputs.clusterId} has no such user. Check the option import, or remove it to create the user.`,
    );
  }
  return { id, outs: inputs };
}

function partsOf(id: string): { clusterId: string; name: string } {
  const colon = id.indexOf(":");
  if (colon < 1 || colon === id.length - 1) {
    throw new Error(`"${id}" is no id of a SQL user, which is <cluster id>:<name>.`);
  }
  return { clusterId: id.slice(0, colon), name: id.slice(colon + 1) };
}

function present(user: {
  clusterId: string;
  name: string;
  password?: string | undefined;
  keepers?: Inputs["keepers"];
}): State {
  const { password, keepers, ...rest } = user;
  return {
    ...rest,
    ...(password === undefined ? {} : { password }),
    ...(keepers === undefined ? {} : { keepers }),
  };
}

function generatedPassword(): string {
  return randomBytes(generatedPasswordBytes).toString("base64url");
}
