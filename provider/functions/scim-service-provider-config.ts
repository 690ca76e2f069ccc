/** Reads what the SCIM service of the API can do. */
import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** What the SCIM service can do. */
export interface ScimServiceProviderConfigInfo {
  /** Many changes by one request. */
  bulk: {
    /** Whether it can. */
    supported: boolean;
    /** Most changes of a request. */
    maxOperations: number;
    /** Most bytes of a request. */
    maxPayloadSize: number;
  };
  /** Lists of what fits a filter. */
  filter: {
    /** Whether it can. */
    supported: boolean;
    /** Most objects of a response. */
    maxResults: number;
  };
  /** Changes of passwords. */
  changePassword: ScimFeature;
  /** Lists in an order of the caller. */
  sort: ScimFeature;
  /** Versions of objects. */
  etag: ScimFeature;
  /** How callers prove who they are. */
  authenticationSchemes: ScimAuthenticationScheme[];
}

/** Something that the SCIM service can do or not. */
export interface ScimFeature {
  /** Whether it can. */
  supported: boolean;
}

/** A way in which callers prove who they are. */
export interface ScimAuthenticationScheme {
  /** Name. */
  name: string;
  /** What it is. */
  description: string;
  /** As RFC 7643 calls it: `oauthbearertoken`. */
  type: string;
  /** Whether it is the preferred one. */
  primary: boolean;
  /** Address of its specification; may be empty. */
  specUri: string;
  /** Address of its documentation; may be empty. */
  documentationUri: string;
}

/** Reads what the SCIM service can do: filters, and how many objects a response has. Every member of the organization may. API operation: GetServiceProviderConfig. */
export function getScimServiceProviderConfig(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<ScimServiceProviderConfigInfo> {
  return callFunction(scimServiceProviderConfig, args, options);
}

/** `getScimServiceProviderConfig` as an output. */
export function getScimServiceProviderConfigOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<ScimServiceProviderConfigInfo> {
  return callFunctionOutput(scimServiceProviderConfig, args, options);
}

/** @internal */
export const scimServiceProviderConfig: ProviderFunction<object, ScimServiceProviderConfigInfo> = {
  name: "getScimServiceProviderConfig",
  async read({ cloud }) {
    const wire = await cloud.scimDiscovery.getServiceProviderConfig();
    const { bulk, filter, changePassword, sort, etag, authenticationSchemes } = wire;
    return {
      ...{ bulk, filter, changePassword, sort, authenticationSchemes },
      etag: { supported: etag.supported },
    };
  },
};
