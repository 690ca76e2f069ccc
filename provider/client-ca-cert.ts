/**
 * The authority whose client certificates an Advanced cluster trusts.
 *
 * Every change is a job of the cluster. While it runs the API returns no certificate, which is no drift.
 */
import type { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireClientCaCert } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { asGiven, replacesResource } from "./resource/definition";
import { ifReplaced } from "./resource/errors";
import type { Note } from "./resource/lifecycle";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";
import { certificatesIn } from "./values/certificates";
import { hasUnknown } from "./values/unknown";

/** Arguments of a client CA certificate. */
export interface ClientCaCertArgs {
  /** The cluster, or its id, of plan ADVANCED. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /**
   * One or more certificates of authorities in PEM. To rotate without refusing anybody, give the old and the new one
   * first, then the new one alone. Updated in place: clients whose certificates are of an authority that is no longer in
   * it are refused.
   */
  x509PemCert: pulumi.Input<string>;
}

/**
 * The certificates of the authorities whose client certificates an Advanced cluster trusts: who presents one logs in as
 * the SQL user of its common name. API operations: SetClientCACert, GetClientCACert, UpdateClientCACert,
 * DeleteClientCACert.
 */
export class ClientCaCert extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ClientCaCert");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The certificates in PEM. */
  declare readonly x509PemCert: pulumi.Output<string>;
  /** `IS_SET`, or what else it was when it was last read. */
  declare readonly status: pulumi.Output<string>;
  /** What the certificates say of their authorities, one for each. */
  declare readonly subjects: pulumi.Output<string[]>;
  /** When the first of them ends, RFC 3339. */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of each in hexadecimal with colons. */
  declare readonly fingerprints256: pulumi.Output<string[]>;

  /**
   * @param name name of the resource
   * @param args the certificates
   * @param options `import: "<cluster id>"` adopts the existing certificates and writes nothing
   */
  constructor(name: string, args: ClientCaCertArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The certificates of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(ClientCaCert);
  /** Whether `value` is a client CA certificate of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ClientCaCert>("ClientCaCert");
}

const inputs = z.strictObject({ clusterId, x509PemCert: textThat(pemProblem) });

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  status: string;
  subjects: string[];
  notAfter: string;
  fingerprints256: string[];
}

const definition: ResourceDefinition<Inputs, State, WireClientCaCert> = {
  type: "ClientCaCert",
  ...oneInCluster("client CA certificate"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    x509PemCert: {
      onChange: "update",
      changes: ["fingerprints256", "subjects", "notAfter"],
      canonical: canonicalPem,
      returned: asGiven,
    },
  },
  outputs: ["status", "subjects", "notAfter", "fingerprints256"],

  check: (olds, { x509PemCert }, failures) => ({
    failures,
    notes:
      failures.length === 0 && typeof x509PemCert === "string" && x509PemCert !== olds.x509PemCert
        ? authorityNotes(x509PemCert)
        : [],
  }),
  impact({ updates, replaces }, { clusterId, x509PemCert, subjects }, news) {
    if (updates.length + replaces.length === 0 || hasUnknown([news.clusterId, news.x509PemCert]))
      return [];
    const kept = new Set(
      certificatesOf(news.x509PemCert).map(({ fingerprint256 }) => fingerprint256),
    );
    const removed = certificatesOf(x509PemCert).filter(
      ({ fingerprint256 }) => !kept.has(fingerprint256),
    );
    if (removed.length === 0 && replaces.length === 0) return [];
    const authorities = replaces.length > 0 ? subjects : removed.map(subjectOf);
    return [
      warning(
        `Cluster ${clusterId} refuses clients with a certificate of ${(authorities ?? []).join("; ")} from then on.`,
      ),
    ];
  },

  sample: () => ({
    ...{ x509PemCert: "", status: "IS_SET", subjects: [], fingerprints256: [] },
    notAfter: "2036-01-31T00:00:00Z",
  }),
  toState({ status, x509_pem_cert }, { clusterId = "", x509PemCert: known = "" }) {
    // What it is while a job runs, and after one that has failed, is not returned.
    const x509PemCert = status === "IS_SET" ? x509_pem_cert : known;
    const certificates = certificatesOf(x509PemCert);
    return {
      clusterId,
      x509PemCert,
      status,
      subjects: certificates.map(subjectOf),
      notAfter: certificates.map(notAfterOf).sort()[0] ?? "",
      fingerprints256: certificates.map(({ fingerprint256 }) => fingerprint256),
    };
  },
  collection: {
    plans: ["ADVANCED"],
    describe: ({ clusterId }) => `the client CA certificate of cluster ${clusterId}`,
    async *list({ clusterId = "" }, { cloud, options }) {
      yield await cloud.clientCaCerts.get(clusterId, options);
    },
    keyOf: () => "",
    keyIn: () => "",
    nameOf: () => "client-ca",
    isOwnedByService: ({ status }) => status !== "IS_SET",
    isAbsent: ({ status }) => status === "NOT_SET",
  },

  create: setFirst,
  lostCreate: { isOurs: ({ status }) => status === "PENDING" || status === "IS_SET" },
  async update({ clusterId, x509PemCert: before }, { x509PemCert }, { cloud, options, context }) {
    refuseEnded(clusterId, x509PemCert, before, context);
    return await cloud.clientCaCerts.update(clusterId, { x509_pem_cert: x509PemCert }, options);
  },
  isUpdateReadable: true,
  delete: ({ clusterId }, { cloud, options }) => cloud.clientCaCerts.delete(clusterId, options),
  deletedNote: ({ clusterId }) =>
    warning(`Cluster ${clusterId} refuses all client certificates from now on.`),

  trouble({ status, x509_pem_cert }, now) {
    if (status === "FAILED") {
      return {
        code: "operation-failed",
        what: "Its status is FAILED.",
        why: "The last change failed; the certificate before may still be in force.",
        update: "sets it again; if it stays so, ask CockroachDB Cloud support",
      };
    }
    const [first] = certificatesOf(x509_pem_cert).sort((a, b) => endOf(a) - endOf(b));
    if (first === undefined || endOf(first) - now > soonMs) return undefined;
    return {
      code: "expiring",
      what: `The certificate of ${subjectOf(first)} ${endOf(first) > now ? "ends" : "has ended"} at ${notAfterOf(first)}.`,
      why: "From then on the cluster refuses clients with a certificate of it.",
      byHand:
        "Give x509PemCert the old and a new certificate, then the clients new ones, then x509PemCert the new one alone.",
    };
  },

  settlement: {
    hasFailed: ({ status }) => status === "FAILED",
    awaited: ({ status }) => (status === "PENDING" ? ["status"] : []),
    pending: (remote, { place: { clusterId } }) => {
      const status = remote?.status ?? "PENDING";
      if (status === "FAILED") throw failure("Setting", clusterId);
      return status === "IS_SET" ? undefined : status;
    },
    pendingDeletion({ status }, { place: { clusterId } }) {
      if (status === "FAILED") throw failure("Removing", clusterId);
      return status;
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Sets the certificates of a cluster that has none. */
async function setFirst(
  { clusterId, x509PemCert }: Inputs,
  { cloud, options, context }: WriteCall,
): Promise<WireClientCaCert> {
  const { clientCaCerts } = cloud;
  const present = await clientCaCerts.get(clusterId, options);
  if (present.status !== "IS_SET") {
    refuseEnded(clusterId, x509PemCert, "", context);
    return await clientCaCerts.set(clusterId, { x509_pem_cert: x509PemCert }, options);
  }
  if (canonicalPem(present.x509_pem_cert) === canonicalPem(x509PemCert)) return present;
  const subjects = certificatesOf(present.x509_pem_cert).map(subjectOf);
  throw new Error(
    `Setting the client CA certificate of cluster ${clusterId} failed: it trusts ${subjects.join("; ")} already. To manage that here, add the option {import: "${clusterId}"} to the resource and give the same certificates; otherwise delete the certificate from the cluster first. ${ifReplaced}`,
  );
}

/** Refuses a new certificate that has ended: the cluster would refuse every client. */
function refuseEnded(
  clusterId: string,
  text: string,
  before: string,
  { clock }: WriteCall["context"],
): void {
  const known = new Set(certificatesOf(before).map(({ fingerprint256 }) => fingerprint256));
  const ended = certificatesOf(text).find(
    (one) => !known.has(one.fingerprint256) && endOf(one) <= clock.now(),
  );
  if (ended === undefined) return;
  throw new Error(
    `Setting the client CA certificate of cluster ${clusterId} failed: the certificate of ${subjectOf(ended)} has ended at ${notAfterOf(ended)}. Give one that is valid.`,
  );
}

function failure(doing: string, clusterId: string): Error {
  return new Error(
    `${doing} the client CA certificate of cluster ${clusterId} failed: its status is FAILED. The certificate before may still be in force. Run the operation again; if it stays so, ask CockroachDB Cloud support about this cluster.`,
  );
}

/** Its reasons do not show the text, which may be a private key. */
function pemProblem(text: string): string | undefined {
  if (text.includes("PRIVATE KEY-----")) {
    return "must be a certificate and not a private key: give only the blocks between BEGIN CERTIFICATE and END CERTIFICATE.";
  }
  if (/^\s*\{/.test(text)) {
    return "must be a certificate in PEM and not JSON: give the value of its member x509_pem_cert.";
  }
  return (certificatesIn(text)?.length ?? 0) === 0
    ? "must have one or more certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE."
    : undefined;
}

function authorityNotes(text: string): Note[] {
  return certificatesOf(text)
    .filter(({ ca }) => !ca)
    .map((certificate) =>
      warning(
        `The certificate of ${subjectOf(certificate)} is of no authority (CA:TRUE is missing): no client certificate can be signed by it.`,
      ),
    );
}

function certificatesOf(text: string): X509Certificate[] {
  return certificatesIn(text) ?? [];
}

function subjectOf({ subject }: X509Certificate): string {
  return subject.trim().split("\n").join(", ");
}

/** How long before its end the doctor reports a certificate. */
const soonMs = 30 * 24 * 60 * 60_000;

function endOf({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}

function notAfterOf({ validTo }: X509Certificate): string {
  return new Date(validTo).toISOString().replace(".000Z", "Z");
}

/** The same for the same certificates, whatever their order, white space and text between them. */
function canonicalPem<Pem>(text: Pem): Pem | string {
  const certificates = typeof text === "string" ? certificatesOf(text) : [];
  if (certificates.length === 0) return text;
  return [...new Set(certificates.map(String))].sort().join("\n");
}
