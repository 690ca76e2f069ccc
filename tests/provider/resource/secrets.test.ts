// Canaries in every secret place, trouble of every kind in every operation of every resource: whatever leaves the
// provider (responses, messages, errors) reports none of them outside of what it marks as secret for the engine.

import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Fault, FaultSchedule } from "../../../emulator";
import * as allowlistEntry from "../../../provider/allowlist-entry";
import * as cluster from "../../../provider/cluster";
import * as cmekConfig from "../../../provider/cmek-config";
import * as database from "../../../provider/database";
import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { toDynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { unpack } from "../../../provider/dynamic/hidden-inputs";
import { connect } from "../../../provider/engine/configuration";
import type { Host } from "../../../provider/engine/host";
import { RunRecord } from "../../../provider/engine/run-record";
import * as maintenanceWindow from "../../../provider/maintenance-window";
import { registration } from "../../../provider/program/registration";
import { InitializationError } from "../../../provider/resource/errors";
import type { Lifecycle } from "../../../provider/resource/lifecycle";
import * as sqlUser from "../../../provider/sql-user";
import * as versionDeferral from "../../../provider/version-deferral";
import { systemClock } from "../../../sdk";
import { secretOf } from "../../contract/secrets";
import { wireCluster } from "../../sdk/client-under-test";
import { basic } from "../../support/builders";
import { awsKey, encryptable } from "../../support/cmek";
import { closeTestEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Stack } from "../../support/engine-model/stack";
import { visible } from "../../support/engine-model/values";

type Properties = Record<string, unknown>;

const apiKey = 'CANARY-key"with+odd/chars%41=$&';
const password = 'CANARY "p%41ss" <ü&密> $& \\n\nword';
const secondPassword = "CANARY-'second'-{pass}word\\u0041";

/** In any spelling that a server or a message could give it, and whatever is left of one that was cut. */
const canary = /CANARY|canary|Q0FOQVJZ|NBTkFSW|DQU5BUl/;

interface Subject {
  // biome-ignore lint/suspicious/noExplicitAny: lifecycles of every shape
  lifecycle: Lifecycle<any, any>;
  args(clusterId: string): Properties;
  /** Where the arguments hold secrets, as the class finds out. */
  places: string[][];
  /** Another value for a secret argument, in place. */
  change: Properties;
  /** Outputs that are secret after every operation. */
  secretOutputs: string[];
}

const key = (id: string) => ({
  region: "us-east-1",
  keySpec: {
    type: "AWS_KMS",
    uri: `arn:aws:kms:us-east-1:111122223333:key/CANARY-${id}`,
    authPrincipal: "arn:aws:iam::111122223333:role/CANARY-role",
  },
});

const subjects: Record<string, Subject> = {
  Cluster: {
    lifecycle: cluster.lifecycle,
    args: () => ({ name: "shop-test", ...basic(), labels: { owner: "canary-of-the-owner" } }),
    places: [["labels"]],
    change: { labels: { owner: "canary-of-another", more: "canary-too" } },
    secretOutputs: ["labels"],
  },
  SqlUser: {
    lifecycle: sqlUser.lifecycle,
    args: (clusterId) => ({
      clusterId,
      name: "app",
      password,
      keepers: { rotated: "CANARY-keeper" },
    }),
    places: [["keepers", "rotated"]],
    change: { password: secondPassword, keepers: { rotated: "CANARY-2-keeper" } },
    secretOutputs: ["password", "keepers.rotated"],
  },
  CmekConfig: {
    lifecycle: cmekConfig.lifecycle,
    args: (clusterId) => ({ clusterId, regionSpecs: [key("one")] }),
    places: [
      ["regionSpecs", "0", "keySpec", "uri"],
      ["regionSpecs", "0", "keySpec", "authPrincipal"],
    ],
    change: { regionSpecs: [key("two")] },
    secretOutputs: ["regionSpecs", "regions"],
  },
  MaintenanceWindow: {
    lifecycle: maintenanceWindow.lifecycle,
    args: (clusterId) => ({ clusterId, offsetDuration: "172800s", windowDuration: "21600s" }),
    places: [["offsetDuration"]],
    change: { offsetDuration: "86400s" },
    secretOutputs: ["offsetDuration"],
  },
  VersionDeferral: {
    lifecycle: versionDeferral.lifecycle,
    args: (clusterId) => ({ clusterId, deferralPolicy: "DEFERRAL_60_DAYS" }),
    places: [["deferralPolicy"]],
    change: { deferralPolicy: "DEFERRAL_90_DAYS" },
    secretOutputs: ["deferralPolicy"],
  },
  AllowlistEntry: {
    lifecycle: allowlistEntry.lifecycle,
    args: (clusterId) => ({
      clusterId,
      cidrIp: "203.0.113.0",
      cidrMask: 24,
      sql: true,
      ui: false,
      name: "CANARY office <&>",
    }),
    places: [["name"]],
    change: { name: "CANARY headquarters" },
    secretOutputs: ["name"],
  },
  Database: {
    lifecycle: database.lifecycle,
    args: (clusterId) => ({ clusterId, name: "shop" }),
    // Its name is in the id, which Pulumi always shows; and yet a secret output is one for ever.
    places: [["name"]],
    change: { name: "store" },
    secretOutputs: ["name"],
  },
};

/** What a careless server could say of what it was sent. */
function echoOf(args: Properties, places: readonly string[][]): string {
  const sent = [apiKey, ...textsIn(args["password"])];
  for (const path of places)
    sent.push(
      ...textsIn(
        path.reduce<unknown>((found, name) => (found as Properties | undefined)?.[name], args),
      ),
    );
  return [
    `Bearer ${apiKey} may not ${JSON.stringify(args)}`,
    ...sent.flatMap((text) => [
      text,
      encodeURIComponent(text),
      Buffer.from(text).toString("base64"),
      `${text.slice(0, 16)}…`,
    ]),
  ].join(" · ");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const statuses = [400, 401, 403, 404, 409, 429, 500];

const troubles: Record<string, (echo: string) => Fault & FaultSchedule> = {
  ...Object.fromEntries(
    statuses.map((status) => [
      `${status} that repeats everything`,
      (message: string) => ({
        status,
        message,
        headers: {
          "Cc-Trace-Id": encodeURIComponent(apiKey),
          ...(status === 429 && { "Retry-After": "120" }),
        },
      }),
    ]),
  ),
  "403 about the KMS key": (echo) => ({
    status: 403,
    message: `no permission to use the KMS key ${echo}`,
  }),
  "502 of a gateway": (echo) => ({ status: 502, body: `<html>${echo}</html>` }),
  "200 that is not JSON": (echo) => ({ notJson: echo }),
  "200 of another shape": (echo) => ({
    status: 200,
    body: { [echo]: echo, users: echo, state: echo },
  }),
  "a reset": () => ({ reset: "before-effect" }),
  "a reset after the effect": () => ({ reset: "after-effect" }),
  "half a response": () => ({ cutBody: true }),
  "no response": () => ({ hang: "before-effect" }),
};

/** All that left the provider, without what is marked as secret. */
interface Recorder {
  serve(host: () => Host): DynamicProvider;
  /** Takes what has come so far. */
  seen(): string;
}

function recorder(subject: Subject): Recorder {
  let log: string[] = [];
  return {
    serve: (host) => {
      const served = toDynamicProvider(subject.lifecycle, host) as unknown as Record<
        string,
        Method
      >;
      const methods = Object.entries(served).map(([name, method]) => [
        name,
        async (...given: unknown[]) => {
          try {
            const response = (await method(...given)) as Properties | undefined;
            // Inputs that check responses get the marks back that they had.
            const { inputs: _marked, ...rest } = response ?? {};
            log.push(`${name} returned ${shown(name === "check" ? rest : response)}`);
            assertMarked(name, response, subject);
            return response;
          } catch (error) {
            const { properties, ...others } = error as Properties;
            if (properties !== undefined) assertMarked(name, { outs: properties }, subject);
            log.push(`${name} threw ${reported(error)} ${shown(properties)} ${shown(others)}`);
            throw error;
          }
        },
      ]);
      return Object.fromEntries(methods) as DynamicProvider;
    },
    seen: () => {
      const text = log.join("\n");
      log = [];
      return text;
    },
  };
}

type Method = (...given: unknown[]) => Promise<unknown>;

const secretKey = Object.keys(secretOf(""))[0] as string;

function shown(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member) =>
      typeof member === "object" && member !== null && secretKey in member ? "[secret]" : member,
    ) ?? "nothing"
  );
}

