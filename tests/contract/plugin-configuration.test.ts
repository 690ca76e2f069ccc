// How Pulumi's own dynamic provider passes the configuration on.

import assert from "node:assert/strict";
import { explicitProviderKey } from "../../provider/engine/configuration";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { basic, nowhere } from "./emulated-plugin";
import { clusterText } from "./plugin-client";
import { closePlugins, startPlugin } from "./plugin-process";

describe("The plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  describe("configuration", () => {
    const three =
      /^There is no API key .*pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/;

    it("is not needed to check and to compare", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      assert.deepEqual((await plugin.check(basic(), basic())).failures, []);
      assert.equal((await plugin.diff(nowhere, basic(), basic())).changes, "some");
    });

    for (const operation of ["create", "read", "update", "delete"] as const) {
      it(`is missed by ${operation}, which names the three ways to give a key`, async () => {
        const plugin = await startPlugin();
        await plugin.configure();
        const stored = { ...basic(), __provider: clusterText };
        const attempt = {
          create: () => plugin.create(basic()),
          read: () => plugin.read(nowhere, stored),
          update: () => plugin.update(nowhere, stored, basic({ labels: {} })),
          delete: () => plugin.delete(nowhere, stored),
        }[operation];
        await assert.rejects(attempt, { message: three });
      });
    }

    const places: {
      it: string;
      environment: "first" | "second" | undefined;
      config: "first" | "second" | undefined;
      explicit: boolean;
      used: "first" | "second";
    }[] = [
      {
        it: "takes the key of the stack's configuration when there is no other",
        environment: undefined,
        config: "second",
        explicit: false,
        used: "second",
      },
      {
        it: "prefers the environment to the stack's configuration",
        environment: "first",
        config: "second",
        explicit: false,
        used: "first",
      },
      {
        it: "prefers the arguments of an explicit provider to the environment",
        environment: "first",
        config: "second",
        explicit: true,
        used: "second",
      },
      {
        it: "takes the environment for an explicit provider without a key",
        environment: "first",
        config: undefined,
        explicit: true,
        used: "first",
      },
    ];
    it("says of a refused key of an explicit provider where it comes from, and how to replace it", async () => {
      const emulator = await startTestEmulator();
      const key = { "cockroachdb-cloud:apiKey": "CCDB1_rotated" };
      const jwt = {
        "cockroachdb-cloud:apiJwt": "a.rotated.c",
        "cockroachdb-cloud:vanityName": "acme",
      };
      const explicit = { [explicitProviderKey]: "true" };
      for (const [credential, advice] of [
        [
          { ...key, ...explicit },
          /The key is the apiKey that the explicit Provider "payments" of this resource had.* add --run-program/,
        ],
        [
          { ...jwt, ...explicit },
          /The JWT is the apiJwt that the explicit Provider "payments" of this resource had.* take the JWT from the program/,
        ],
        [key, /Pass the secret of a service account's API key/],
      ] as const) {
        const plugin = await startPlugin({ environment: {} });
        await plugin.configure({ "cockroachdb-cloud:serverUrl": emulator.url, ...credential });
        await assert.rejects(
          plugin.read(nowhere, { __providerName: "payments" }),
          (error: Error) => {
            assert.match(error.message, /401/);
            assert.match(error.message, advice);
            assert.doesNotMatch(error.message, /rotated/);
            return true;
          },
        );
      }
    });

    for (const { it: title, environment, config, explicit, used } of places) {
      it(title, async () => {
        const emulator = await startTestEmulator({
          organizations: [
            { apiKeys: [{ name: "first", secret: "CCDB1_first" }] },
            { apiKeys: [{ name: "second", secret: "CCDB1_second" }] },
          ],
        });
        const plugin = await startPlugin({
          environment: {
            ...(environment && { COCKROACH_API_KEY: `CCDB1_${environment}` }),
            ...(environment && { COCKROACH_SERVER: emulator.url }),
          },
        });
        await plugin.configure({
          ...(config && { "cockroachdb-cloud:apiKey": `CCDB1_${config}` }),
          ...(config && { "cockroachdb-cloud:serverUrl": emulator.url }),
          ...(explicit && { [explicitProviderKey]: "true" }),
        });
        await assert.rejects(plugin.read(nowhere, {}));
        assert.deepEqual([...new Set(emulator.requests.map(({ key }) => key))], [used]);
      });
    }
  });
});
