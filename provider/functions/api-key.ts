/** Reads API keys: one by its id, or all. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireApiKey } from "../../sdk/index";
import type { ServiceAccountReference } from "../program/reference";
import { omitUndefined } from "../values/omit-undefined";
import { collect, textIn } from "./arguments";
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

/** Which API key. */
export interface GetApiKeyArgs {
  /** What its secret begins with, `CCDB1_…`. */
  id: string;
}

/** Which API key. */
export interface GetApiKeyOutputArgs {
  /** What its secret begins with, `CCDB1_…`: the id of an `ApiKey`. */
  id: pulumi.Input<string>;
}

/** Reads an API key, without its secret. Fails when there is none. API operation: GetApiKey. */
export function getApiKey(args: GetApiKeyArgs, options?: FunctionOptions): Promise<ApiKeyInfo> {
  return callFunction(oneApiKey, args, options);
}

/** `getApiKey` for outputs. */
export function getApiKeyOutput(
  args: GetApiKeyOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ApiKeyInfo> {
  return callFunctionOutput(oneApiKey, args, options);
}

/** @internal */
export const apiKeys: ProviderFunction<ListApiKeysArgs, ApiKeyInfo[]> = {
  name: "listApiKeys",
  async read({ cloud }, { serviceAccountId }) {
    return (await collect(cloud.apiKeys.list(omitUndefined({ serviceAccountId })))).map(toInfo);
  },
};

/** @internal */
export const oneApiKey: ProviderFunction<GetApiKeyArgs, ApiKeyInfo> = {
  name: "getApiKey",
  async read({ cloud }, args) {
    const id = textIn("getApiKey", "id", args.id, "what the secret of an API key begins with");
    return toInfo(await cloud.apiKeys.get(id));
  },
};

function toInfo({ id, name, service_account_id, created_at }: WireApiKey): ApiKeyInfo {
  return { id, name, serviceAccountId: service_account_id, createdAt: created_at };
}
