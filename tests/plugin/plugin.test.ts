// What the engine asks of the plugin beside the operations of a resource, and what its previews show.

import { strict as assert } from "node:assert";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { connect } from "../../provider/engine/configuration";
import type { Host } from "../../provider/engine/host";
import { RunRecord } from "../../provider/engine/run-record";
import { silentReporter } from "../../provider/engine/status-line";
import { unknownValue } from "../../provider/values/unknown";
import { systemClock } from "../../sdk";
import { basic } from "../support/builders";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { PluginInProcess } from "../support/plugin-door";

type Properties = Record<string, unknown>;

const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const secret = (value: unknown) => ({ ...secretMark, value });
const urnOf = (type: string, name: string) =>
  `urn:pulumi:dev::shop::cockroachdb-cloud:index:${type}::${name}`;

const { DiffChanges } = proto.DiffResponse;

function struct(values: Properties): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

function pluginOn(emulator?: TestEmulator, environment: Record<string, string> = {}) {
  const interruption = new AbortController();
  const host: Host = {
    environment: {
      ...(emulator && { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: emulator.apiKey }),
      ...environment,
    },
    connect: (settings) => connect(settings, systemClock, interruption.signal),
    reporter: silentReporter,
    clock: systemClock,
    signal: interruption.signal,
    run: new RunRecord(),
  };
  return new PluginInProcess(host);
}

