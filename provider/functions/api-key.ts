/** Lists of API keys. */
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountReference } from "../program/reference";
import { collected, given } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** An API key. Nobody can read its secret. */
export interface ApiKeyInfo {
  /** What the secret begins with. */
  id: string;
  /** Name. */
  name: string;
  /** Id of the service account whose roles it has. */
  serviceAccountId: string;
  /** RFC 3339. */
  createdAt: string;
}

/** Which API keys. */
export interface ListApiKeysArgs {
  /**
   * Only those of this service account, by its id.
   * @default all keys of the organization
   */
  serviceAccountId?: string;
}

/** Which API keys. */
export interface ListApiKeysOutputArgs {
  /**
   * Only those of this service account, or its id.
   * @default all keys of the organization
   */
  serviceAccountId?: ServiceAccountReference;
}

/** Lists the API keys of the organization, or of one service account, by the time of their creation and without their secrets. */
export function listApiKeys(
  args: ListApiKeysArgs = {},
  options?: FunctionOptions,
): Promise<ApiKeyInfo[]> {
  return callFunction(apiKeys, args, options);
}

/** `listApiKeys` for outputs. */
export function listApiKeysOutput(
  args: ListApiKeysOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<ApiKeyInfo[]> {
  return callFunctionOutput(apiKeys, args, options);
}

/** @internal */
export const apiKeys: ProviderFunction<ListApiKeysArgs, ApiKeyInfo[]> = {
  name: "listApiKeys",
  async read({ cloud }, { serviceAccountId }) {
    const keys = await collected(cloud.apiKeys.list(given({ serviceAccountId })));
    return keys.map(({ id, name, service_account_id, created_at }) => ({
      ...{ id, name },
      serviceAccountId: service_account_id,
      createdAt: created_at,
    }));
  },
};
