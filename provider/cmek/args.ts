/**
 * Customer-managed encryption keys, as a program says them and as it reads them back: the public
 * types of `CmekConfig`, of which `Cluster` takes the keys of regions that it adds.
 */
import type * as pulumi from "@pulumi/pulumi";

/** Key management service of the cloud that the cluster runs on. */
export type CmekKeyType = "AWS_KMS" | "GCP_CLOUD_KMS" | "AZURE_KEY_VAULT";

/** Encryption key of one region. */
export interface CmekRegionSpecArgs {
  /** Region of the cluster. */
  region: pulumi.Input<string>;
  /** Its key. */
  keySpec: pulumi.Input<CmekKeySpecArgs>;
}

/** A key of a key management service. */
export interface CmekKeySpecArgs {
  /** The key management service, that of the cluster's cloud. */
  type: pulumi.Input<CmekKeyType>;
  /**
   * The key. AWS: its ARN. GCP: its resource name, `projects/…/locations/…/keyRings/…/cryptoKeys/…`.
   * Azure: its key identifier, `https://<vault>.vault.azure.net/keys/<name>/<version>`.
   */
  uri: pulumi.Input<string>;
  /** Who may use it. AWS: ARN of an IAM role. GCP: e-mail of a service account. Azure: tenant id. */
  authPrincipal: pulumi.Input<string>;
}

/** Encryption key of one region as it is. */
export interface CmekRegionSpec {
  /** Region of the cluster. */
  region: string;
  /** Its key. */
  keySpec: CmekKeySpec;
}

/** A key as it is. */
export interface CmekKeySpec {
  /** The key management service. */
  type: CmekKeyType;
  /** The key: its ARN, resource name or key identifier. */
  uri: string;
  /** Who may use it: IAM role, service account or tenant. */
  authPrincipal: string;
}

/** Encryption of one region. */
export interface CmekRegion {
  /** Region of the cluster. */
  region: string;
  /** `ENABLED`, `ENABLING`, `ROTATING`, `REVOKED`, `ENABLE_FAILED` and others. */
  status: string;
  /** Why enabling, rotating or revoking has failed; empty otherwise. */
  userMessage: string;
  /** The present key, then the others, newest first. */
  keyInfos: CmekKeyInfo[];
}

/** A present or past key of a region. */
export interface CmekKeyInfo {
  /** `ENABLED`, `DISABLED`, `REVOKED` and others. */
  status: string;
  /** Why it failed; empty otherwise. */
  userMessage: string;
  /** The key. */
  keySpec?: CmekKeySpec;
  /** When it was first given, RFC 3339. */
  createdAt?: string;
  /** When its status last changed, RFC 3339. */
  updatedAt?: string;
}
