/**
 * A SQL user of a cluster. The API returns nothing but its name: whether a password is still the one that was
 * set is unknown, so it is sent when it changes here.
 */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireSqlUser } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { byName, namedInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { info, warning } from "./resource/lifecycle";
import { isRefusedForOther } from "./resource/lost-create";
import { typeToken } from "./resource/resource-types";
import { clusterId, secretThat, textThat } from "./resource/schema";
import { withoutLeftOut } from "./values/left-out";
import { hasUnknown } from "./values/unknown";

const passwordBytes = 24;

/** Arguments of a SQL user. */
export interface SqlUserArgs {
  /** The cluster, or its id, of any plan. Changing it replaces this resource: the old user is deleted first. */
  clusterId: ClusterReference;
  /**
   * Name: 1 to 63 lowercase letters, digits, `_`, `.` and `-`, beginning with one of the first three. Not `admin`,
   * `node`, `none`, `public` or `root`, and not beginning with `pg_` or `crdb_internal`. Capitals are refused, since
   * SQL folds them. Changing it replaces this resource: the old user is deleted first, with its grants.
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Password: 12 to 500 characters, always a secret. Updated in place: one request. Left out later, the current
   * one stays.
   * @default 32 random characters that are safe in a URL; unknown for an imported user
   */
  password?: pulumi.Input<string>;
  /**
   * Any strings; when one changes, a generated password is replaced by a new one. Updated in place: one request, or
   * none when there is a `password`.
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
  /**
   * Given or generated: encrypted in state, `[secret]` on the screen, in no error message, even when the program has it
   * in plain text. Undefined for a user that was imported without one.
   */
  declare readonly password: pulumi.Output<string | undefined>;
  /** As in the arguments. */
  declare readonly keepers: pulumi.Output<{ [key: string]: string } | undefined>;

  /**
   * @param name name of the resource, and of the user when `args` has none
   * @param args the user
   * @param options `import: "<cluster id>:<name>"` takes an existing user over and leaves its password alone
   */
  constructor(name: string, args: SqlUserArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing user, which this program reads and does not manage. */
  static readonly get = getterOf(SqlUser);
  /** Whether `value` is a SQL user of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<SqlUser>("SqlUser");
}

/** Roles and users of CockroachDB itself. */
const reservedNames: ReadonlySet<string> = new Set(["admin", "node", "none", "public", "root"]);

const inputs = z.strictObject({
  clusterId,
  name: textThat((name, shown) => {
    if (/[A-Z]/.test(name)) {
      return `must be lowercase, because SQL folds capitals: "${name.toLowerCase()}".`;
    }
    if (!/^[a-z0-9_][a-z0-9_.-]{0,62}$/.test(name)) {
      return `must have 1 to 63 lowercase letters, digits, "_", "." and "-", and begin with one of the first three, not be ${shown}.`;
    }
    if (!reservedNames.has(name) && !/^(pg_|crdb_internal)/.test(name)) return undefined;
    return 'is reserved: admin, node, none, public, root, and what begins with "pg_" or "crdb_internal", are for CockroachDB itself.';
  }),
  password: secretThat("a string of 12 to 500 characters", ({ length }) =>
    length < 12 || length > 500 ? `must have 12 to 500 characters, and has ${length}.` : undefined,
  ).optional(),
  keepers: z.record(z.string(), z.string()).optional(),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs;

const definition: ResourceDefinition<Inputs, State, WireSqlUser> = {
  type: "SqlUser",
  ...namedInCluster("SQL user"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    name: replacesResource,
    password: {
      onChange: "update",
      isWriteOnly: true,
      reset: "To have a new one generated, change keepers.",
      renewedWith: "keepers",
    },
    keepers: {
      onChange: "update",
      isWriteOnly: true,
      isManagedWhenAbsent: true,
      canonical: (keepers) => keepers ?? {},
    },
  },
  secrets: ["password"],
  byDefault: (name) => ({ name }),

  check(_olds, { password }, failures, adopt) {
    const note =
      "The API never returns a password: the one in the program is taken as the user's own, and is not checked. To set it, change it after the import.";
    const isUnchecked = adopt !== undefined && password !== undefined;
    return { failures, notes: isUnchecked ? [warning(note)] : [] };
  },
  loss: "with the rights that SQL has given it",
  replacementWarning: ({ clusterId, name }) =>
    `SQL user "${name}" of cluster ${clusterId} is deleted, with the rights that SQL has given it, and another one is created.`,
  impact({ updates }, { name }, news) {
    const changing = news.password === undefined ? "keepers" : "password";
    const change = `The password of SQL user "${name}" changes: the current one stops working.`;
    return updates.includes(changing) && !hasUnknown(news[changing]) ? [info(change)] : [];
  },

  toState: ({ name }, { clusterId = "", password, keepers }) =>
    withoutLeftOut({ clusterId, name, password, keepers }),
  collection: {
    list: ({ clusterId = "" }, { cloud, options }) => cloud.sqlUsers.list(clusterId, {}, options),
    ...byName,
  },

  complete(inputs, previous) {
    const known = previous?.state.password ?? previous?.inputs.password;
    const isRotated =
      previous?.isFromBridge === false &&
      !isDeepStrictEqual(previous.state.keepers ?? {}, inputs.keepers ?? {});
    const isNew = previous === undefined || isRotated;
    const generated = isNew ? randomBytes(passwordBytes).toString("base64url") : known;
    const password = inputs.password ?? generated;
    return password === undefined ? inputs : { ...inputs, password };
  },
  create: ({ clusterId, name, password = "" }, { cloud, options }) =>
    cloud.sqlUsers.create(clusterId, { name, password }, options),
  lostCreate: {
    pollMs: 30_000,
    claim: setPassword,
    foundWarning: ({ name }) =>
      `The response to creating SQL user "${name}" was lost. The user was found afterwards and was given the password of this resource; if it was there before, its former password no longer works.`,
    notFoundAdvice:
      "The response was lost, and no such user has appeared since. Nothing was sent twice. Run the update again: it creates the user, or says how to adopt it if it has appeared in the meantime.",
  },
  isRefusedAsExisting: isRefusedForOther,
  existsAdvice: "choose another name",

  async update(before, after, call) {
    if (after.password !== before.password) await setPassword(after, call);
    return undefined;
  },
  delete: ({ clusterId, name }, { cloud, options }) =>
    cloud.sqlUsers.delete(clusterId, name, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function setPassword({ clusterId, name, password = "" }: Inputs, { cloud, options }: WriteCall) {
  return cloud.sqlUsers.updatePassword(clusterId, name, password, options);
}
