import { authorityCertificate, strangerCertificate } from "../../support/certificates";
import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { x509PemCert: authorityCertificate },
  full: [{ x509PemCert: authorityCertificate }],
  arguments: {
    x509PemCert: {
      to: `${authorityCertificate}\n${strangerCertificate}`,
      onChange: "update",
      drift: ({ emulator, clusterId }) =>
        emulator.clientCaCerts.set(clusterId, strangerCertificate),
      wrong: [
        [
          "certificate",
          "must have one or more certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE.",
        ],
        [
          '{"x509_pem_cert": "…"}',
          "must be a certificate in PEM and not JSON: give the value of its member x509_pem_cert.",
        ],
        [
          "-----BEGIN PRIVATE KEY-----",
          "must be a certificate and not a private key: give only the blocks between BEGIN CERTIFICATE and END CERTIFICATE.",
        ],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",

  operations: {
    create: "SetClientCACert",
    read: "GetClientCACert",
    update: "UpdateClientCACert",
    delete: "DeleteClientCACert",
  },
  createBody: () => ({ x509_pem_cert: authorityCertificate }),

  exists: ({ emulator, clusterId }) => emulator.clientCaCerts.get(clusterId).status !== "NOT_SET",
  remove: ({ emulator, clusterId }) => emulator.clientCaCerts.set(clusterId, ""),

  lostCreate: { outcome: "found" },
  existing: { outcome: "adopted" },
};
