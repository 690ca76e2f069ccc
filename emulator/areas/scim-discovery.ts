// What the SCIM service can do, and what its objects look like. Any member may ask, also where SCIM is not used.

import type { Area } from "../area";
import { select } from "../scim/attributes";
import type { Call } from "../server/call";
import { notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import { textParameter } from "../server/query";

const schemas = "urn:ietf:params:scim:schemas:core:2.0";
const listUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

interface AttributeDetails {
  type?: "boolean" | "complex" | "string";
  multiValued?: boolean;
  required?: boolean;
  mutability?: "readOnly" | "readWrite";
  uniqueness?: "none" | "server";
  subAttributes?: readonly object[];
}

function attribute(name: string, details: AttributeDetails = {}): object {
  return {
    name,
    type: "string",
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    subAttributes: [],
    ...details,
  };
}

const references = ["value", "display", "type", "ref"].map((name) => attribute(name));

const kinds = [
  {
    name: "User",
    description: "User Account",
    attributes: [
      attribute("userName", { uniqueness: "server" }),
      attribute("displayName"),
      attribute("externalId"),
      attribute("active", { type: "boolean" }),
      attribute("emails", {
        type: "complex",
        multiValued: true,
        required: true,
        subAttributes: [
          attribute("value", { required: true }),
          attribute("display"),
          attribute("primary", { type: "boolean" }),
          attribute("type"),
        ],
      }),
      attribute("name", {
        type: "complex",
        subAttributes: [attribute("givenName"), attribute("familyName")],
      }),
      attribute("groups", {
        type: "complex",
        multiValued: true,
        mutability: "readOnly",
        subAttributes: references,
      }),
    ],
  },
  {
    name: "Group",
    description: "Group",
    attributes: [
      attribute("displayName", { required: true, uniqueness: "server" }),
      attribute("externalId"),
      attribute("members", { type: "complex", multiValued: true, subAttributes: references }),
    ],
  },
] as const;

function metaOf(call: Call, resourceType: string, location: string): object {
  const created = timestamp(call.organization.createdAt);
  return { resourceType, created, lastModified: created, location: `/api/scim/v2/${location}` };
}

function resourceTypes(call: Call): object[] {
  return kinds.map(({ name, description }) => ({
    schemas: [`${schemas}:ResourceType`],
    id: name,
    name,
    description,
    endpoint: `/${name}s`,
    schema: `${schemas}:${name}`,
    meta: metaOf(call, "ResourceType", `ResourceTypes/${name}`),
  }));
}

function schemaList(call: Call): object[] {
  return kinds.map(({ name, description, attributes }) => {
    const id = `${schemas}:${name}`;
    return { id, name, description, attributes, meta: metaOf(call, "Schema", `Schemas/${id}`) };
  });
}

/** What the API's document requires of them is always shown. */
const always = ["name", "endpoint", "schema"];

function toResponse(call: Call, object: object): object {
  const selection = {
    attributes: textParameter(call.query, "attributes"),
    excludedAttributes: textParameter(call.query, "excludedAttributes"),
  };
  return select({ ...object }, selection, Object.keys(object), always);
}

function list(call: Call, objects: readonly object[]): object {
  return {
    schemas: [listUrn],
    totalResults: objects.length,
    startIndex: 1,
    itemsPerPage: objects.length,
    Resources: objects.map((object) => toResponse(call, object)),
  };
}

function one(call: Call, objects: readonly { id?: string }[], id: string | undefined): object {
  const found = objects.find((object) => object.id === id);
  if (found === undefined) {
    throw notFound(`'${id}' is not found`);
  }
  return toResponse(call, found);
}

function getServiceProviderConfig(call: Call): object {
  return {
    schemas: [`${schemas}:ServiceProviderConfig`],
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: call.context.assumptions.scimMaxResults },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false, maxResults: 0 },
    authenticationSchemes: [
      {
        name: "Bearer token",
        description: "The secret of an API key of a service account",
        type: "oauthbearertoken",
        primary: true,
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        documentationUri: "",
      },
    ],
    meta: metaOf(call, "ServiceProviderConfig", "ServiceProviderConfig"),
  };
}

/** What SCIM can do. */
export const scimDiscoveryArea: Area = {
  operations: {
    GetResourceType: (call) => one(call, resourceTypes(call), call.path["resourceId"]),
    GetResourceTypes: (call) => list(call, resourceTypes(call)),
    GetSchema: (call) => one(call, schemaList(call), call.path["schemaId"]),
    GetSchemas: (call) => list(call, schemaList(call)),
    GetServiceProviderConfig: getServiceProviderConfig,
  },
};
