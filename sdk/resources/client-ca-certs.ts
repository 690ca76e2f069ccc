// The authority whose client certificates an Advanced cluster trusts.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { openEnumSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** Stage of the client CA certificate of a cluster. */
export type ClientCaCertStatus = "NOT_SET" | "IS_SET" | "PENDING" | "FAILED";

/** The client CA certificate of a cluster. */
export interface WireClientCaCert {
  status: ClientCaCertStatus;
  /** One or more certificates in PEM; empty while none is set and while a change is in progress. */
  x509_pem_cert: string;
}

/** Body of `set` and `update`. */
export interface ClientCaCertRequest {
  /** One or more certificates in PEM. */
  x509_pem_cert: string;
}

/** @internal */
export const clientCaCertSchema = z.object({
  status: openEnumSchema<ClientCaCertStatus>().default("NOT_SET"),
  x509_pem_cert: textSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

function certificate(clusterId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/client-ca-cert`,
    object: `the client CA certificate of cluster ${clusterId}`,
    schema: clientCaCertSchema,
  };
}

/** The client CA certificate of an Advanced cluster. Every change takes a while: `get` shows it as PENDING. */
export class ClientCaCertsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the certificate; its status says whether one is set. */
  async get(clusterId: string, options?: RequestOptions): Promise<WireClientCaCert> {
    return await this.#caller.run(operation("GET", certificate(clusterId), permitted), options);
  }

  /** Sets the certificate of a cluster that has none. */
  async set(
    clusterId: string,
    body: ClientCaCertRequest,
    options?: RequestOptions,
  ): Promise<WireClientCaCert> {
    const call = operation("POST", certificate(clusterId), permitted, { verb: "Setting", body });
    return await this.#caller.run(call, options);
  }

  /** Replaces the certificate. */
  async update(
    clusterId: string,
    body: ClientCaCertRequest,
    options?: RequestOptions,
  ): Promise<WireClientCaCert> {
    const call = operation("PATCH", certificate(clusterId), permitted, { body });
    return await this.#caller.run(call, options);
  }

  /** Removes the certificate. */
  async delete(clusterId: string, options?: RequestOptions): Promise<void> {
    const call = operation("DELETE", certificate(clusterId), permitted, { verb: "Removing" });
    await this.#caller.delete(call, options);
  }
}
