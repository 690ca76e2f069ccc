// The caller's organization. A customer's cloud identifies the service by its id.

import type { Area } from "../area";
import type { Call } from "../server/call";
import { timestamp } from "../server/protobuf-values";

function getOrganizationInfo(call: Call): object {
  const { id, name, label, createdAt } = call.organization;
  return {
    id,
    label,
    name,
    created_at: timestamp(createdAt),
    cockroach_cloud_service_principals: call.context.assumptions.servicePrincipals
      ? servicePrincipals
      : {},
  };
}

const servicePrincipals = {
  aws: { user_arn: "arn:aws:iam::000000000000:user/emulated-cockroachdb-cloud" },
  gcp: { service_account_email: "emulated@emulated-cockroachdb-cloud.iam.gserviceaccount.com" },
  azure: {
    app_registration_client_id: "00000000-0000-4000-8000-000000000000",
    app_registration_name: "emulated-cockroachdb-cloud",
  },
};

/** The organization. */
export const organizationInfoArea: Area = {
  operations: { GetOrganizationInfo: getOrganizationInfo },
};
