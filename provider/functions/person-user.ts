/** Finds a person by the e-mail address. */
import type * as pulumi from "@pulumi/pulumi";
import { textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A person who is a member of the organization. */
export interface PersonUserInfo {
  /** UUID, by which roles are granted. */
  id: string;
  /** E-mail address. */
  email: string;
}

/** Which person. */
export interface GetPersonUserArgs {
  /** E-mail address. */
  email: string;
}

/** Which person. */
export interface GetPersonUserOutputArgs {
  /** E-mail address. */
  email: pulumi.Input<string>;
}

/** Finds a person by the e-mail address, `undefined` when no member of the organization has it. Whoever was invited becomes a member by accepting. */
export function getPersonUser(
  args: GetPersonUserArgs,
  options?: FunctionOptions,
): Promise<PersonUserInfo | undefined> {
  return callFunction(personUser, args, options);
}

/** `getPersonUser` for outputs. */
export function getPersonUserOutput(
  args: GetPersonUserOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PersonUserInfo | undefined> {
  return callFunctionOutput(personUser, args, options);
}

/** @internal */
export const personUser: ProviderFunction<GetPersonUserArgs, PersonUserInfo | undefined> = {
  name: "getPersonUser",
  async read({ cloud }, args) {
    const email = textIn("getPersonUser", "email", args.email, "an e-mail address");
    const found = await cloud.personUsers.find(email);
    // No document says whether the service compares addresses without regard to case.
    const lower = email.toLowerCase();
    return found ?? (lower === email ? undefined : await cloud.personUsers.find(lower));
  },
};
