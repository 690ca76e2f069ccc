/** Reads the organization that the key belongs to. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireOrganization } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** An organization. */
export interface OrganizationInfo {
  /** UUID; the external id in the trust policy of an AWS role for encryption keys. */
  id: string;
  /** Short name. */
  label: string;
  /** Name. */
  name: string;
  /** RFC 3339. */
  createdAt?: string;
  /** Whom the service acts as in customers' clouds. */
  cockroachCloudServicePrincipals?: CloudServicePrincipals;
}

/** Whom the service acts as in customers' clouds. */
export interface CloudServicePrincipals {
  /** On AWS. */
  aws?: {
    /** ARN of the user. */
    userArn: string;
  };
  /** On Google Cloud. */
  gcp?: {
    /** E-mail address of the service account. */
    serviceAccountEmail: string;
  };
  /** On Azure. */
  azure?: {
    /** Client id of the app registration. */
    appRegistrationClientId: string;
    /** Name of the app registration. */
    appRegistrationName: string;
  };
}

/** Reads the organization of the key: its id and names, and the service's principals in your clouds. */
export function getOrganization(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<OrganizationInfo> {
  return callFunction(organization, args, options);
}

/** `getOrganization` as an output. */
export function getOrganizationOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<OrganizationInfo> {
  return callFunctionOutput(organization, args, options);
}

/** @internal */
export const organization: ProviderFunction<object, OrganizationInfo> = {
  name: "getOrganization",
  async read({ cloud }) {
    const wire = await cloud.organization.get();
    return {
      id: wire.id,
      label: wire.label,
      name: wire.name,
      ...omitUndefined({
        createdAt: wire.created_at,
        cockroachCloudServicePrincipals: toPrincipals(wire.cockroach_cloud_service_principals),
      }),
    };
  },
};

function toPrincipals(
  wire: WireOrganization["cockroach_cloud_service_principals"],
): CloudServicePrincipals | undefined {
  if (wire === undefined) return undefined;
  const { aws, gcp, azure } = wire;
  return omitUndefined({
    aws: aws && { userArn: aws.user_arn },
    gcp: gcp && { serviceAccountEmail: gcp.service_account_email },
    azure: azure && {
      appRegistrationClientId: azure.app_registration_client_id,
      appRegistrationName: azure.app_registration_name,
    },
  });
}
