/** Reads who the API key belongs to. */
import type * as pulumi from "@pulumi/pulumi";
import { PermissionDeniedError } from "../../sdk/index";
import { ownServiceAccountId } from "../resource/own-credential";
import type { GrantedRole } from "../resource/role-args";
import { omitUndefined } from "../values/omit-undefined";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { toUserRoles } from "./role";

/** Who the run is. What its roles do not let it read is absent. */
export interface CallerIdentity {
  /** Id of the API key; absent where the run has a JWT. */
  apiKeyId?: string;
  /**
   * Id of the service account that the key belongs to, or that the JWT stands for; absent where a JWT does not say so by
   * the `username` of the configuration.
   */
  serviceAccountId?: string;
  /** Name of the service account. */
  name?: string;
  /** Its own roles. */
  roles?: GrantedRole[];
}

/** Reads who the API key of the run belongs to: a guard against the key of another stage. Takes the role Organization Admin or Cluster Admin; with a lesser one, what it may not read is absent, and with a JWT all that its `username` does not say. API operations: GetApiKey, GetServiceAccount. */
export function getCallerIdentity(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<CallerIdentity> {
  return callFunction(callerIdentity, args, options);
}

/** `getCallerIdentity` as an output. */
export function getCallerIdentityOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<CallerIdentity> {
  return callFunctionOutput(callerIdentity, args, options);
}

/** @internal */
export const callerIdentity: ProviderFunction<object, CallerIdentity> = {
  name: "getCallerIdentity",
  async read({ cloud }) {
    const { apiKeyId } = cloud;
    const serviceAccountId = await ownServiceAccountId(cloud);
    const known = omitUndefined({ apiKeyId, serviceAccountId });
    if (serviceAccountId === undefined) return known;
    const account = await whereAllowed(cloud.serviceAccounts.get(serviceAccountId));
    return account === undefined
      ? known
      : { ...known, name: account.name, roles: toUserRoles(account).roles };
  },
};

async function whereAllowed<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (PermissionDeniedError.isInstance(error)) return undefined;
    throw error;
  }
}