/** Everything that a debugger, a log or an uncaught error could show of it, properties of a partial failure left out. */
function reported(error: unknown): string {
  assert.ok(error instanceof Error);
  const copy = Object.create(Object.getPrototypeOf(error), {
    ...Object.getOwnPropertyDescriptors(error),
    properties: { value: undefined, enumerable: false },
  }) as Error;
  const depth = Number.POSITIVE_INFINITY;
  const all = inspect(copy, { depth, showHidden: true, getters: true, maxStringLength: null });
  return [error.message, error.stack, String(error), all].join("\n");
}

/** Every response with outputs has each secret output in a mark. */
function assertMarked(name: string, response: Properties | undefined, subject: Subject): void {
  const outs = (response?.["outs"] ?? response?.["props"]) as Properties | undefined;
  if (outs === undefined || outs["__secrets"] === undefined) return;
  for (const path of subject.secretOutputs) {
    const value = path
      .split(".")
      .reduce<unknown>((found, key) => (found as Properties | undefined)?.[key], outs);
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (isEmpty && path !== "password") continue;
    assert.ok(shown({ value }) === '{"value":"[secret]"}', `${name}: ${path} is ${shown(value)}`);
  }
  if (outs["__inputs"] === undefined) return;
  assert.equal(shown({ value: outs["__inputs"] }), '{"value":"[secret]"}', name);
}

