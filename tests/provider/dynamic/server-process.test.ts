import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineAddress, watchForTheEnd } from "../../../provider/dynamic/server-process";
import { interrupted } from "../../../provider/engine/interruption";

const repository = join(__dirname, "..", "..", "..");

describe("Provider process", () => {
  describe("is reported", () => {
    const addresses: [string, string[], string | undefined][] = [
      [
        "by its script",
        ["node", "/app/node_modules/@pulumi/pulumi/cmd/dynamic-provider", "127.0.0.1:1"],
        "127.0.0.1:1",
      ],
      [
        "by the file in it",
        ["node", "/app/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js", "127.0.0.1:1"],
        "127.0.0.1:1",
      ],
      [
        "on Windows",
        [
          "node",
          "C:\\app\\node_modules\\@pulumi\\pulumi\\cmd\\dynamic-provider\\index.js",
          "127.0.0.1:1",
        ],
        "127.0.0.1:1",
      ],
      [
        "from the program",
        ["node", "/app/node_modules/@pulumi/pulumi/cmd/run/index.js", "--engine", "127.0.0.1:1"],
        undefined,
      ],
      ["from a test", ["node", "/app/node_modules/.bin/mocha"], undefined],
      [
        "from a folder with a like name",
        ["node", "/cmd/dynamic-provider-2/index.js", "x"],
        undefined,
      ],
      ["from a shell", ["node"], undefined],
    ];
    for (const [what, argv, address] of addresses) {
      it(what, () => assert.equal(engineAddress(argv), address));
    }
  });

  it("lets any number of operations listen for the interruption without a warning", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const done = new AbortController();
    setMaxListeners(0, done.signal);
    for (let count = 0; count < 30; count++) {
      interrupted.addEventListener("abort", () => {}, { signal: done.signal });
    }
    await new Promise((resolve) => setImmediate(resolve));
    done.abort();
    process.off("warning", note);
    assert.deepEqual(warnings.filter(({ message }) => /abort listeners/.test(message)).length, 0);
  });

  describe("watching for the end", () => {
    const folder = mkdtempSync(join(tmpdir(), "provider-process-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs a script as if it were Pulumi's dynamic server; standard input ends when it is done. */
    async function run(body: string): Promise<string> {
      const script = join(folder, "cmd", "dynamic-provider", "index.js");
      mkdirSync(join(script, ".."), { recursive: true });
      writeFileSync(script, body);
      const running = promisify(execFile)(process.execPath, [
        "-r",
        join(__dirname, "..", "..", "..", "scripts", "compile-cache.cjs"),
        script,
        "127.0.0.1:1",
      ]);
      running.child.stdout?.on("data", (text: string) => {
        if (text.includes("close my input")) running.child.stdin?.end();
      });
      return (await running).stdout;
    }

    const watching = `
      const http2 = require("node:http2");
      const { watchForTheEnd } = require(${JSON.stringify(join(repository, "provider", "dynamic", "server-process"))});
      const { interrupted } = require(${JSON.stringify(join(repository, "provider", "engine", "interruption"))});
      const server = http2.createServer((request, response) => response.end());
      server.listen(0, "127.0.0.1", () => {
        watchForTheEnd();
        watchForTheEnd();
        const session = http2.connect("http://127.0.0.1:" + server.address().port);
        const call = (path) => new Promise((resolve) => {
          const stream = session.request({ ":method": "POST", ":path": path });
          stream.on("end", resolve).resume().end();
        });
        go(call, session);
      });`;

    it("hears Cancel, and nothing else, from the server of the plugin", async () => {
      const out = await run(`${watching}
        async function go(call) {
          await call("/pulumirpc.ResourceProvider/Create");
          console.log("after Create", interrupted.aborted);
          await call("/pulumirpc.ResourceProvider/Cancel");
          console.log("after Cancel", interrupted.aborted);
          process.exit();
        }`);
      assert.equal(out, "after Create false\nafter Cancel true\n");
    });

    it("ends with its standard input, whatever is still going on", async () => {
      const out = await run(`${watching}
        async function go() {
          setInterval(() => {}, 1000);
          console.log("close my input");
        }`);
      assert.equal(out, "close my input\n");
    });

    it("ends so also where Node does not show its servers", async () => {
      const out = await run(`process._getActiveHandles = undefined;${watching}
        async function go() {
          setInterval(() => {}, 1000);
          console.log("close my input");
        }`);
      assert.equal(out, "close my input\n");
    });

    it("is nothing in another process", () => {
      const listeners = () => ["SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal));
      const before = listeners();
      watchForTheEnd();
      assert.deepEqual(listeners(), before);
    });

    it("ends at once by SIGTERM", async () => {
      const out = await run(`${watching}
        async function go() {
          console.log("listeners", process.listenerCount("SIGTERM"));
          process.on("exit", (code) => console.log("exit", code));
          process.kill(process.pid, "SIGTERM");
        }`);
      assert.equal(out, "listeners 1\nexit 0\n");
    });
  });
});
