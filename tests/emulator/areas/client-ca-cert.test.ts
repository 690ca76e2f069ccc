import { strict as assert } from "node:assert";
import { rootCertificates } from "node:tls";
import type { EmulatorOptions } from "../../../emulator";
import { manualClock } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { advanced, assertRefused, basic, bodyOf, minute, startQuick } from "../caller";

const [one = "", other = ""] = rootCertificates;

async function started(options: EmulatorOptions = {}, cluster: object = advanced("orders")) {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  const { emulator, api } = await startQuick({ clock, ...options });
  const { id } = emulator.clusters.create(cluster);
  return {
    emulator,
    api,
    clock,
    cluster: `/clusters/${id}`,
    path: `/clusters/${id}/client-ca-cert`,
  };
}

describe("The client CA certificate", () => {
  checkEmulators();

  it("is set, replaced and removed by jobs that lock the cluster", async () => {
    const { api, cluster, path, clock } = await started();
    assert.deepEqual(bodyOf(await api.get(path)), { status: "NOT_SET", x509_pem_cert: "" });
    const pending = { status: "PENDING", x509_pem_cert: "" };
    assert.deepEqual(bodyOf(await api.post(path, { x509_pem_cert: one })), pending);
    const locked = bodyOf(await api.get(cluster));
    assert.deepEqual(
      [locked["state"], locked["operation_status"]],
      ["LOCKED", "CRDB_CUSTOM_CLIENT_CA_RUNNING"],
    );
    assertRefused(await api.patch(path, { x509_pem_cert: other }), 503, 14);
    await clock.advance(3 * minute);
    assert.deepEqual(bodyOf(await api.get(path)), { status: "IS_SET", x509_pem_cert: one });
    const both = `${one}\n\n${other}`;
    bodyOf(await api.patch(path, { x509_pem_cert: both }));
    await clock.advance(3 * minute);
    assert.deepEqual(bodyOf(await api.get(path)), { status: "IS_SET", x509_pem_cert: both });
    assert.deepEqual(bodyOf(await api.delete(path)), pending);
    await clock.advance(3 * minute);
    assert.deepEqual(bodyOf(await api.delete(path)), { status: "NOT_SET", x509_pem_cert: "" });
  });

  it("stays in force when a change fails", async () => {
    const { emulator, api, cluster, path, clock } = await started();
    bodyOf(await api.post(path, { x509_pem_cert: one }));
    await clock.advance(3 * minute);
    emulator.faults.failNextJob();
    bodyOf(await api.patch(path, { x509_pem_cert: other }));
    await clock.advance(3 * minute);
    assert.deepEqual(bodyOf(await api.get(path)), { status: "FAILED", x509_pem_cert: one });
    const { operation_status: operation } = bodyOf(await api.get(cluster));
    assert.equal(operation, "CRDB_CUSTOM_CLIENT_CA_FAILED");
  });

  for (const pem of ["", "no certificate", one.replace(/[A-Za-z]{8}/, "////////")]) {
    it(`is refused when it is ${JSON.stringify(pem.slice(0, 40))}`, async () => {
      const { api, path } = await started();
      assertRefused(await api.post(path, { x509_pem_cert: pem }), 400, 3);
    });
  }

  it("is refused by a second POST or a first PATCH if so configured", async () => {
    const refusal = { status: 400, code: 9 };
    const { api, path, clock } = await started({
      assumptions: { clientCaPostWhenSet: refusal, clientCaPatchWhenUnset: refusal },
    });
    assertRefused(await api.patch(path, { x509_pem_cert: one }), 400, 9);
    bodyOf(await api.post(path, { x509_pem_cert: one }));
    await clock.advance(3 * minute);
    assertRefused(await api.post(path, { x509_pem_cert: one }), 400, 9);
  });

  it("is read with a line end, and not after a failure, where the assumptions say so", async () => {
    const { emulator, api, path, clock } = await started({
      assumptions: { clientCaLineEnd: true, failedClientCa: "empty" },
    });
    bodyOf(await api.post(path, { x509_pem_cert: one }));
    await clock.advance(3 * minute);
    assert.equal(bodyOf(await api.get(path))["x509_pem_cert"], `${one}\n`);
    emulator.faults.failNextJob();
    bodyOf(await api.patch(path, { x509_pem_cert: other }));
    await clock.advance(3 * minute);
    assert.deepEqual(bodyOf(await api.get(path)), { status: "FAILED", x509_pem_cert: "" });
  });

  it("needs an Advanced cluster", async () => {
    const { api, path } = await started({}, basic("orders"));
    assertRefused(await api.get(path), 400, 9);
    assertRefused(await api.post(path, { x509_pem_cert: one }), 400, 9);
    assertRefused(await api.delete(path), 400, 9);
  });
});