interface SecretLab extends Lab {
  stack(): Stack;
  recorder: Recorder;
  subject: Subject;
  program(change?: Properties): { it: Properties };
  /** For whatever is left of the first one. */
  useAnotherCluster(): void;
}

async function secretLab(subject: Subject): Promise<SecretLab> {
  const lab = await startLab({ organizations: [{ apiKeys: [{ secret: apiKey }] }] });
  let { id } = encryptable(lab.emulator, { regions: ["us-east-1"] });
  const recording = recorder(subject);
  return {
    ...lab,
    subject,
    recorder: recording,
    stack: () => lab.stack({ serve: recording.serve }),
    program: (change = {}) => ({
      it: { ...subject.args(id), ...change, __secrets: subject.places },
    }),
    useAnotherCluster: () => {
      lab.emulator.clusters.forget(id);
      ({ id } = encryptable(lab.emulator, { regions: ["us-east-1"] }));
    },
  };
}

/** Asserts that nothing has reported a canary, and returns all that was said. */
function assertSilent({ recorder: { seen } }: SecretLab, runs: readonly object[]): string {
  const said = runs.map((run) => JSON.stringify({ ...run, requests: undefined })).join("\n");
  const all = `${seen()}\n${said}`;
  const { index } = canary.exec(all) ?? {};
  assert.equal(index, undefined, all.slice(Math.max(0, (index ?? 0) - 300), (index ?? 0) + 300));
  return all;
}

