// The root certificate of a cluster. The service's web site gives it to everybody, outside the API: no key is sent
// there, and what is no certificate, such as a page, is an error.

import { X509Certificate } from "node:crypto";
import { z } from "zod";
import type { Caller } from "../http/call";
import { CloudApiError, withAdvice } from "../http/errors";
import { path } from "../http/path";
import type { RequestOptions } from "../http/request-options";
import { anyMember } from "../http/role";

/** The longest text of certificates that is read. */
const maxTextLength = 2 ** 20;

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Certificates in PEM and nothing else, each on lines of its own. */
const certificatesSchema = z
  .string()
  .max(maxTextLength, `more than ${maxTextLength / 2 ** 20} MiB`)
  .transform((text, context) => {
    const blocks = text.match(block) ?? [];
    if (blocks.length > 0 && text.replace(block, "").trim() === "" && blocks.every(isCertificate)) {
      return `${blocks.join("\n")}\n`;
    }
    context.addIssue({ code: "custom", message: "not a certificate in PEM" });
    return z.NEVER;
  });

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

const refused = "The download takes no key: something between here and the service refuses it.";

const adviceFor: Readonly<Record<number, string>> = {
  401: refused,
  403: refused,
  404: "Check the id; a cluster that is still being created may have no certificate yet.",
};

/** Root certificates of clusters. */
export class ClusterCertificatesApi {
  readonly #caller: Caller;

  /**
   * @internal
   * @param caller one that sends no key
   */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Gets the root certificate that verifies a cluster, in PEM: of an Advanced cluster that of its own
   * authority, otherwise that of a public one. It may change while the cluster lives. No key is sent.
   */
  async get(clusterId: string, options?: RequestOptions): Promise<string> {
    const call = {
      method: "GET" as const,
      path: path`/clusters/${clusterId}/cert`,
      operation: `Getting the root certificate of cluster ${clusterId}`,
      object: `cluster ${clusterId}`,
      permission: anyMember,
      schema: certificatesSchema,
    };
    try {
      return await this.#caller.text(call, options);
    } catch (error) {
      if (!CloudApiError.isInstance(error)) throw error;
      const advice = adviceFor[error.status];
      throw advice === undefined ? error : withAdvice(error, advice);
    }
  }
}
