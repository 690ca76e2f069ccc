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
import { ConflictError, orUndefinedWhenGone, withAdvice } from "../sdk";
import { described, shapeFailures } from "./check";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, partOf } from "./cluster-reference";
import { mayHaveHadEffect } from "./errors";
import type { Context, Lifecycle } from "./lifecycle";
import { serve } from "./lifecycle";
import { registered, typeToken } from "./registration";
import { hasUnknown } from "./unknown";

const defaultTimeoutMs = 30 * 60_000;
const generatedPasswordBytes = 24;

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
  declare readonly name: pulumi.Output<string>;
  /** Secret; undefined for a user that was imported without one. */
  declare readonly password: pulumi.Output<string | undefined>;
  declare readonly keepers: pulumi.Output<{ [key: string]: string } | undefined>;

  /**
   * @param name name of the resource, and of the user when `args` has none
   * @param args the user
   * @param options `import: "<cluster id>:<name>"` takes an existing user over and leaves its password alone
   */
  constructor(name: string, args: SqlUserArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && { name, ...args, clusterId: clusterIdOf(args.clusterId) };
    super(
      ...registered(
        {
          type: "SqlUser",
          stem: "sql-user",
          bridgedType: "cockroach:index/sqlUser:SqlUser",
          outputs: ["clusterId", "name", "password", "keepers"],
          secrets: ["password"],
        },
        name,
        inputs,
        // The same user cannot be made a second time before the first is gone.
        { deleteBeforeReplace: true, ...partOf(args?.clusterId, options) },
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
    return (
      typeof value === "object" &&
      value !== null &&
      Reflect.get(value, "__pulumiType") === SqlUser.__pulumiType
    );
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

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  name,
  password: z
    .string()
    // Never with the value: it would be a password in an error message.
    .refine(({ length }) => length >= 12 && length <= 500, {
      error: "must have 12 to 500 characters.",
    })
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
    return {
      replaces: (["clusterId", "name"] as const).filter(differs),
      updates: [
        ...(news.password !== undefined && differs("password") ? ["password"] : []),
        ...(keepersDiffer(state, news) ? ["keepers"] : []),
      ],
      deleteBeforeReplace: false,
      notes: [],
    };
  },

  async create(inputs, context) {
    const { clusterId } = inputs;
    const id = `${clusterId}:${inputs.name}`;
    if (context.adopt !== undefined) return await adopted(id, inputs, context);
    const password = inputs.password ?? generatedPassword();
    const deadline = context.deadline(defaultTimeoutMs);
    await whenReady(clusterId, context, deadline, () =>
      make({ ...inputs, password }, context, deadline),
    );
    return { id, outs: { ...inputs, password } };
  },

  async read(id, { state, asked }, context) {
    const { clusterId, name } = partsOf(id);
    const { signal } = context;
    const users = await orUndefinedWhenGone(
      context.lists.sqlUsers(clusterId).recentItems({ signal }),
    );
    if (!users?.has(name)) return undefined;
    const { password, keepers } = state;
    return {
      state: present({ clusterId, name, password, keepers }),
      // A password that the program left to us is no argument of it.
      inputs: present({ clusterId, name, password: asked.password, keepers }),
    };
  },

  async update(_id, { state, asked, isForeign }, news, context) {
    const isRotated = !isForeign && keepersDiffer(state, news) && news.password === undefined;
    const known = state.password ?? asked.password;
    const password = news.password ?? (isRotated ? generatedPassword() : known);
    if (password !== undefined && password !== known) {
      await setPassword(news.clusterId, news.name, password, context);
    }
    return present({ ...news, password });
  },

  async delete(id, _stored, { cloud, lists, deadline }) {
    const { clusterId, name } = partsOf(id);
    try {
      await orUndefinedWhenGone(
        cloud.sqlUsers.delete(clusterId, name, { deadline: deadline(defaultTimeoutMs) }),
      );
    } finally {
      lists.sqlUsers(clusterId).wrote();
    }
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

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
    await cloud.sqlUsers.create(clusterId, { name, password }, { signal, deadline });
  } catch (error) {
    if (ConflictError.isInstance(error)) {
      throw withAdvice(
        error,
        `To manage the user here, add the option {import: "${clusterId}:${name}"} to the resource; otherwise choose another name.`,
      );
    }
    if (!mayHaveHadEffect(error)) throw error;
    users.wrote();
    if (!(await users.recentItems({ deadline })).has(name)) throw error;
    await setPassword(clusterId, name, password, context);
  } finally {
    users.wrote();
  }
}

async function setPassword(
  clusterId: string,
  name: string,
  password: string,
  context: Context,
): Promise<void> {
  const { cloud, signal } = context;
  const deadline = context.deadline(defaultTimeoutMs);
  await whenReady(clusterId, context, deadline, () =>
    cloud.sqlUsers.updatePassword(clusterId, name, password, { signal, deadline }),
  );
}

async function adopted(
  id: string,
  inputs: Inputs,
  { adopt, lists, signal }: Context,
): Promise<{ id: string; outs: State }> {
  if (adopt !== id) {
    throw new Error(
      `Importing SQL user ${adopt} failed: the arguments describe ${id}. Make clusterId and name equal to the id, which is <cluster id>:<name>.`,
    );
  }
  const users = await lists.sqlUsers(inputs.clusterId).recentItems({ signal });
  if (!users.has(inputs.name)) {
    throw new Error(
      `Importing SQL user "${inputs.name}" failed: cluster ${inputs.clusterId} has no such user. Check the option import, or remove it to create the user.`,
    );
  }
  return { id, outs: inputs };
}

function partsOf(id: string): { clusterId: string; name: string } {
  const colon = id.indexOf(":");
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