describe("Secrets of the program", function () {
  this.timeout(60_000);
  afterEach(closeTestEmulators);

  for (const [type, subject] of Object.entries(subjects)) {
    describe(`of ${type}`, () => {
      it("are marked in every response of a life without trouble", async () => {
        const lab = await secretLab(subject);
        const stack = lab.stack();
        const program = lab.program();
        const changed = lab.program(subject.change);
        const runs = [
          await stack.preview(program),
          await stack.up(program),
          await stack.refresh(),
          await stack.up(changed),
          await stack.preview(program),
          await stack.refresh(),
          await stack.up(changed),
          await stack.destroy(),
        ];
        assert.deepEqual(
          runs.flatMap(({ failures }) => failures),
          [],
        );
        const said = assertSilent(lab, runs);
        assert.match(said, /create returned .*\nread returned .*/s);
        assert.match(said, /update returned .*\[secret\]/);
      });

      for (const [title, trouble] of Object.entries(troubles)) {
        it(`are reported by nothing when every response is ${title}`, async () => {
          const lab = await secretLab(subject);
          const { faults } = lab.emulator;
          const inject = (sent: Properties, schedule: FaultSchedule = {}) => {
            faults.clear();
            const fault = trouble(echoOf(sent, subject.places));
            faults.add("*", { ...fault, times: Number.POSITIVE_INFINITY, ...schedule });
          };
          const { it: args } = lab.program();
          const runs = [];

          // Trouble from the start, and in the middle of creating.
          const first = lab.stack();
          inject(args);
          runs.push(await first.up(lab.program()));
          inject(args, { nth: 2 });
          runs.push(await first.up(lab.program()));
          faults.clear();
          runs.push(await first.up(lab.program()), await first.destroy());

          // Trouble with what is there.
          const second = lab.stack();
          lab.useAnotherCluster();
          const { program } = lab;
          runs.push(await second.up(program()));
          assert.deepEqual(runs.at(-1)?.failures, []);
          const { id } = second.resource();
          inject(args);
          runs.push(await second.preview(program(subject.change)));
          runs.push(await second.refresh());
          inject({});
          const got = await readExternal(lab, subject, id);
          inject({ ...args, ...subject.change });
          runs.push(await second.up(program(subject.change)));
          inject(args);
          runs.push(await second.destroy());
          faults.clear();
          if (second.resources.size > 0) {
            runs.push(await second.refresh());
            runs.push(await second.up(program(subject.change)));
            runs.push(await second.destroy());
          }
          const said = assertSilent(lab, [...runs, { got }]);
          if ("message" in trouble("")) assert.match(said, /\[redacted\]/);
          // Where all that a resource needs of a response may be missing, nothing fails.
          if (title !== "200 of another shape") assert.match(said, / threw /);
        });
      }

      it("are reported by nothing when the run is interrupted or killed", async () => {
        const lab = await secretLab(subject);
        const runs = [];
        for (const end of [
          { interruptAfterMs: 0 },
          { interruptAfterMs: 900 },
          { killAfterMs: 5 },
        ]) {
          const stack = lab.stack();
          runs.push(await stack.up(lab.program(), end));
          runs.push(await stack.up(lab.program()));
          runs.push(await stack.up(lab.program(subject.change), end));
          runs.push(await stack.refresh());
          runs.push(await stack.destroy());
        }
        assertSilent(lab, runs);
      });

      it("are reported by no check failure, and by no value that the engine prints beside one", async () => {
        const { provider } = bare(subject.lifecycle);
        const wrong = { [subject.places[0]?.[0] ?? ""]: "CANARY ".repeat(40), surplus: password };
        const news = {
          ...subject.args("3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11"),
          password: "CANARY",
          __urn: "urn:pulumi:dev::shop::t::it",
          __secrets: [...subject.places.map(([first = ""]) => [first]), ["surplus"], ["password"]],
          ...wrong,
        };
        const { failures } = await provider.check({}, news);
        assert.ok(failures.length > 0);
        assert.doesNotMatch(JSON.stringify(failures), canary);
        // The engine looks the property up and prints its value: it finds none of these.
        for (const { property } of failures) assert.ok(!(property in news), property);
      });
    });
  }

  it("stay out of the states of a cluster that the service failed to create", async () => {
    const lab = await secretLab(subjects["Cluster"] as Subject);
    lab.emulator.faults.failNextCreation();
    const stack = lab.stack();
    const runs = [await stack.up(lab.program()), await stack.refresh()];
    assert.match(runs[0]?.failures[0] ?? "", /CREATION_FAILED/);
    runs.push(await stack.up(lab.program()), await stack.destroy());
    assertSilent(lab, runs);
  });

  it("stay secret where the service repeats the address of a key in its own words", async () => {
    const lab = await secretLab(subjects["CmekConfig"] as Subject);
    const message = `cannot use ${key("one").keySpec.uri} as ${key("one").keySpec.authPrincipal}`;
    lab.emulator.faults.failNextCmek({ message });
    lab.emulator.faults.denyKms(2);
    const stack = lab.stack();
    const runs = [await stack.up(lab.program()), await stack.refresh()];
    assert.match(runs[0]?.failures[0] ?? "", /cannot use \[redacted\] as \[redacted\]/);
    runs.push(await stack.up(lab.program()), await stack.refresh());
    assertSilent(lab, runs);
  });

  for (const [type, others] of [
    ["Cluster", { labels: { owner: "somebody" } }],
    ["CmekConfig", { regionSpecs: [awsKey("us-east-1")] }],
  ] as const) {
    it(`are reported by no import of ${type} that is refused, nor by one that succeeds`, async () => {
      const lab = await secretLab(subjects[type] as Subject);
      const maker = lab.stack();
      await maker.up(lab.program(others));
      const options = { it: { import: maker.resource().id } };
      const refused = await lab.stack().up(lab.program(), { options });
      assert.match(refused.failures[0] ?? "", /differ.*(somebody|first).*\[redacted\]/);
      await maker.up(lab.program());
      const stack = lab.stack();
      const accepted = await stack.up(lab.program(), { options });
      assert.deepEqual(accepted.failures, []);
      assertSilent(lab, [refused, accepted, await stack.refresh()]);
    });
  }
});

