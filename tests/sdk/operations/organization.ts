import type { WireOrganization } from "../../../sdk";
import type { organizationSchema } from "../../../sdk/resources/organization";
import type { OperationArea, Reads } from "../operation";

const organization = {
  id: "o1",
  label: "acme-x1",
  name: "Acme",
  created_at: "2026-01-01T00:00:00Z",
  cockroach_cloud_service_principals: { aws: { user_arn: "arn:aws:iam::2" } },
};

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof organizationSchema, WireOrganization>],

  operations: [
    {
      name: "organization.get",
      operation: "Reading the organization",
      object: "the organization",
      call: ({ organization: area }) => area.get(),
      method: "GET",
      template: "/api/v1/organization",
      url: "/api/v1/organization",
      response: organization,
      result: organization,
    },
  ],

  async callEach({ client }) {
    await client.organization.get();
  },
};
