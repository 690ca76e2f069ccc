/**
 * An API key of a service account.
 *
 * The secret is in the response to the creation alone. A key whose creation got no response is a credential that nobody
 * has and that works all the same, so it is deleted: until the creation is finished its name carries a creation mark,
 * by which a later run finds it too.
 */

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CreateApiKeyRequest, WireApiKey, WireCreatedApiKey } from "../sdk";
import { BadRequestError, undefinedIfNotFound } from "../sdk";
import { creationMarkKey } from "./cluster/creation-mark";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ServiceAccountReference } from "./program/reference";
import { withAdviceFor } from "./resource/advice";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import {
  InitializationError,
  mayHaveHadEffect,
  messageOf,
  UnconfirmedIdError,
} from "./resource/errors";
import { info } from "./resource/lifecycle";
import { searchAfterLoss } from "./resource/lost-create";
import { typeToken } from "./resource/resource-types";
import { nonEmptyText, serviceAccountId } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { isInState } from "./values/state-values";
import { isUnknown } from "./values/unknown";

/** Arguments of an API key. */
export interface ApiKeyArgs {
  /**
   * The service account, or its id, whose roles the key has. Changing it replaces this resource: the new key is created
   * first, and the old one is deleted when what uses it was updated.
   */
  serviceAccountId: ServiceAccountReference;
  /** Name; several keys may have one. Updated in place. */
  name: pulumi.Input<string>;
  /**
   * Any strings; when one changes, the key is rotated. Changing it replaces this resource: the new key is created first,
   * and the old one is deleted when what uses it was updated.
   * @default none
   */
  keepers?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * The secret of a key that exists, which begins with its id, always a secret: for a key that is imported, since the API
   * never returns it. It is sent nowhere, and whether it is the right one is not checked. A new key makes its own.
   * Updated in place, without a request.
   * @default the one that the creation has returned; unknown for a key that is imported
   */
  secret?: pulumi.Input<string>;
}

/**
 * An API key, with the roles of its service account. API operations: CreateApiKey, ListApiKeys, GetApiKey, UpdateApiKey,
 * DeleteApiKey.
 */