/** What `get` responses or throws. */
async function readExternal(lab: SecretLab, { lifecycle }: Subject, id: string): Promise<string> {
  const environment = { COCKROACH_SERVER: lab.emulator.url, COCKROACH_API_KEY: apiKey };
  const { provider } = bare(lifecycle, {
    environment,
    connect: (settings) => connect(settings, lab.time, new AbortController().signal),
    clock: lab.time,
  });
  return await provider.read(id, { __provider: "text" }).then(shown, reported);
}

interface Bare {
  provider: DynamicProvider;
  messages: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: lifecycles of every shape
function bare(lifecycle: Lifecycle<any, any>, host: Partial<Host> = {}): Bare {
  const messages: string[] = [];
  const report = async (_urn: string, _severity: string, text: string) => {
    messages.push(text);
  };
  const whole: Host = {
    environment: { COCKROACH_API_KEY: apiKey },
    connect: () => ({}) as never,
    reporter: { report },
    clock: systemClock,
    signal: new AbortController().signal,
    run: new RunRecord(),
    ...host,
  };
  return { provider: toDynamicProvider(lifecycle, () => whole), messages };
}

const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"CANARY@acme"}').toString("base64url")}.CANARY_-x`;

const credentials: [string, Record<string, string>][] = [
  ["an API key", { COCKROACH_API_KEY: apiKey }],
  ["a JWT", { COCKROACH_API_JWT: jwt, COCKROACH_VANITY_NAME: "acme" }],
];

