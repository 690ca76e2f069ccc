/** Reads the authorities whose client certificates a cluster trusts. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { certificatesIn } from "../values/certificates";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import type { RootCertificate } from "./cluster-certificate";
import { toRootCertificate } from "./cluster-certificate";

/** The client CA certificate of a cluster. */
export interface ClientCaCertInfo {
  /** `NOT_SET`, `IS_SET`, `PENDING` or `FAILED`. */
  status: string;
  /** One or more certificates in PEM; empty unless one is set. */
  x509PemCert: string;
  /** What the certificates say of themselves, in the same order; empty unless one is set. */
  certificates: RootCertificate[];
}

/** Which cluster. */
export interface GetClientCaCertArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface GetClientCaCertOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads the client CA certificate of an Advanced cluster, with what each certificate says of itself; `NOT_SET` where it has none. */
export function getClientCaCert(
  args: GetClientCaCertArgs,
  options?: FunctionOptions,
): Promise<ClientCaCertInfo> {
  return callFunction(certificate, args, options);
}

/** `getClientCaCert` for outputs. */
export function getClientCaCertOutput(
  args: GetClientCaCertOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ClientCaCertInfo> {
  return callFunctionOutput(certificate, args, options);
}

/** @internal */
export const certificate: ProviderFunction<GetClientCaCertArgs, ClientCaCertInfo> = {
  name: "getClientCaCert",
  async read({ cloud }, args) {
    const id = clusterIdIn("getClientCaCert", args);
    const { status, x509_pem_cert } = await cloud.clientCaCerts.get(id);
    const certificates = (certificatesIn(x509_pem_cert) ?? []).map(toRootCertificate);
    return { status, x509PemCert: x509_pem_cert, certificates };
  },
};