export class ApiKey extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ApiKey");

  /** Id of the service account. */
  declare readonly serviceAccountId: pulumi.Output<string>;
  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** When it was created, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /**
   * What programs authenticate with: encrypted in state, `[secret]` on the screen, in no error message. Undefined for a
   * key that was imported without it.
   */
  declare readonly secret: pulumi.Output<string | undefined>;
  /** As in the arguments. */
  declare readonly keepers: pulumi.Output<{ [key: string]: string } | undefined>;

  /**
   * @param name name of the resource
   * @param args the API key
   * @param options `import: "<API key id>"` adopts an existing key, whose secret `args` may say, and writes nothing
   */
  constructor(name: string, args: ApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing API key, which this program reads and does not manage; its secret is unknown. */
  static readonly get = getterOf(ApiKey);
  /** Whether `value` is an API key of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ApiKey>("ApiKey");
}

const idForm = /^CCDB\d+_[A-Za-z0-9]+$/;
const secretForm = /^CCDB\d+_[A-Za-z0-9]+_[A-Za-z0-9]+$/;

const inputs = z.strictObject({
  serviceAccountId,
  name: nonEmptyText,
  keepers: z.record(z.string(), z.string()).optional(),
  // The one sentence for all that can be wrong: no other shows the value, which is a secret.
  secret: z
    .custom<string>((value) => typeof value === "string" && secretForm.test(value), {
      error: 'must be the whole secret of an API key: its id, "_" and the rest.',
    })
    .optional(),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  createdAt: string;
}

/** A key with its secret, where it was just created. */
type Remote = WireApiKey & { readonly secret?: string };

const definition: ResourceDefinition<Inputs, State, Remote> = {
  type: "ApiKey",
  noun: "API key",
  inputs,
  arguments: {
    serviceAccountId: replacesResource,
    name: updatesInPlace,
    keepers: {
      onChange: "replace",
      isWriteOnly: true,
      reset: "The key stays as it is; to have another one, change keepers.",
    },
    secret: {
      onChange: "update",
      isWriteOnly: true,
      reset: "The secret stays in state; to have another key, change keepers.",
    },
  },
  outputs: ["createdAt"],
  secrets: ["secret"],
  createsBeforeDelete: true,
  isMarked: true,

  idFormat: "<API key id>",
  isId: (text) => idForm.test(text),
  idOf: (_inputs, remote) => remote?.id,
  describe: ({ id, name }) => (name === undefined ? `API key ${id}` : `API key "${name}"`),

  check(olds, { secret }, failures, adopt) {
    const fail = (reason: string) => failures.push({ property: "secret", reason });
    const isWhole = typeof secret === "string" && secretForm.test(secret);
    if (adopt === undefined) {
      const isNew = !isInState(olds);
      if (isNew && isWhole) {
        fail(
          "is for a key that is imported, and this one is created: remove secret, which the service chooses. To manage the key of this secret instead, add the option import with its id.",
        );
      }
      return { failures, notes: [] };
    }
    if (secretForm.test(adopt)) {
      fail(
        "cannot be imported by its secret, since Pulumi prints the id of an import and keeps it in plain text: give the option import the id, which is the first two parts of the secret, and the secret itself to the argument secret. Whoever has seen the secret can use it: rotate the key.",
      );
    } else if (isWhole && !isSecretOf(adopt, secret)) fail(otherKey(adopt));
    return { failures, notes: [secret === undefined ? unknownSecret : uncheckedSecret] };
  },
  refuse: ({ id, secret: known }, { secret }) =>
    secret === undefined || secret === known || isUnknown(secret) || isSecretOf(id, secret)
      ? undefined
      : `The argument secret ${otherKey(id)}`,
  loss: "and whoever uses it is refused",
  replacementWarning: ({ name, id }) =>
    `API key "${name}" (${id}) is deleted after another one was created and what uses it was updated: whoever still has the old secret is refused from then on.`,
  sample: ({ name = "API key" }) => ({ name, createdAt: "2026-06-01T00:00:00Z" }),
  toState: ({ service_account_id, name, created_at, ...remote }, { keepers, ...known }) => {
    const secret = remote.secret ?? known.secret;
    return {
      serviceAccountId: service_account_id,
      name,
      createdAt: created_at,
      ...omitUndefined({ secret, keepers }),
    };
  },
  collection: {
    describe: () => "API keys",
    list: (_place, { cloud, options }) => cloud.apiKeys.list({}, options),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    nameOf: ({ name }) => name,
    get: ({ id = "" }, { cloud, options }) => cloud.apiKeys.get(id, options),
  },

  trouble({ name }) {
    const mark = markIn.exec(name)?.[1];
    if (mark === undefined) return undefined;
    return {
      code: "unfinished",
      what: `Its name is still "${name}", with the creation mark.`,
      why: "Its creation was interrupted after the key was there: the key works.",
      update: "takes the mark off",
      mark,
    };
  },

  create: createMarked,
  update: (before, { name }, call, changed) =>
    changed.includes("name") ? rename(before.id, name, call) : Promise.resolve(undefined),
  isUpdateReadable: true,

  async delete({ id, name }, { cloud, options }) {
    if (cloud.apiKeyId === id) {
      throw new Error(
        `API key "${name}" (${id}) is not deleted: this run authenticates with it, and would end half-way. Run with another key, or take this one out of the state with \`pulumi state delete\`.`,
      );
    }
    await cloud.apiKeys.delete(id, options);
  },
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

const unknownSecret = info(
  "The API never returns the secret of a key, so that of an imported one is unknown unless the argument secret says it: to have a key with another secret, change keepers after the import.",
);

const uncheckedSecret = info(
  "The API never returns the secret of a key: the one in the program is taken as its own, and beyond its beginning is not checked.",
);

function isSecretOf(id: string, secret: string): boolean {
  return secret.startsWith(`${id}_`);
}

function otherKey(id: string): string {
  return `is that of another key: the secret of this one begins with its id, ${id}. To have a key with another secret, change keepers.`;
}

/** The mark at the end of a name. */
const markIn = new RegExp(` \\(${creationMarkKey} ([^)]+)\\)$`);

const maxAttempts = 3;
/** For how long a key is searched for whose creation got no response. */
const lostSearchMs = 10_000;

/** Creates the key under a name with the mark, and takes the mark off when the secret is here. */
async function createMarked(
  { serviceAccountId: accountId, name, keepers }: Inputs,
  call: WriteCall,
): Promise<Remote> {
  const { mark } = call.context;
  const written = mark === undefined ? "" : endOf(mark.own);
  const ends = mark === undefined ? [] : [mark.own, ...mark.others].map(endOf);
  const keys = await keysOf(accountId, call);
  // An earlier run has left them: nobody knows their secrets.
  for (const key of keys) {
    if (ends.some((end) => key.name.endsWith(end))) await remove(key, call);
  }
  const before = new Set(keys.map(({ id }) => id));
  const inRun = call.context.run.of(definition.noun);
  const isManaged = ({ id }: WireApiKey) => inRun.keeps(id) || inRun.replaces(id);
  const alike = keys.filter((key) => key.name === name && !isManaged(key)).map(({ id }) => id);
  if (alike.length > 0) {
    await call.context.note(
      "warning",
      `API key "${name}" is created, and there was one of this name already: ${alike.join(", ")}. If an interrupted run has left it, nobody has its secret: delete it.`,
    );
  }
  const body = { name: `${name}${written}`, service_account_id: accountId };
  const { api_key: created, secret } = await createKnown(body, before, call).catch((error) => {
    // No document says how long a name may be.
    if (!BadRequestError.isInstance(error)) throw error;
    return createKnown({ ...body, name }, before, call);
  });
  if (created.name === name) return { ...created, secret };
  try {
    await rename(created.id, name, call);
    return { ...created, name, secret };
  } catch (error) {
    const outs = definition.toState(
      { ...created, secret },
      keepers === undefined ? {} : { keepers },
    );
    throw new InitializationError(messageOf(error), { id: created.id, outs, cause: error });
  }
}

/** Creates a key whose secret is known: one that comes into being without a response is deleted. */
async function createKnown(
  body: CreateApiKeyRequest,
  before: ReadonlySet<string>,
  call: WriteCall,
): Promise<WireCreatedApiKey> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const created = await call.cloud.apiKeys.create(body, call.options);
      const { id } = created.api_key;
      // A wrong id or secret is no use, and the key would be lost.
      if (!created.secret.startsWith(`${id}_`)) throw new UnconfirmedIdError(definition.noun, id);
      return created;
    } catch (error) {
      if (!mayHaveHadEffect(error)) throw error;
      if (!(await removeLost(body, before, call))) {
        throw withAdviceFor(
          error,
          `An API key named "${body.name}" may exist, whose secret nobody has: the next update deletes it before it creates another one.`,
        );
      }
      if (attempt === maxAttempts) throw error;
    }
  }
}