for (const [credential, environment] of credentials) {
  describe(`A generated password, and ${credential}`, () => {
    it("are in no message when the server repeats whatever it is sent", async () => {
      const sent: string[] = [];
      const server = createServer((request, response) => {
        let body = "";
        request.on("data", (data: Buffer) => {
          body += data;
        });
        request.on("end", () => {
          if (request.method === "GET") {
            const isList = request.url?.includes("sql-users");
            response.end(JSON.stringify(isList ? { users: [], pagination: {} } : wireCluster));
            return;
          }
          sent.push(JSON.parse(body).password);
          const message = `${request.headers.authorization} cannot ${body} nor ${sent[0]}`;
          response.writeHead(400, { "Cc-Trace-Id": String(sent[0]) });
          response.end(JSON.stringify({ code: 3, message }));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const { signal } = new AbortController();
      const { provider, messages } = bare(sqlUser.lifecycle, {
        environment: { ...environment, COCKROACH_SERVER: `http://127.0.0.1:${port}` },
        connect: (settings) => connect(settings, systemClock, signal),
      });
      const news = { clusterId: wireCluster.id, name: "app" };
      const error = await provider.create(news).then(
        () => assert.fail("it was created"),
        (thrown: unknown) => thrown,
      );
      await new Promise((resolve) => server.close(resolve));
      assert.equal(sent.length, 1);
      assert.equal(sent[0]?.length, 32);
      const all = reported(error) + messages.join();
      assert.match(
        all,
        /400 Bearer \[redacted\] cannot \{"name":"app","password":"\[redacted\]"\}/,
      );
      for (const text of [sent[0] as string, sent[0]?.slice(4, 20) as string]) {
        assert.ok(!all.includes(text), all);
      }
      assert.doesNotMatch(all, canary);
    });
  });
}

describe("An argument that the program made secret", () => {
  const urn = "urn:pulumi:dev::shop::t::it";
  const news = (labels: unknown, secrets?: string[][]) => ({
    __provider: "text",
    __urn: urn,
    ...(labels === undefined ? {} : { labels }),
    ...(secrets && { __secrets: secrets }),
  });
  const old = { team: "CANARY-payments-team" };
  const stored = { ...news(old, [["labels"]]), __inputs: { labels: old } };

  function thing(over: Partial<Lifecycle<Properties, Properties>> = {}): DynamicProvider {
    return bare({
      kind: "thing",
      check: () => ({ failures: [], notes: [] }),
      diff: () => ({ updates: [], replaces: [], deleteBeforeReplace: false, notes: [] }),
      create: async (inputs) => ({ id: "1", outs: inputs }),
      read: async (_id, { state, inputs }) => ({ state, inputs }),
      update: async (_id, { state }, asked) => ({ ...state, ...asked }),
      delete: async () => {},
      ...over,
    }).provider;
  }

  it("stays a secret output when the program leaves it out", async () => {
    const { outs } = await thing().update("1", stored, news(undefined));
    assert.deepEqual(visible(outs), { labels: secretOf(old) });
    assert.deepEqual(outs["__secrets"], [["labels"]]);
  });

  it("is none any more when the program says it in plain", async () => {
    const { outs } = await thing().update("1", stored, news({ team: "CANARY-payments-team" }));
    assert.deepEqual(visible(outs), { labels: { team: "CANARY-payments-team" } });
    assert.equal(outs["__secrets"], undefined);
  });

  it("stays a secret output when the update to a plain one fails half-way", async () => {
    const provider = thing({
      update: async () => {
        const outs = { labels: old, other: { deep: "has CANARY-payments-team in it" } };
        throw new InitializationError("CANARY-payments-team is locked", {
          id: "1",
          outs,
          cause: 0,
        });
      },
    });
    const error = await provider.update("1", stored, news({ team: "open" })).then(
      () => assert.fail("it was updated"),
      (thrown: Properties) => thrown,
    );
    const { labels, other, __secrets } = error["properties"] as Properties;
    assert.deepEqual(labels, secretOf(old));
    assert.deepEqual(other, { deep: secretOf("has CANARY-payments-team in it") });
    assert.deepEqual(__secrets, [["labels"]]);
    assert.deepEqual(error["reasons"], ["[redacted] is locked"]);
  });

  it("is a secret in the inputs that a refresh responses", async () => {
    const response = await thing().read("1", stored);
    assert.deepEqual(response.inputs?.["labels"], secretOf(old));
    assert.deepEqual(response.props?.["labels"], secretOf(old));
  });

  it("is noted by the class as a place, however deep, and reports nothing", async () => {
    const { secret, output } = pulumi;
    const args = {
      clusterId: secret("an id is never secret"),
      password: secret("CANARY"),
      plain: { a: [1, output("x")], b: null },
      labels: secret({ team: "CANARY" }),
      mixed: output({ a: secret("CANARY"), b: "plain" }),
      nested: { list: ["plain", { deep: secret("CANARY") }] },
      later: Promise.resolve({ inner: secret(7) }),
      never: undefined,
    };
    const [, , properties] = registration(
      { type: "SqlUser", outputs: [], secrets: ["password"] },
      "it",
      args,
      {},
    );
    const places = await unpack(properties)["__secrets"];
    assert.deepEqual(places, [
      ["labels"],
      ["mixed"],
      ["nested", "list", "1", "deep"],
      ["later", "inner"],
    ]);
    const [, , none] = registration(
      { type: "SqlUser", outputs: [] },
      "it",
      { plain: output(1), failing: Promise.reject(new Error("of the argument")) },
      {},
    );
    await assert.rejects(none["failing"] as Promise<unknown>, /of the argument/);
    assert.equal(await unpack(none)["__secrets"], undefined);
  });
});
