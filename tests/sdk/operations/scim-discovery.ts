import type { z } from "zod";
import type {
  WireScimResourceType,
  WireScimSchema,
  WireScimServiceProviderConfig,
} from "../../../sdk";
import { scimUserUrn } from "../../../sdk";
import type {
  scimResourceTypeSchema,
  scimSchemaSchema,
  scimServiceProviderConfigSchema,
} from "../../../sdk/resources/scim-discovery";
import type { OperationArea, Reads, Same } from "../operation";

const meta = {
  created: "2026-01-01T00:00:00Z",
  lastModified: "2026-01-01T00:00:00Z",
  location: "",
  resourceType: "Schema",
};
const configuration = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 100 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false, maxResults: 0 },
  authenticationSchemes: [
    {
      name: "Bearer",
      description: "An API key",
      type: "oauthbearertoken",
      primary: true,
      specUri: "",
      documentationUri: "",
    },
  ],
  meta,
};
const resourceType = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  id: "User",
  name: "User",
  description: "User Account",
  endpoint: "/Users",
  schema: scimUserUrn,
  meta,
};
const attribute = {
  name: "value",
  type: "string",
  description: "",
  multiValued: false,
  required: true,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
  canonicalValues: [],
  referenceTypes: [],
  subAttributes: [],
};
const schema = {
  id: scimUserUrn,
  name: "User",
  description: "User Account",
  attributes: [{ ...attribute, name: "emails", type: "complex", subAttributes: [attribute] }],
  meta,
};

function listed(object: object): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 1,
    Resources: [object],
  };
}

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof scimServiceProviderConfigSchema, WireScimServiceProviderConfig>,
    true satisfies Reads<typeof scimResourceTypeSchema, WireScimResourceType>,
    true satisfies Same<z.output<typeof scimSchemaSchema>, WireScimSchema>,
  ],

  operations: [
    {
      name: "scimDiscovery.getServiceProviderConfig",
      operation: "Reading the SCIM service provider configuration",
      object: "the SCIM service provider configuration",
      call: ({ scimDiscovery }) => scimDiscovery.getServiceProviderConfig(),
      method: "GET",
      template: "/api/scim/v2/ServiceProviderConfig",
      url: "/api/scim/v2/ServiceProviderConfig",
      response: configuration,
      result: configuration,
    },
    {
      name: "scimDiscovery.listResourceTypes",
      operation: "Listing SCIM resource types",
      object: "SCIM resource types",
      call: ({ scimDiscovery }) =>
        scimDiscovery.listResourceTypes({ attributes: ["name", "schema"] }),
      method: "GET",
      template: "/api/scim/v2/ResourceTypes",
      url: "/api/scim/v2/ResourceTypes?attributes=name%2Cschema",
      response: listed(resourceType),
      result: [resourceType],
    },
    {
      name: "scimDiscovery.getResourceType",
      operation: "Reading SCIM resource type a/b",
      object: "SCIM resource type a/b",
      call: ({ scimDiscovery }) => scimDiscovery.getResourceType("a/b"),
      method: "GET",
      template: "/api/scim/v2/ResourceTypes/{resourceId}",
      url: "/api/scim/v2/ResourceTypes/a%2Fb",
      response: resourceType,
      result: resourceType,
    },
    {
      name: "scimDiscovery.listSchemas",
      operation: "Listing SCIM schemas",
      object: "SCIM schemas",
      call: ({ scimDiscovery }) => scimDiscovery.listSchemas({ excludedAttributes: ["meta"] }),
      method: "GET",
      template: "/api/scim/v2/Schemas",
      url: "/api/scim/v2/Schemas?excludedAttributes=meta",
      response: listed(schema),
      result: [schema],
    },
    {
      name: "scimDiscovery.getSchema",
      operation: "Reading SCIM schema a/b",
      object: "SCIM schema a/b",
      call: ({ scimDiscovery }) => scimDiscovery.getSchema("a/b"),
      method: "GET",
      template: "/api/scim/v2/Schemas/{schemaId}",
      url: "/api/scim/v2/Schemas/a%2Fb",
      response: schema,
      result: schema,
    },
  ],

  async callEach({ client: { scimDiscovery } }) {
    await scimDiscovery.getServiceProviderConfig();
    const [type] = await scimDiscovery.listResourceTypes();
    await scimDiscovery.getResourceType(type?.id ?? "", { attributes: ["name"] });
    const [schemaOfUsers] = await scimDiscovery.listSchemas({ excludedAttributes: ["meta"] });
    await scimDiscovery.getSchema(schemaOfUsers?.id ?? "");
  },
};
