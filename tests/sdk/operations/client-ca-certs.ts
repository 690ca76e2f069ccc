import { rootCertificates } from "node:tls";
import type { WireClientCaCert } from "../../../sdk";
import type { clientCaCertSchema } from "../../../sdk/resources/client-ca-certs";
import { advanced } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const [pem = ""] = rootCertificates;
const certificate = { status: "IS_SET", x509_pem_cert: pem };
const pending = { status: "PENDING", x509_pem_cert: "" };
const object = "the client CA certificate of cluster c/1";
const template = `${ofCluster}/client-ca-cert`;
const url = `${base}/client-ca-cert`;

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof clientCaCertSchema, WireClientCaCert>],

  operations: [
    {
      name: "clientCaCerts.get",
      operation: `Reading ${object}`,
      object,
      call: ({ clientCaCerts }) => clientCaCerts.get(id),
      method: "GET",
      template,
      url,
      response: certificate,
      result: certificate,
    },
    {
      name: "clientCaCerts.set",
      operation: `Setting ${object}`,
      object,
      call: ({ clientCaCerts }) => clientCaCerts.set(id, { x509_pem_cert: pem }),
      method: "POST",
      template,
      url,
      body: { x509_pem_cert: pem },
      response: pending,
      result: pending,
    },
    {
      name: "clientCaCerts.update",
      operation: `Updating ${object}`,
      object,
      call: ({ clientCaCerts }) => clientCaCerts.update(id, { x509_pem_cert: pem }),
      method: "PATCH",
      template,
      url,
      body: { x509_pem_cert: pem },
      response: pending,
      result: pending,
    },
    {
      name: "clientCaCerts.delete",
      operation: `Removing ${object}`,
      object,
      call: ({ clientCaCerts }) => clientCaCerts.delete(id),
      method: "DELETE",
      template,
      url,
      response: pending,
      result: undefined,
    },
  ],

  async callEach({ client, emulator }) {
    const { id: clusterId } = emulator.clusters.create(advanced("orders"));
    const settled = () => emulator.clusters.finish(clusterId);
    await client.clientCaCerts.set(clusterId, { x509_pem_cert: pem });
    settled();
    await client.clientCaCerts.get(clusterId);
    await client.clientCaCerts.update(clusterId, { x509_pem_cert: pem });
    settled();
    await client.clientCaCerts.delete(clusterId);
  },
};
