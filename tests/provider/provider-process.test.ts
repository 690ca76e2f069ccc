import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { engineAddress, interrupted } from "../../provider/host-process";
import { durationText, engineReporter, silentReporter } from "../../provider/progress";
import { asSecret, storable } from "../../provider/state-values";

const repository = join(__dirname, "..", "..");

describe("Provider process", () => {
  describe("is told", () => {
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
        require.resolve("ts-node/register/transpile-only"),
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
      const { watchForTheEnd, interrupted } = require(${JSON.stringify(join(repository, "provider", "host-process"))});
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

    it("ends at once by SIGTERM", async () => {
      const out = await run(`${watching}
        async function go() {
          process.on("exit", (code) => console.log("exit", code));
          process.kill(process.pid, "SIGTERM");
        }`);
      assert.equal(out, "exit 0\n");
    });
  });
});

describe("Progress", () => {
  const texts: [number, string][] = [
    [0, "0 s"],
    [1_499, "1 s"],
    [45_000, "45 s"],
    [99_000, "99 s"],
    [100_000, "2 min"],
    [240_000, "4 min"],
    [25 * 60_000, "25 min"],
    [99 * 60_000, "99 min"],
    [100 * 60_000, "1 h 40 min"],
    [120 * 60_000, "2 h"],
    [125 * 60_000, "2 h 5 min"],
  ];
  for (const [ms, text] of texts) {
    it(`writes ${ms} ms as ${text}`, () => assert.equal(durationText(ms), text));
  }

  it("reaches the engine's log service with the resource it is about, and lasts or not", async () => {
    const logged: object[] = [];
    const server = new Server();
    server.addService(EngineService as never, {
      log: (
        call: { request: { toObject(): object } },
        done: (error: null, empty: Empty) => void,
      ) => {
        logged.push(call.request.toObject());
        done(null, new Empty());
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const reporter = engineReporter(`127.0.0.1:${port}`);
    await reporter.report("urn:1", "info", "CREATING", { ephemeral: true });
    await reporter.report("urn:2", "warning", "replaced");
    server.forceShutdown();
    await reporter.report("urn:3", "info", "nobody hears this, and nothing fails");
    assert.deepEqual(logged, [
      { severity: 1, message: "CREATING", urn: "urn:1", streamid: 0, ephemeral: true },
      { severity: 2, message: "replaced", urn: "urn:2", streamid: 0, ephemeral: false },
    ]);
  });

  it("goes nowhere where there is no engine", async () => {
    assert.equal(await silentReporter.report("urn", "info", "text"), undefined);
  });
});

describe("State values", () => {
  it("lose undefined at any depth, and nothing else", () => {
    assert.deepEqual(
      storable({
        a: undefined,
        b: [1, undefined, { c: undefined, d: null }],
        e: "",
        f: 0,
        g: false,
      }),
      { b: [1, { d: null }], e: "", f: 0, g: false },
    );
  });

  it("are copies", () => {
    const value = { a: { b: [1] } };
    const copy = storable(value);
    assert.notEqual(copy.a.b, value.a.b);
  });

  const refused: [string, unknown, RegExp][] = [
    [
      "NaN",
      { a: [Number.NaN] },
      /^cluster\.a\[0\] cannot be kept in the stack's state: it is a number \(NaN\)/,
    ],
    ["infinity", { a: Number.NEGATIVE_INFINITY }, /cluster\.a .* a number \(-Infinity\)/],
    ["bigint", { a: 1n }, /a bigint/],
    ["a function", { a: () => 1 }, /a function/],
    ["a date", { a: new Date(0) }, /a Date/],
    ["a map", { a: new Map() }, /a Map/],
    ["a symbol", { a: Symbol("s") }, /a symbol/],
  ];
  for (const [what, value, message] of refused) {
    it(`refuse ${what}, which JSON would lose`, () => {
      assert.throws(() => storable(value, "cluster"), { name: "TypeError", message });
    });
  }

  it("are wrapped as the engine wraps secrets", () => {
    assert.deepEqual(asSecret("x"), {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "x",
    });
  });
});
