// What the SCIM service can do, and what its objects look like.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { flagSchema, numberSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { anyMember } from "../http/role";
import type { ScimSelection, WireScimMeta } from "./scim";
import { metaSchema, scimListSchema, selectionOf } from "./scim";

/** What the SCIM service can do. */
export interface WireScimServiceProviderConfig {
  schemas: string[];
  bulk: { supported: boolean; maxOperations: number; maxPayloadSize: number };
  filter: { supported: boolean; maxResults: number };
  changePassword: { supported: boolean };
  sort: { supported: boolean };
  etag: { supported: boolean; maxResults: number };
  authenticationSchemes: WireScimAuthenticationScheme[];
  meta: WireScimMeta;
}

/** How callers prove who they are. */
export interface WireScimAuthenticationScheme {
  name: string;
  description: string;
  type: string;
  primary: boolean;
  specUri: string;
  documentationUri: string;
}

/** A kind of objects. */
export interface WireScimResourceType {
  schemas: string[];
  /** `User` or `Group`. */
  id: string;
  name: string;
  description: string;
  /** Where its objects are, after `/api/scim/v2`. */
  endpoint: string;
  /** The schema's id. */
  schema: string;
  meta: WireScimMeta;
}

/** A schema, which the objects of a kind follow. */
export interface WireScimSchema {
  /** `urn:ietf:params:scim:schemas:core:2.0:User`. */
  id: string;
  name: string;
  description: string;
  attributes: WireScimAttribute[];
  meta: WireScimMeta;
}

/** An attribute of a schema. */
export interface WireScimAttribute {
  name: string;
  type: string;
  description: string;
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: string;
  returned: string;
  uniqueness: string;
  canonicalValues: string[];
  referenceTypes: string[];
  subAttributes: WireScimAttribute[];
}

const textsSchema = z.array(z.string()).default([]);

/** @internal */
export const scimServiceProviderConfigSchema = z.object({
  schemas: textsSchema,
  bulk: z.object({
    supported: flagSchema,
    maxOperations: numberSchema,
    maxPayloadSize: numberSchema,
  }),
  filter: z.object({ supported: flagSchema, maxResults: numberSchema }),
  changePassword: z.object({ supported: flagSchema }),
  sort: z.object({ supported: flagSchema }),
  etag: z.object({ supported: flagSchema, maxResults: numberSchema }),
  authenticationSchemes: z
    .array(
      z.object({
        name: textSchema,
        description: textSchema,
        type: textSchema,
        primary: flagSchema,
        specUri: textSchema,
        documentationUri: textSchema,
      }),
    )
    .default([]),
  meta: metaSchema,
});

/** @internal */
export const scimResourceTypeSchema = z.object({
  schemas: textsSchema,
  id: textSchema,
  name: textSchema,
  description: textSchema,
  endpoint: textSchema,
  schema: textSchema,
  meta: metaSchema,
});

const attributeFields = {
  name: textSchema,
  type: textSchema,
  description: textSchema,
  multiValued: flagSchema,
  required: flagSchema,
  caseExact: flagSchema,
  mutability: textSchema,
  returned: textSchema,
  uniqueness: textSchema,
  canonicalValues: textsSchema,
  referenceTypes: textsSchema,
};

// Attributes hold attributes.
const attributeSchema: z.ZodType<WireScimAttribute> = z.object({
  ...attributeFields,
  get subAttributes() {
    return z.array(attributeSchema).default([]);
  },
});

/** @internal */
export const scimSchemaSchema = z.object({
  id: z.string().min(1),
  name: textSchema,
  description: textSchema,
  attributes: z.array(attributeSchema).default([]),
  meta: metaSchema,
});

const resourceTypesSchema = scimListSchema(scimResourceTypeSchema);
const schemasSchema = scimListSchema(scimSchemaSchema);

/** What the SCIM service can do. Returned also where an organization does not use SCIM. */
export class ScimDiscoveryApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads what the service can do. */
  async getServiceProviderConfig(options?: RequestOptions): Promise<WireScimServiceProviderConfig> {
    const target = {
      path: path`/api/scim/v2/ServiceProviderConfig`,
      object: "the SCIM service provider configuration",
      schema: scimServiceProviderConfigSchema,
    };
    return await this.#caller.run(operation("GET", target, anyMember), options);
  }

  /** Reads the kinds of objects. */
  async listResourceTypes(
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimResourceType[]> {
    const target = {
      path: path`/api/scim/v2/ResourceTypes`,
      object: "SCIM resource types",
      schema: resourceTypesSchema,
    };
    const details = { verb: "Listing", query: selectionOf(selection) };
    const list = await this.#caller.run(operation("GET", target, anyMember, details), options);
    return list.Resources;
  }

  /** Reads a kind of objects. @param id `User` or `Group`. */
  async getResourceType(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimResourceType> {
    const target = {
      path: path`/api/scim/v2/ResourceTypes/${id}`,
      object: `SCIM resource type ${id}`,
      schema: scimResourceTypeSchema,
    };
    const details = { query: selectionOf(selection) };
    return await this.#caller.run(operation("GET", target, anyMember, details), options);
  }

  /** Reads the schemas. */
  async listSchemas(
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimSchema[]> {
    const target = {
      path: path`/api/scim/v2/Schemas`,
      object: "SCIM schemas",
      schema: schemasSchema,
    };
    const details = { verb: "Listing", query: selectionOf(selection) };
    const list = await this.#caller.run(operation("GET", target, anyMember, details), options);
    return list.Resources;
  }

  /** Reads a schema. @param id `urn:ietf:params:scim:schemas:core:2.0:User` or `…:Group`. */
  async getSchema(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimSchema> {
    const target = {
      path: path`/api/scim/v2/Schemas/${id}`,
      object: `SCIM schema ${id}`,
      schema: scimSchemaSchema,
    };
    const details = { query: selectionOf(selection) };
    return await this.#caller.run(operation("GET", target, anyMember, details), options);
  }
}
