/** Reads the root certificate that verifies a cluster. */
import { X509Certificate } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** What a client must trust to verify a cluster. */
export interface ClusterCert {
  /** The certificates in PEM, for a file that `sslRootCert` names or for `ssl: { ca }` of a driver. */
  pem: string;
  /** What they say of themselves, in the same order. */
  certificates: RootCertificate[];
}

/** The certificate of an authority. */
export interface RootCertificate {
  /** `O=Cockroach, CN=Cockroach Cloud CA`. */
  subject: string;
  /** The subject again when it is signed by itself. */
  issuer: string;
  /** When it ends, RFC 3339. */
  notAfter: string;
  /** SHA-256 in hexadecimal with colons. */
  fingerprint256: string;
}

/** Whose certificate. */
export interface GetClusterCertArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose certificate. */
export interface GetClusterCertOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/**
 * Gets the root certificate of a cluster: of an Advanced cluster that of its own authority, otherwise
 * that of a public one. Returns `pem`, and of each certificate `subject`, `issuer`, `notAfter` and `fingerprint256`.
 * The download is public, and no key is sent to it; a response without a certificate is an error. The service may
 * renew the certificate, so each run downloads it.
 */
export function getClusterCert(
  args: GetClusterCertArgs,
  options?: FunctionOptions,
): Promise<ClusterCert> {
  return callFunction(clusterCert, args, options);
}

/** `getClusterCert` for outputs. */
export function getClusterCertOutput(
  args: GetClusterCertOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ClusterCert> {
  return callFunctionOutput(clusterCert, args, options);
}

/** @internal */
export const clusterCert: ProviderFunction<GetClusterCertArgs, ClusterCert> = {
  name: "getClusterCert",
  async read({ cloud }, args) {
    const pem = await cloud.clusterCertificates.get(clusterIdIn("getClusterCert", args));
    const blocks = pem.match(/-----BEGIN.+?-----END CERTIFICATE-----/gs) ?? [];
    return {
      pem,
      certificates: blocks.map((block) => toRootCertificate(new X509Certificate(block))),
    };
  },
};

/** @internal */
export function toRootCertificate(certificate: X509Certificate): RootCertificate {
  const { subject, issuer, validTo, fingerprint256 } = certificate;
  const oneLine = (name: string) => name.trim().split("\n").join(", ");
  const notAfter = new Date(validTo).toISOString().replace(".000Z", "Z");
  return { subject: oneLine(subject), issuer: oneLine(issuer), notAfter, fingerprint256 };
}
