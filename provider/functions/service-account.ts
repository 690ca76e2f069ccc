/** Reads service accounts: one by its id or name, or all. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireServiceAccount } from "../../sdk/index";
import type { ServiceAccountReference } from "../program/reference";
import { checkEither, collect, textIn, uuidIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { noneHas, onlyMatch } from "./only-match";
import type { UserRoles } from "./role";
import { toUserRoles } from "./role";

/** A service account with its roles. */
export interface ServiceAccountInfo extends UserRoles {
  /** UUID. */
  id: string;
  /** Name. */
  name: string;
  /** What it is for; empty where nothing is said. */
  description: string;
  /** Name of the person or service account that created it. */
  creatorName: string;
  /** RFC 3339. */
  createdAt: string;
}

/** Which service account: exactly one of the two. */
export interface GetServiceAccountArgs {
  /** UUID. */
  id?: string;
  /** Name, which no other service account may have. */
  name?: string;
}

/** Which service account: exactly one of the two. */
export interface GetServiceAccountOutputArgs {
  /** The service account, or its id. */
  id?: ServiceAccountReference;
  /** Name, which no other service account may have. */
  name?: pulumi.Input<string>;
}

/** Reads a service account with its roles, by `id` or by `name`. Fails when there is none, or when several have the name. */
export function getServiceAccount(
  args: GetServiceAccountArgs,
  options?: FunctionOptions,
): Promise<ServiceAccountInfo> {
  return callFunction(oneServiceAccount, args, options);
}

/** `getServiceAccount` for outputs. */
export function getServiceAccountOutput(
  args: GetServiceAccountOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ServiceAccountInfo> {
  return callFunctionOutput(oneServiceAccount, args, options);
}

/** Lists the service accounts of the organization by name, with their roles. */
export function listServiceAccounts(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<ServiceAccountInfo[]> {
  return callFunction(serviceAccounts, args, options);
}

/** `listServiceAccounts` as an output. */
export function listServiceAccountsOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<ServiceAccountInfo[]> {
  return callFunctionOutput(serviceAccounts, args, options);
}

/** @internal */
export const oneServiceAccount: ProviderFunction<GetServiceAccountArgs, ServiceAccountInfo> = {
  name: "getServiceAccount",
  async read({ cloud }, args) {
    const { id, name } = args;
    checkEither("getServiceAccount", { id, name });
    if (id !== undefined) {
      const byName = (text: string) => `getServiceAccount({ name: ${JSON.stringify(text)} })`;
      const known = uuidIn("getServiceAccount", "id", id, "a service account", byName);
      return toInfo(await cloud.serviceAccounts.get(known));
    }
    const wanted = textIn("getServiceAccount", "name", name, "a service account's name");
    const all = await collect(cloud.serviceAccounts.list());
    return toInfo(
      onlyMatch(
        all.filter((account) => account.name === wanted),
        (account) => account.id,
        {
          object: `service account ${JSON.stringify(wanted)}`,
          path: "/api/v1/service-accounts",
          reason: noneHas(all.length, "service account", "that this credential can see", "name"),
          shared: "service accounts have the name",
        },
      ),
    );
  },
};

/** @internal */
export const serviceAccounts: ProviderFunction<object, ServiceAccountInfo[]> = {
  name: "listServiceAccounts",
  async read({ cloud }) {
    return (await collect(cloud.serviceAccounts.list())).map(toInfo);
  },
};

function toInfo(wire: WireServiceAccount): ServiceAccountInfo {
  const { id, name, description, creator_name, created_at } = wire;
  return {
    ...{ id, name, description },
    creatorName: creator_name,
    createdAt: created_at,
    ...toUserRoles(wire),
  };
}
