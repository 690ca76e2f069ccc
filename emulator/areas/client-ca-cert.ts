// The authority whose client certificates an Advanced cluster trusts. Setting, replacing and removing it are jobs.

import { X509Certificate } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { startJob } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue } from "../server/errors";
import type { MessageShape } from "../server/protojson";
import { stateOfEachCluster } from "../state";

/** The client CA certificate as the API spells it. */
export interface WireClientCaCert {
  status: "FAILED" | "IS_SET" | "NOT_SET" | "PENDING";
  /** "" unless one is set. */
  x509_pem_cert: string;
}

/** Client CA certificates outside the API. Cluster ids are UUIDs. */
export interface ClientCaCertControls {
  /** The certificate as the API returns it. */
  get(clusterId: string): WireClientCaCert;
  /** Sets a certificate at once, "" for none, without any check. */
  set(clusterId: string, pem: string): void;
}

const certificateOf = stateOfEachCluster(
  (): { status: WireClientCaCert["status"]; pem: string } => ({
    status: "NOT_SET",
    pem: "",
  }),
);

const setShape: MessageShape = {
  name: "cockroach.cloud.SetClientCACertRequest",
  fields: { x509_pem_cert: "string" },
};

const updateShape: MessageShape = {
  name: "cockroach.cloud.UpdateClientCACertRequest",
  fields: { x509_pem_cert: "string" },
};

function getCertificate(call: Call): object {
  return toWire(requireAdvanced(call, liveClusterOf(call)), call.context);
}

function setCertificate(call: Call): object {
  const { x509_pem_cert: pem = "" } = readBody<{ x509_pem_cert?: string }>(call, setShape);
  const cluster = changeableOf(call);
  const { clientCaPostWhenSet } = call.context.assumptions;
  if (certificateOf(cluster).status === "IS_SET" && clientCaPostWhenSet !== "replace") {
    throw new ApiError(clientCaPostWhenSet, "a client CA certificate is already set");
  }
  return change(call, cluster, pem);
}

function updateCertificate(call: Call): object {
  const unknownKeys = call.context.assumptions.strictPatch ? "refused" : "ignored";
  const body = readBody<{ x509_pem_cert?: string }>(call, updateShape, unknownKeys);
  const cluster = changeableOf(call);
  const { clientCaPatchWhenUnset } = call.context.assumptions;
  if (certificateOf(cluster).status === "NOT_SET" && clientCaPatchWhenUnset !== "set") {
    throw new ApiError(clientCaPatchWhenUnset, "no client CA certificate is set");
  }
  return body.x509_pem_cert === undefined
    ? toWire(cluster, call.context)
    : change(call, cluster, body.x509_pem_cert);
}

function deleteCertificate(call: Call): object {
  const cluster = changeableOf(call);
  if (certificateOf(cluster).status === "NOT_SET") {
    return toWire(cluster, call.context);
  }
  return start(call, cluster, "");
}

function change(call: Call, cluster: ClusterRecord, pem: string): object {
  checkCertificates(pem);
  return start(call, cluster, pem);
}

function start(call: Call, cluster: ClusterRecord, pem: string): object {
  const certificate = certificateOf(cluster);
  certificate.status = "PENDING";
  startJob(cluster, call.now, {
    operation: "CRDB_CUSTOM_CLIENT_CA_RUNNING",
    durationMs: call.context.durations.clientCaMs,
    locks: true,
    fails: call.context.queued.consumeJobFailure(),
    succeed: () => {
      certificate.pem = pem;
      certificate.status = pem === "" ? "NOT_SET" : "IS_SET";
    },
    // The one before stays in force.
    fail: () => {
      certificate.status = "FAILED";
    },
  });
  return toWire(cluster, call.context);
}

function checkCertificates(pem: string): void {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw invalidValue("x509_pem_cert is no certificate in PEM");
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

function changeableOf(call: Call): ClusterRecord {
  const cluster = requireAdvanced(call, changeableClusterOf(call));
  checkNotBusy(cluster, call.context);
  return cluster;
}

function requireAdvanced(call: Call, cluster: ClusterRecord): ClusterRecord {
  if (cluster.plan !== "ADVANCED") {
    throw new ApiError(
      call.context.assumptions.networkOnServerless,
      "client CA certificates are supported for advanced clusters only",
    );
  }
  return cluster;
}

function toWire(cluster: ClusterRecord, { assumptions }: EmulatorContext): WireClientCaCert {
  const { status, pem } = certificateOf(cluster);
  const { failedClientCa, clientCaLineEnd } = assumptions;
  const isShown = status !== "PENDING" && (status !== "FAILED" || failedClientCa === "before");
  const lineEnd = clientCaLineEnd && pem !== "" ? "\n" : "";
  return { status, x509_pem_cert: isShown ? `${pem}${lineEnd}` : "" };
}

/** The client CA certificate of a cluster. */
export const clientCaCertArea: ControlledArea<ClientCaCertControls> = {
  operations: {
    DeleteClientCACert: deleteCertificate,
    GetClientCACert: getCertificate,
    SetClientCACert: setCertificate,
    UpdateClientCACert: updateCertificate,
  },
  createControls: ({ findCluster, context }: ControlParts) => ({
    get: (clusterId) => toWire(findCluster(clusterId), context),
    set: (clusterId, pem) => {
      const certificate = certificateOf(findCluster(clusterId));
      certificate.pem = pem;
      certificate.status = pem === "" ? "NOT_SET" : "IS_SET";
    },
  }),
};
