import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import { bodyOf, callerOf, day, startQuick } from "../caller";

describe("The organization", () => {
  checkEmulators();

  it("is one object with a stable id", async () => {
    const id = "5a4f4d35-9ff8-4a4b-8a52-6d1c9c4c0c11";
    const { emulator, api } = await startQuick({ organizations: [{ id, name: "Shop" }] });
    const organization = bodyOf(await api.get("/organization"));
    assert.deepEqual([organization.id, organization.name], [id, "Shop"]);
    assert.match(organization.label, /^[a-z0-9]{5}$/);
    assert.ok(organization.cockroach_cloud_service_principals.aws.user_arn.startsWith("arn:aws:"));
    await emulator.clock.advance(day);
    assert.deepEqual(bodyOf(await api.get("/organization")), organization);
  });

  it("has no identities of the service where the assumption says so", async () => {
    const { api } = await startQuick({ assumptions: { servicePrincipals: false } });
    const organization = bodyOf(await api.get("/organization"));
    assert.deepEqual(organization.cockroach_cloud_service_principals, {});
  });

  it("can be read by every service account, since each is a member of it", async () => {
    const { emulator } = await startQuick();
    const secret = emulator.organization.addKey({ roles: [] });
    bodyOf(await callerOf(emulator, secret).get("/organization"));
  });
});