/** Deletes what a POST without a response has created; false where no read shows whether there is something. */
async function removeLost(
  { name, service_account_id: accountId }: CreateApiKeyRequest,
  before: ReadonlySet<string>,
  call: WriteCall,
): Promise<boolean> {
  const search = async () => {
    const keys = await keysOf(accountId, call);
    const appeared = keys.filter((key) => key.name === name && !before.has(key.id));
    return appeared.length === 0 ? undefined : appeared;
  };
  const { found: lost, isKnown } = await searchAfterLoss(lostSearchMs, call, search);
  if (lost === undefined) return isKnown;
  try {
    for (const key of lost) await remove(key, call);
    return (await search()) === undefined;
  } catch {
    return false;
  }
}

/** What the name of a key ends with until its creation is finished. */
function endOf(mark: string): string {
  return ` (${creationMarkKey} ${mark})`;
}

async function keysOf(
  serviceAccountId: string,
  { cloud, options }: WriteCall,
): Promise<WireApiKey[]> {
  const keys: WireApiKey[] = [];
  for await (const key of cloud.apiKeys.list({ serviceAccountId }, options)) keys.push(key);
  return keys;
}

async function remove({ id }: WireApiKey, { cloud, options }: WriteCall): Promise<void> {
  await undefinedIfNotFound(cloud.apiKeys.delete(id, options));
}

/** A request that may be sent again when there was no response. */
async function rename(
  id: string,
  name: string,
  { cloud, options }: WriteCall,
): Promise<WireApiKey> {
  const request = () => cloud.apiKeys.update(id, { name }, options);
  return await request().catch((error) => {
    if (!mayHaveHadEffect(error)) throw error;
    return request();
  });
}
