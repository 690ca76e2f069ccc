import { strict as assert } from "node:assert";
import { createRequire } from "node:module";
import { engineReporter } from "../../../provider/dynamic/engine-reporter";
import {
  onItsLine,
  showProgress,
  showWait,
  silentReporter,
} from "../../../provider/engine/status-line";
import type { RequestWait } from "../../../sdk";
import { ConnectionError } from "../../../sdk";

// Pulumi's own copies: its classes of messages are checked against them.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js");
const { EngineService } = fromPulumi("./proto/engine_grpc_pb");
const { LogSeverity } = fromPulumi("./proto/engine_pb");
const { Empty } = fromPulumi("google-protobuf/google/protobuf/empty_pb");

interface LogCall {
  request: {
    getUrn(): string;
    getSeverity(): number;
    getMessage(): string;
    getEphemeral(): boolean;
  };
}

/** An engine that only has a log, and takes note of what comes in. */
async function startEngine(response: (callback: (error: unknown, value: unknown) => void) => void) {
  const logged: unknown[][] = [];
  const server = new grpc.Server();
  const others = Object.keys(EngineService).map((name) => [name, () => undefined]);
  server.addService(EngineService, {
    ...Object.fromEntries(others),
    log: ({ request }: LogCall, callback: (error: unknown, value: unknown) => void) => {
      logged.push([
        request.getUrn(),
        request.getSeverity(),
        request.getMessage(),
        request.getEphemeral(),
      ]);
      response(callback);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound)),
    ),
  );
  return { logged, address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

describe("Progress", () => {
  it("reaches the engine with the line it belongs to", async () => {
    const engine = await startEngine((callback) => callback(null, new Empty()));
    const reporter = engineReporter(engine.address);
    await reporter.report("urn:1", "info", "working", { ephemeral: true });
    await reporter.report("urn:1", "info", "done");
    await reporter.report("urn:2", "warning", "careful", {});
    engine.stop();
    assert.deepEqual(engine.logged, [
      ["urn:1", LogSeverity.INFO, "working", true],
      ["urn:1", LogSeverity.INFO, "done", false],
      ["urn:2", LogSeverity.WARNING, "careful", false],
    ]);
  });

  it("that the engine does not take, or does not respond, fails nothing", async () => {
    const refusing = await startEngine((callback) =>
      callback({ code: grpc.status.INTERNAL, details: "no" }, null),
    );
    await engineReporter(refusing.address).report("urn:1", "info", "working");
    refusing.stop();
    const hanging = await startEngine(() => undefined);
    await engineReporter(hanging.address).report("urn:1", "info", "working");
    hanging.stop();
    assert.equal(refusing.logged.length + hanging.logged.length, 2);
    await silentReporter.report("urn:1", "info", "working");
  });

  describe("of an operation", () => {
    /** What stands on the line after these were shown. */
    async function lineOf(work: () => unknown): Promise<string[]> {
      const shown: string[] = [];
      await onItsLine(
        async (text) => void shown.push(text),
        async () => await work(),
      );
      return shown;
    }

    it("says what it does, for how long it has, and how long that usually takes", async () => {
      assert.deepEqual(await lineOf(() => showProgress("CREATING")), ["CREATING"]);
      assert.deepEqual(await lineOf(() => showProgress("CREATING", 0, "20 to 30 min")), [
        "CREATING · 0 s · usually 20 to 30 min",
      ]);
    });

    it("ends with what it came to, where something was waited for", async () => {
      const endOf = async (work: () => Promise<void>) => {
        const shown: string[] = [];
        await onItsLine(
          async (text) => void shown.push(text),
          work,
          () => "CREATED",
        );
        return shown;
      };
      assert.deepEqual(await endOf(() => showProgress("CREATING", 4_000)), [
        "CREATING · 4 s",
        "CREATED",
      ]);
      assert.deepEqual(await endOf(() => showProgress("CREATED", 4_000)), ["CREATED · 4 s"]);
      assert.deepEqual(await endOf(async () => {}), []);
    });

    it("is news when the activity is another one, or the time has doubled", async () => {
      const shown = await lineOf(async () => {
        for (const seconds of [10, 15, 19, 20, 39, 40])
          await showProgress("scaling", seconds * 1_000);
        await showProgress("resting", 41_000);
      });
      assert.deepEqual(shown, [
        "scaling · 10 s",
        "scaling · 20 s",
        "scaling · 40 s",
        "resting · 41 s",
      ]);
    });

    it("is not shown where no operation is running", async () => {
      await showProgress("CREATING");
      showWait({ reason: "throttled", ms: 60_000 });
    });

    it("reports waits for the rate limit from five seconds on, and of no repeated request", async () => {
      const waits = (reason: RequestWait["reason"], ms: number) =>
        lineOf(() => showWait({ reason, ms }));
      assert.deepEqual(await waits("throttled", 5_000), [
        "waiting for the rate limit of this credential · about 5 s",
      ]);
      assert.deepEqual(await waits("throttled", 4_999), []);
      assert.deepEqual(await waits("transient", 60_000), []);
    });

    it("reports a connection that is not there after some seconds", async () => {
      const error = new ConnectionError({
        method: "GET",
        path: "/",
        operation: "Listing clusters",
        object: "clusters",
        reason: "no connection to http://10.0.0.1:80: connect ECONNREFUSED 10.0.0.1:80",
        effect: "none",
        isRetryable: true,
      });
      const waits = (ms: number) => lineOf(() => showWait({ reason: "transient", ms, error }));
      assert.deepEqual(await waits(1_999), []);
      assert.deepEqual(await waits(2_000), [`retrying for up to 2 min · ${error.message}`]);
    });
  });
});
