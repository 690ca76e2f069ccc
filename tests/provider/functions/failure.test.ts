// How functions fail: without a usable configuration, and by a fault of their own.

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ProviderFunction } from "../../../provider/functions/call";
import { callFunction, callFunctionOutput } from "../../../provider/functions/call";
import * as cockroachdb from "../../../provider/functions/index";
import { checkEmulators } from "../../support/emulator";
import { held, labForEachTest, missingId } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  it("report a fault of their own by their name, and without a stack", async () => {
    const faulty: ProviderFunction<object, never> = {
      name: "getThing",
      read: async () => {
        throw new TypeError("Cannot read properties of undefined");
      },
    };
    const expected = {
      message: "getThing failed unexpectedly: TypeError: Cannot read properties of undefined",
      stack: "",
    };
    await assert.rejects(callFunction(faulty, {}, undefined), expected);
    await assert.rejects(held(callFunctionOutput(faulty, {}, undefined)), expected);
  });

  describe("without a usable configuration", () => {
    it("name the three ways to give a key", async () => {
      delete process.env["COCKROACH_API_KEY"];
      await assert.rejects(cockroachdb.listClusters(), (error: Error) => {
        assert.match(error.message, /COCKROACH_API_KEY/);
        assert.match(error.message, /pulumi config set --secret cockroachdb-cloud:apiKey/);
        assert.match(error.message, /explicit Provider/);
        return true;
      });
      await assert.rejects(
        held(cockroachdb.listClustersOutput()),
        /pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/,
      );
    });

    it("say in one sentence what is wrong with the address", async () => {
      process.env["COCKROACH_SERVER"] = "nowhere";
      await assert.rejects(cockroachdb.listClusters(), {
        name: "ConfigurationError",
        message:
          'COCKROACH_SERVER must be an address like https://cockroachlabs.cloud, not "nowhere".',
      });
    });

    it("never show the key", async () => {
      process.env["COCKROACH_API_KEY"] = "CCDB1_wrong_key";
      await assert.rejects(cockroachdb.listClusters(), (error: Error) => {
        assert.match(error.message, /401/);
        assert.ok(!error.message.includes("CCDB1_wrong_key"));
        return true;
      });
    });

    it("take the environment before the configuration of the stack", async () => {
      pulumi.runtime.setAllConfig({ "cockroachdb-cloud:apiKey": "CCDB1_other" });
      assert.deepEqual(await cockroachdb.listClusters(), []);
      delete process.env["COCKROACH_API_KEY"];
      await assert.rejects(cockroachdb.listClusters(), /401/);
      pulumi.runtime.setAllConfig({ "cockroachdb-cloud:apiKey": lab.emulator.apiKey });
      assert.deepEqual(await cockroachdb.listClusters(), []);
    });
  });

  it("are marked for Pulumi to print their message without the call stack", async () => {
    for (const call of [
      () => cockroachdb.getCluster({}),
      () => cockroachdb.getCluster({ id: missingId }),
      () => cockroachdb.getCluster({ name: "none" }),
      () => cockroachdb.listAuditLogs({ limit: -1 }),
    ]) {
      await assert.rejects(call(), (error) => pulumi.RunError.isInstance(error));
    }
    delete process.env["COCKROACH_API_KEY"];
    await assert.rejects(cockroachdb.listClusters(), (error) => pulumi.RunError.isInstance(error));
  });

  it("are not marked so where the mistake is in this package or in its installation", async () => {
    const parent = { getProvider: () => assert.fail("broken") } as unknown as pulumi.Resource;
    await assert.rejects(
      cockroachdb.listClusters({}, { parent }),
      (error) => error instanceof assert.AssertionError && !pulumi.RunError.isInstance(error),
    );
  });
});
