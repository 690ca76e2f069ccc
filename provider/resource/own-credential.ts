/** The service account that a run authenticates as: deleting it, or its rights, would end the run half-way. */
import type { CockroachCloudClient, RequestOptions } from "../../sdk/index";
import { isNotFound, PermissionDeniedError } from "../../sdk/index";

const accounts = new WeakMap<CockroachCloudClient, Promise<string | undefined>>();

/** Id of the service account of the run's API key; undefined for a token, or where the key may not see it. */
export async function ownServiceAccountId(
  cloud: CockroachCloudClient,
  options: RequestOptions,
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
  const { apiKeyId } = cloud;
  if (apiKeyId === undefined) return undefined;
  try {
    const key = await cloud.apiKeys.get(apiKeyId, options);
    return key.service_account_id;
  } catch (error) {
    if (PermissionDeniedError.isInstance(error) || isNotFound(error)) return undefined;
    throw error;
  }
}