describe("The provider plugin", () => {
  checkEmulators();

  it("takes secrets, previews writes, and serves the schema of the package", async () => {
    const plugin = pluginOn();
    const handshake = await plugin.call(
      "handshake",
      new proto.ProviderHandshakeRequest(),
      proto.ProviderHandshakeResponse,
    );
    assert.equal(handshake.getAcceptSecrets(), true);
    const configured = await plugin.call(
      "configure",
      new proto.ConfigureRequest(),
      proto.ConfigureResponse,
    );
    assert.deepEqual(
      [configured.getAcceptsecrets(), configured.getSupportspreview()],
      [true, true],
    );
    const schema = await plugin.call(
      "getSchema",
      new proto.GetSchemaRequest(),
      proto.GetSchemaResponse,
    );
    assert.equal(JSON.parse(schema.getSchema()).name, "cockroachdb-cloud");
  });

  const checkConfig = async (news: Properties) => {
    const request = new proto.CheckRequest();
    request.setNews(struct(news));
    const response = await pluginOn().call("checkConfig", request, proto.CheckResponse);
    const failures = response
      .getFailuresList()
      .map((failure) => [failure.getProperty(), failure.getReason()]);
    return { failures, inputs: response.getInputs()?.toJavaScript() };
  };

  it("refuses a misspelt argument of a provider with its name, and keeps the key secret", async () => {
    const misspelt = await checkConfig({ apikey: "k", version: "0.1.0" });
    assert.deepEqual(misspelt.failures, [
      ["apikey[…]", "is not an argument here. Did you mean apiKey?"],
    ]);
    const { failures, inputs } = await checkConfig({ apiKey: "k", serverUrl: "http://x" });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { apiKey: secret("k"), serverUrl: "http://x" });
  });

  it("replaces nothing because of another key", async () => {
    const request = new proto.DiffRequest();
    request.setOldInputs(struct({ apiKey: "one" }));
    request.setNews(struct({ apiKey: "two" }));
    const response = await pluginOn().call("diffConfig", request, proto.DiffResponse);
    assert.equal(response.getChanges(), DiffChanges.DIFF_SOME);
    assert.deepEqual(response.getDiffsList(), ["apiKey"]);
    assert.deepEqual(response.getReplacesList(), []);
  });

  const invoke = async (plugin: PluginInProcess, name: string, args: Properties) => {
    const request = new proto.InvokeRequest();
    request.setTok(`cockroachdb-cloud:index:${name}`);
    request.setArgs(struct(args));
    const response = await plugin.call("invoke", request, proto.InvokeResponse);
    const failures = response.getFailuresList().map((failure) => failure.getReason());
    return { failures, result: response.getReturn()?.toJavaScript() ?? {} };
  };

  const configured = async (plugin: PluginInProcess, name: string, args: Properties) => {
    const request = new proto.ConfigureRequest();
    request.setUrn(`urn:pulumi:dev::shop::pulumi:providers:cockroachdb-cloud::${name}`);
    request.setArgs(struct(args));
    await plugin.call("configure", request, proto.ConfigureResponse);
    return plugin;
  };

  it("takes an explicit provider's arguments before the environment, and the stack's configuration after it", async () => {
    const emulator = await startTestEmulator();
    const right = { apiKey: secret(emulator.apiKey), serverUrl: emulator.url };
    const wrong = { COCKROACH_API_KEY: "CCDB1_wrong_wrong" };
    const explicit = await configured(pluginOn(undefined, wrong), "second", right);
    assert.deepEqual((await invoke(explicit, "listClusters", {})).result, { clusters: [] });
    const ofStack = await configured(pluginOn(undefined, wrong), "default_0_1_0", right);
    await assert.rejects(invoke(ofStack, "listClusters", {}), /401 invalid API key/);
    const server = "default_https_/example.com/releases";
    const fromServer = await configured(pluginOn(undefined, wrong), server, right);
    await assert.rejects(invoke(fromServer, "listClusters", {}), /401 invalid API key/);
    for (const name of ["default_eu", "eu::default"]) {
      const ofUser = await configured(pluginOn(undefined, wrong), name, right);
      assert.deepEqual((await invoke(ofUser, "listClusters", {})).result, { clusters: [] }, name);
    }
    const without = await configured(pluginOn(), "default", {});
    await assert.rejects(invoke(without, "listClusters", {}), /There is no API key/);
  });

  it("acts as the one of a JWT's several identities whom username names", async () => {
    const emulator = await startTestEmulator({ organizations: [{ vanityName: "acme" }] });
    const [account] = emulator.serviceAccounts.list();
    const id = emulator.jwtIssuers.add({ issuer_url: "https://idp.example.com", audience: "ci" });
    const several = [account?.id ?? "", emulator.serviceAccounts.add("other")];
    const apiJwt = secret(emulator.jwtIssuers.sign(id, { sub: several }));
    const args = { apiJwt, vanityName: "acme", serverUrl: emulator.url };
    const unnamed = await configured(pluginOn(), "ambiguous", args);
    await assert.rejects(invoke(unnamed, "listClusters", {}), /with a username where/);
    const named = await configured(pluginOn(), "first", { ...args, username: several[0] });
    assert.deepEqual((await invoke(named, "listClusters", {})).result, { clusters: [] });
    const { result } = await invoke(named, "getCallerIdentity", {});
    assert.equal(result["serviceAccountId"], several[0]);
  });

  it("invokes functions: an object as it is, a list under its name, and a connection as a secret", async () => {
    const emulator = await startTestEmulator();
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    const plugin = pluginOn(emulator);
    assert.equal((await invoke(plugin, "getCluster", { id })).result["name"], "orders");
    const { result } = await invoke(plugin, "listSqlUsers", { clusterId: id });
    assert.deepEqual(result, { sqlUsers: [] });
    const args = { clusterId: id, user: "app", password: secret("a long password") };
    const connection = (await invoke(plugin, "getConnection", args)).result;
    assert.match(String((connection["url"] as { value: string }).value), /^postgresql:\/\/app:/);
    for (const value of Object.values(connection)) assert.ok("value" in (value as object));
  });

  it("reports what a function cannot do: wrong arguments as failures, and a token that there is not", async () => {
    const plugin = pluginOn(await startTestEmulator());
    const { failures } = await invoke(plugin, "getCluster", {});
    assert.deepEqual(failures, ["getCluster needs either id or name, and not both."]);
    for (const [name, args, reason] of [
      [
        "getFolder",
        { id: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11", pathh: "x" },
        /Did you mean path/,
      ],
      ["getFolder", { name: "payments" }, /^name is not an argument .* It takes id, path[.]$/],
      ["listClusters", { showInactiv: true }, /^showInactiv is not an argument/],
      ["getOrganization", { label: "x" }, /It takes none[.]$/],
    ] as const) {
      assert.match((await invoke(plugin, name, args)).failures.join(), reason);
    }
    const password = secret("a long password");
    const wishes = [{ client: "odbc" }, { via: "by sea" }, { user: "" }, { clusterId: "" }];
    for (const wish of wishes) {
      const args = { clusterId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11", user: "app", password };
      const refused = await invoke(plugin, "getConnection", { ...args, ...wish });
      const [name = ""] = Object.keys(wish);
      assert.deepEqual(
        refused.failures.map((reason) => reason.includes(name)),
        [true],
      );
    }
    await assert.rejects(
      invoke(plugin, "getNothing", {}),
      /has no function cockroachdb-cloud:index:getNothing/,
    );
  });

  const diff = async (type: string, state: Properties, asked: Properties, news: Properties) => {
    const request = new proto.DiffRequest();
    request.setUrn(urnOf(type, "it"));
    request.setId("3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11");
    request.setOlds(struct({ stateEntry: {}, ...state }));
    request.setOldInputs(struct(asked));
    request.setNews(struct(news));
    const response = await pluginOn().call("diff", request, proto.DiffResponse);
    const kinds = Object.entries(proto.PropertyDiff.Kind);
    const detailed: [string, string | undefined][] = [];
    response.getDetaileddiffMap().forEach((difference: proto.PropertyDiff, path: string) => {
      const kind = kinds.find(([, value]) => value === difference.getKind());
      detailed.push([path, kind?.[0]]);
    });
    return { response, detailed: Object.fromEntries(detailed) };
  };

  it("says of each property what its change does, and that a name is used again only after a deletion", async () => {
    const state = { clusterId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11", name: "app", password: "p" };
    const asked = { clusterId: state.clusterId, name: "app" };
    const renamed = await diff("SqlUser", state, asked, {
      ...asked,
      name: "web",
      password: "another password",
    });
    assert.deepEqual(renamed.detailed, { name: "UPDATE_REPLACE", password: "ADD" });
    assert.equal(renamed.response.getDeletebeforereplace(), true);
    const unknown = await diff("SqlUser", state, asked, { ...asked, clusterId: unknownValue });
    assert.deepEqual(unknown.detailed, { clusterId: "UPDATE_REPLACE" });
  });

  it("takes the whole name of a resource for the name of what it is, as the classes do", async () => {
    const request = new proto.CheckRequest();
    request.setUrn(urnOf("SqlUser", "team::app"));
    request.setNews(struct({ clusterId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11" }));
    const response = await pluginOn().call("check", request, proto.CheckResponse);
    const [failure] = response.getFailuresList();
    assert.equal(failure?.getProperty(), "name");
    assert.match(failure?.getReason() ?? "", /not be the string "team::app"/);
  });

  it("previews a creation with what the program says, and the rest unknown, secrets as secrets", async () => {
    const request = new proto.CreateRequest();
    request.setUrn(urnOf("SqlUser", "app"));
    request.setProperties(struct({ clusterId: unknownValue, name: "app" }));
    request.setPreview(true);
    const response = await pluginOn().call("create", request, proto.CreateResponse);
    assert.equal(response.getId(), "");
    assert.deepEqual(response.getProperties()?.toJavaScript(), {
      clusterId: unknownValue,
      name: "app",
      password: secret(unknownValue),
    });
  });

  it("previews an update with the outputs that stay", async () => {
    const emulator = await startTestEmulator();
    const args = basic({ name: "orders" });
    const create = new proto.CreateRequest();
    create.setUrn(urnOf("Cluster", "orders"));
    create.setProperties(struct(args));
    const plugin = pluginOn(emulator);
    const created = await plugin.call("create", create, proto.CreateResponse);
    const request = new proto.UpdateRequest();
    request.setUrn(urnOf("Cluster", "orders"));
    request.setId(created.getId());
    request.setOlds(created.getProperties());
    request.setOldInputs(struct(args));
    request.setNews(struct({ ...args, labels: { team: "b" } }));
    request.setPreview(true);
    const before = emulator.requests.length;
    const response = await plugin.call("update", request, proto.UpdateResponse);
    const outputs: Properties = created.getProperties()?.toJavaScript() ?? {};
    const expected: Properties = response.getProperties()?.toJavaScript() ?? {};
    assert.deepEqual(expected["labels"], { team: "b" });
    assert.equal(expected["sqlDns"], outputs["sqlDns"]);
    assert.deepEqual(expected["regions"], outputs["regions"]);
    assert.equal(emulator.requests.length, before);
  });

  it("previews a password that changed keepers renew as unknown, and as it is where they stay", async () => {
    const args = { clusterId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11", name: "app" };
    const asked = { ...args, keepers: { rotated: "2026-06" } };
    const request = new proto.UpdateRequest();
    request.setUrn(urnOf("SqlUser", "app"));
    request.setId(`${args.clusterId}:app`);
    request.setOlds(struct({ ...asked, password: secret("the generated one"), stateEntry: {} }));
    request.setOldInputs(struct(asked));
    request.setPreview(true);
    const passwordWith = async (news: Properties) => {
      request.setNews(struct({ ...args, ...news }));
      const response = await pluginOn().call("update", request, proto.UpdateResponse);
      return response.getProperties()?.toJavaScript()["password"];
    };
    const [kept, renewed] = [asked.keepers, { rotated: "2026-07" }];
    assert.deepEqual(await passwordWith({ keepers: kept }), secret("the generated one"));
    assert.deepEqual(await passwordWith({ keepers: renewed }), secret(unknownValue));
    assert.deepEqual(await passwordWith({}), secret(unknownValue));
    const given = { keepers: renewed, password: "one of the program" };
    assert.deepEqual(await passwordWith(given), secret("one of the program"));
  });

  it("names a type that it does not serve", async () => {
    const request = new proto.CheckRequest();
    request.setUrn(urnOf("Galaxy", "it"));
    await assert.rejects(
      pluginOn().call("check", request, proto.CheckResponse),
      /has no resource of the type cockroachdb-cloud:index:Galaxy/,
    );
  });
});
