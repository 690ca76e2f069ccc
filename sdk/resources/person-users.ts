// Persons who are members of the organization.

import { z } from "zod";
import type { Caller } from "../http/call";
import { undefinedIfNotFound } from "../http/errors";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** A person. */
export interface WirePersonUser {
  /** UUID, by which roles are granted. */
  id: string;
  email: string;
}

/** @internal */
export const personUserSchema = z.object({ id: textSchema, email: textSchema });

const foundSchema = z.object({ user: personUserSchema.optional() });

const permitted = permission(["OA", "CA", "FA"], "the organization");

/** Persons who are members of the organization. */
export class PersonUsersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Finds a person by the e-mail address; undefined when no member has it. */
  async find(email: string, options?: RequestOptions): Promise<WirePersonUser | undefined> {
    const object = `the person with the e-mail address ${JSON.stringify(email)}`;
    const target = { path: path`/api/v1/users/persons-by-email`, object, schema: foundSchema };
    const call = operation("GET", target, permitted, { query: { email } });
    const found = await undefinedIfNotFound(this.#caller.run(call, options));
    return found?.user?.id ? found.user : undefined;
  }
}
