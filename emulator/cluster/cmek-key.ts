// The keys that customers bring: each cloud has its own kind of key, address and identity.

import { invalidValue } from "../server/errors";
import type { Field } from "../server/protojson";
import type { CloudProvider, WireCmekRegionSpec } from "./wire";

/** Kinds of keys; NULL_KMS is the service's own word for none. */
export type CmekKeyType = "AWS_KMS" | "AZURE_KEY_VAULT" | "GCP_CLOUD_KMS" | "NULL_KMS";

/** A key and who may use it. */
export interface WireCmekKeySpec {
  type: CmekKeyType;
  /** ARN, resource name or vault URL. */
  uri: string;
  /** Role ARN, service account or tenant id. */
  auth_principal: string;
}

/** `region_specs` and `cmek_region_specs` in bodies. */
export const cmekRegionSpecsField: Field = {
  list: {
    message: {
      name: "cockroach.cloud.CMEKRegionSpecification",
      fields: {
        region: "string",
        key_spec: {
          message: {
            name: "cockroach.cloud.CMEKKeySpecification",
            fields: {
              auth_principal: "string",
              type: { enumeration: ["AWS_KMS", "GCP_CLOUD_KMS", "NULL_KMS", "AZURE_KEY_VAULT"] },
              uri: "string",
            },
          },
        },
      },
    },
  },
};

interface KeyRules {
  readonly type: CmekKeyType;
  readonly uri: RegExp;
  readonly principal: RegExp;
}

const rules: Readonly<Record<CloudProvider, KeyRules>> = {
  AWS: {
    type: "AWS_KMS",
    uri: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    principal: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  },
  GCP: {
    type: "GCP_CLOUD_KMS",
    uri: /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/,
    principal: /^[a-z0-9-]+@[a-z0-9.:-]+\.gserviceaccount\.com$/,
  },
  AZURE: {
    type: "AZURE_KEY_VAULT",
    uri: /^https:\/\/[a-zA-Z0-9-]+\.vault\.azure\.net\/keys\/[A-Za-z0-9-]+(\/[A-Za-z0-9]+)?$/,
    principal: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  },
};

/** A key of a region that has passed all checks. */
export interface RegionKey {
  readonly region: string;
  readonly spec: WireCmekKeySpec;
}

/** Checks that every region is named once and has a key of the cluster's cloud. @throws what the API refuses. */
export function checkedRegionKeys(
  specs: readonly WireCmekRegionSpec[],
  provider: CloudProvider,
): RegionKey[] {
  const keys = specs.map(({ region = "", key_spec: spec }) => {
    if (region === "") {
      throw invalidValue("region_specs: region is required");
    }
    return { region, spec: checkedKey(region, spec ?? {}, provider) };
  });
  const [double] = keys.filter(
    ({ region }, index) => keys.findIndex((other) => other.region === region) < index,
  );
  if (double !== undefined) {
    throw invalidValue(`region_specs: region '${double.region}' is named more than once`);
  }
  return keys;
}

function checkedKey(
  region: string,
  spec: NonNullable<WireCmekRegionSpec["key_spec"]>,
  provider: CloudProvider,
): WireCmekKeySpec {
  const { type, uri, principal } = rules[provider];
  if (spec.type !== type) {
    throw invalidValue(
      `key_spec of region '${region}': type must be ${type} on ${provider}, got ${spec.type ?? "none"}`,
    );
  }
  if (!uri.test(spec.uri ?? "")) {
    throw invalidValue(`key_spec of region '${region}': invalid uri '${spec.uri ?? ""}'`);
  }
  if (!principal.test(spec.auth_principal ?? "")) {
    throw invalidValue(
      `key_spec of region '${region}': invalid auth_principal '${spec.auth_principal ?? ""}'`,
    );
  }
  return { type, uri: spec.uri ?? "", auth_principal: spec.auth_principal ?? "" };
}
