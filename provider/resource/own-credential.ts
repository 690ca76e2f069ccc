/** Whom a run authenticates as: deleting that account, or its rights, would end the run half-way. */
import { z } from "zod";
import type { CockroachCloudClient, RequestOptions } from "../../sdk/index";
import { isNotFound, PermissionDeniedError } from "../../sdk/index";

const accounts = new WeakMap<CockroachCloudClient, Promise<string | undefined>>();

/**
 * Id of the service account that the run authenticates as; undefined where its key may not see it, and for a token that
 * is not said to stand for a service account.
 */
export async function ownServiceAccountId(
  cloud: CockroachCloudClient,
  options: RequestOptions = {},
): Promise<string | undefined> {
  const known = accounts.get(cloud) ?? readAccountId(cloud, options);
  accounts.set(cloud, known);
  // A failure must not be kept.
  known.catch(() => accounts.delete(cloud));
  return await known;
}

async function readAccountId(
  cloud: CockroachCloudClient,
  options: RequestOptions,
): Promise<string | undefined> {
  const { apiKeyId, username } = cloud;
  if (apiKeyId === undefined) return serviceAccountIdIn(username);
  try {
    const key = await cloud.apiKeys.get(apiKeyId, options);
    return key.service_account_id;
  } catch (error) {
    if (PermissionDeniedError.isInstance(error) || isNotFound(error)) return undefined;
    throw error;
  }
}

/** A user name is the id of a service account or an e-mail address. */
function serviceAccountIdIn(username: string | undefined): string | undefined {
  return z.uuid().safeParse(username).success ? username?.toLowerCase() : undefined;
}

/** Whether the run authenticates by a token as a person with one of these names or addresses. */
export function isOwnPerson({ username }: CockroachCloudClient, names: readonly string[]): boolean {
  const own = username?.toLowerCase();
  return own !== undefined && names.some((name) => name.toLowerCase() === own);
}
