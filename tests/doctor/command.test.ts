import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDoctor } from "../../doctor/command";
import type { CommandResult, RunPulumi } from "../../doctor/pulumi-cli";
import { pulumiOnPath } from "../../doctor/pulumi-cli";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import type { Said } from "../support/subcommand";
import { saidBy } from "../support/subcommand";
import type { Contents, Exported } from "./exported-state";
import { cluster, exported, fullName, markOf, part } from "./exported-state";

const basicSpec = { plan: "BASIC" as const, serverless: { regions: ["us-central1"] } };

/** A Pulumi CLI with one stack, which notes what it was asked. */
interface FakeCli {
  readonly run: RunPulumi;
  readonly asked: string[];
}

function cli(outputs: Readonly<Record<string, string | { fails: string }>>): FakeCli {
  const asked: string[] = [];
  const run: RunPulumi = async (args): Promise<CommandResult> => {
    const line = args.join(" ");
    asked.push(line);
    const output = outputs[line];
    assert.ok(output !== undefined, `unexpected command: ${line}`);
    return typeof output === "string"
      ? { code: 0, stdout: output, stderr: "" }
      : { code: 255, stdout: "", stderr: `error: ${output.fails}\n` };
  };
  return { run, asked };
}

const showName = "stack --show-name --fully-qualify-stack-names";

describe("The subcommand doctor", () => {
  checkEmulators();

  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function fileOf(contents: Contents | string): string {
    const file = join(folder, "state.json");
    writeFileSync(file, typeof contents === "string" ? contents : exported(contents));
    return file;
  }

  const doctor = async (
    args: readonly string[],
    environment: Record<string, string> = {},
    pulumi: RunPulumi = cli({}).run,
  ): Promise<Said> =>
    await saidBy((output, clock) => runDoctor(args, output, { environment, pulumi, clock }));

  const environmentOf = ({ url, apiKey }: TestEmulator) => ({
    COCKROACH_SERVER: url,
    COCKROACH_API_KEY: apiKey,
  });

  /** Runs on an exported state, with the key in the environment. */
  const onFile = async (emulator: TestEmulator, contents: Contents, ...more: string[]) =>
    await doctor(
      ["--state", fileOf(contents), "--stack", fullName, ...more],
      environmentOf(emulator),
    );

  const made = (emulator: TestEmulator, name: string) =>
    emulator.clusters.create({ name, provider: "GCP", spec: basicSpec });

  const clusterAndParts = ["ListAllowlistEntries", "ListClusters", "ListDatabases", "ListSQLUsers"];
  const operations = ({ requests }: TestEmulator) =>
    requests.map(({ operation }) => operation).sort();

  describe("requests from the API", () => {
    it("sends one list of clusters, one read of each cluster it omits, and one list of each type", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      const ghosts = [1, 2].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);
      await onFile(emulator, {
        resources: [
          cluster("orders", id),
          ...["a", "b", "c"].map((name) => part("SqlUser", name, `${id}:${name}`)),
          ...["a", "b", "c"].map((name) => part("Database", name, `${id}:${name}`)),
          part("AllowlistEntry", "net", `${id}:10.0.0.0/8`),
          part("VersionDeferral", "deferral", id),
          ...ghosts.map((ghost, index) => cluster(`ghost-${index}`, ghost)),
          part("SqlUser", "of-a-ghost", `${ghosts[0]}:app`),
        ],
      });
      assert.deepEqual(operations(emulator), [
        "GetCluster",
        "GetCluster",
        "GetClusterVersionDeferral",
        "ListAllowlistEntries",
        "ListClusters",
        "ListDatabases",
        "ListSQLUsers",
      ]);
    });

    it("lists only clusters when the state is empty", async () => {
      const emulator = await startTestEmulator();
      const { code, out } = await onFile(emulator, {});
      assert.deepEqual([code, operations(emulator)], [0, ["ListClusters"]]);
      assert.equal(
        out,
        `Stack ${fullName}: no problems (0 resources in state, 0 clusters in the organization).\n`,
      );
    });

    it("lists folders once, and reads the folder that the list omits", async () => {
      const emulator = await startTestEmulator();
      const id = emulator.folders.add("payments");
      const deleted = "0f8fad5b-d9cb-469f-a165-70867728950e";
      const healthy = await onFile(emulator, { resources: [part("Folder", "team", id)] });
      assert.equal(healthy.code, 0, healthy.out);
      assert.deepEqual(operations(emulator), ["ListClusters", "ListFolders"]);
      const resources = [part("Folder", "team", id), part("Folder", "old", deleted)];
      const { code, out } = await onFile(emulator, { resources });
      assert.equal(code, 1);
      assert.match(out, /^ERROR {2}Folder "old": not-found$/m);
      assert.ok(
        out.includes(
          `The organization has no folder ${deleted}, or this credential does not have access to it.`,
        ),
      );
      assert.match(out, /pulumi refresh.*\n.*pulumi up/);
      assert.doesNotMatch(out, /"team"/);
    });

    it("reports objects of its clusters that are not in state as hints, with exit status 0", async () => {
      const emulator = await startTestEmulator();
      const { id } = emulator.clusters.create({
        name: "orders-test",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      emulator.sqlUsers.add(id, ["report"]);
      emulator.databases.add(id, "ledger", 1);
      const { code, out } = await onFile(emulator, { resources: [cluster("orders", id)] });
      assert.equal(code, 0);
      assert.match(out, /Cluster "orders": unmanaged/);
      assert.ok(
        out.includes(`import: "${id}:report"`) && out.includes(`import: "${id}:ledger"`),
        out,
      );
      assert.doesNotMatch(out, /defaultdb|0\.0\.0\.0/);
    });

    it("reads windows and keys of Advanced clusters", async () => {
      // Several runs within a second, on a clock that does not wait.
      const emulator = await startTestEmulator({ rateLimit: "off" });
      const { id } = encryptable(emulator, { name: "archive", regions: ["us-east-1"] });
      const resources = [
        cluster("archive", id),
        part("MaintenanceWindow", "window", id),
        part("CmekConfig", "keys", id),
      ];
      const without = await onFile(emulator, { resources });
      assert.match(without.out, /^ERROR {2}MaintenanceWindow "window": not-found$/m);
      assert.match(without.out, /^ERROR {2}CmekConfig "keys": not-found$/m);
      emulator.maintenanceWindows.set(id, {
        offset_duration: "172800s",
        window_duration: "21600s",
      });
      emulator.cmek.enable(id, [
        {
          region: "us-east-1",
          key_spec: {
            type: "AWS_KMS",
            uri: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
            auth_principal: "arn:aws:iam::123456789012:role/crdb",
          },
        },
      ]);
      const sound = await onFile(emulator, { resources });
      assert.equal(sound.code, 0, sound.out);
      emulator.cmek.setStatus(id, "us-east-1", "ROTATE_FAILED", "the key is disabled");
      assert.match(
        (await onFile(emulator, { resources })).out,
        /CmekConfig "keys": operation-failed[\s\S]*us-east-1 ROTATE_FAILED \(the key is disabled\)/,
      );
    });
  });

  describe("findings", () => {
    it("include a lost cluster of the stack, found by its name, as text", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.clusters.edit(id, { labels: { "pulumi-creating": markOf("orders") } });
      const { code, out } = await onFile(emulator, {});
      assert.equal(code, 1);
      assert.equal(
        out,
        `Stack ${fullName}: 1 error (0 resources in state, 1 cluster in the organization).

ERROR  cluster orders-a1b2c3: lost-cluster
  Cluster ${id} carries a creation mark of this stack, is CREATED and is missing from the state.
  It is billed, and nothing manages it: a run was killed while creating it, and the state has no record of that. The mark is its label pulumi-creating: ${markOf("orders")}, whose first half is made of the name of the stack.
    $ pulumi preview --stack ${fullName}  # shows whether the program creates a new cluster
    $ pulumi up --stack ${fullName}       # if so, adopts this one and finishes it
    - Otherwise delete cluster orders-a1b2c3 (${id}) in the CockroachDB Cloud Console.

If an update of this stack is running right now, wait for it to end and run doctor again.
`,
      );
    });

    it("leave a cluster alone that a stack of the same name in another state may be creating", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      const name = "organization/shop/dev";
      emulator.clusters.edit(id, { labels: { "pulumi-creating": markOf("orders", name) } });
      const { out } = await doctor(
        ["--state", fileOf({}), "--stack", name],
        environmentOf(emulator),
      );
      assert.match(out, /: lost-cluster$/m);
      assert.match(out, /- First make sure that no other stack is creating it: .* at \d{4}-/);
      assert.match(out, /- Otherwise leave it alone unless you know that it is of this stack\./);
      assert.doesNotMatch(out, /delete cluster/);
    });

    it("include a lost cluster that the service failed to create, which only the full list has", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.clusters.edit(id, { labels: { "pulumi-creating": markOf("orders") } });
      emulator.clusters.failCreation(id);
      assert.match((await onFile(emulator, {})).out, /lost-cluster$/m);
    });

    it("use the stack name in the state of Pulumi Cloud, and the marks of its resources", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.clusters.edit(id, { labels: { "pulumi-creating": markOf("orders") } });
      const live = made(emulator, "reports-a1b2c3");
      for (const contents of [
        {
          secrets: { type: "service", state: { owner: "acme", project: "shop", stack: "dev" } },
        },
        { resources: [cluster("reports", live.id)] },
      ]) {
        const { code, out } = await doctor(["--state", fileOf(contents)], environmentOf(emulator));
        assert.equal(code, 1);
        assert.match(out, /^ERROR {2}cluster orders-a1b2c3: lost-cluster$/m);
        assert.match(out, /\$ pulumi up {7}# /);
      }
    });

    it("are none for resources of one cluster that several providers serve", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.sqlUsers.add(id, ["app"], "a-long-password");
      const keyless = provider("keyless", { "cockroachdb-cloud:explicit": "true" });
      const { code } = await onFile(emulator, {
        resources: [
          keyless.resource,
          cluster("orders", id),
          part("SqlUser", "app", `${id}:app`, { provider: keyless.reference }),
        ],
      });
      assert.deepEqual([code, operations(emulator)], [0, clusterAndParts]);
    });
  });

  describe("with --json", () => {
    it("prints the documented shape", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.clusters.lock(id);
      emulator.faults.add("ListSQLUsers", { status: 400, message: "not today" });
      const app = part("SqlUser", "app", `${id}:app`);
      const { code, out, error } = await onFile(
        emulator,
        { resources: [cluster("orders", id), app] },
        "--json",
      );
      const { unchecked, ...document } = JSON.parse(out);
      assert.deepEqual([code, error], [1, ""]);
      assert.deepEqual(document, {
        version: 1,
        stack: fullName,
        status: "unhealthy",
        checked: { inState: 2, resources: 2, clusters: 1 },
        findings: [
          {
            severity: "warning",
            code: "locked",
            subject: 'Cluster "orders"',
            urn: cluster("orders").urn,
            clusterId: id,
            clusterName: "orders-a1b2c3",
            what: "The cluster is LOCKED by MAINTENANCE_RUNNING.",
            why: "The service rejects changes until the lock ends; updates wait for it.",
            fix: [
              {
                note: "Wait, then run doctor again. If it stays locked for hours, ask CockroachDB Cloud support about this id.",
              },
            ],
          },
        ],
      });
      assert.equal(unchecked.length, 1);
      assert.equal(unchecked[0].what, `SQL users of cluster ${id}`);
      assert.match(unchecked[0].why, /not today/);
    });

    it("reports healthy with exit status 0 and incomplete with 2", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      emulator.sqlUsers.add(id, ["app"], "a-long-password");
      const contents = { resources: [part("SqlUser", "app", `${id}:app`)] };
      const healthy = await onFile(emulator, contents, "--json");
      assert.deepEqual([healthy.code, JSON.parse(healthy.out).status], [0, "healthy"]);
      emulator.faults.add("ListSQLUsers", { status: 403 });
      const incomplete = await onFile(emulator, contents, "--json");
      assert.deepEqual([incomplete.code, JSON.parse(incomplete.out).status], [2, "incomplete"]);
    });
  });

  describe("credentials", () => {
    const secret = '{"cockroachdb-cloud:apiKey": {"secret": true}, "shop:other": {"secret": true}}';

    it("come from the environment first, and then the CLI decrypts no secret", async () => {
      const emulator = await startTestEmulator();
      const { COCKROACH_API_KEY } = environmentOf(emulator);
      const config = JSON.stringify({
        "cockroachdb-cloud:apiKey": { secret: true },
        "cockroachdb-cloud:serverUrl": { value: emulator.url, secret: false },
      });
      const pulumi = cli({
        "stack export": exported({}),
        [showName]: `${fullName}\n`,
        "config --json": config,
      });
      const { code } = await doctor([], { COCKROACH_API_KEY }, pulumi.run);
      assert.equal(code, 0);
      assert.deepEqual(pulumi.asked, ["stack export", showName, "config --json"]);
    });

    it("come with the server from the environment, and then the configuration is not read", async () => {
      const emulator = await startTestEmulator();
      const pulumi = cli({ "stack export": exported({}), [showName]: fullName });
      assert.equal((await doctor([], environmentOf(emulator), pulumi.run)).code, 0);
    });

    it("come from the configuration of the named stack, which decrypts only the key", async () => {
      const emulator = await startTestEmulator();
      const pulumi = cli({
        "stack export --stack dev": exported({}),
        [`${showName} --stack dev`]: fullName,
        "config --json --stack dev": secret,
        "config get cockroachdb-cloud:apiKey --stack dev": `${emulator.apiKey}\n`,
      });
      const environment = { COCKROACH_SERVER: emulator.url };
      assert.equal((await doctor(["--stack", "dev"], environment, pulumi.run)).code, 0);
    });

    it("are reported as missing with the three ways to set them", async () => {
      const { code, out } = await doctor(["--state", fileOf({}), "--stack", fullName]);
      assert.equal(code, 2);
      assert.match(out, /Not checked:\n {2}- the organization: There is no API key/);
      assert.match(out, /COCKROACH_API_KEY/);
    });

    it("are not printed when they are rejected or malformed", async () => {
      const emulator = await startTestEmulator();
      const refused = ", because the credential was refused";
      for (const [key, why, reason] of [
        ["CCDB1_canary", /401/, refused],
        ["CCDB1 canary", /COCKROACH_API_KEY is empty, or has spaces/, ""],
      ] as const) {
        const { code, out, error } = await doctor(
          ["--state", fileOf({ resources: [cluster("orders", "id?")] }), "--stack", fullName],
          { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: key },
        );
        assert.equal(code, 2);
        assert.match(out, why);
        // What could not be compared comes first, and is no success.
        const extent = "(1 resource in state, none of them compared)";
        const headline = `Stack ${fullName}: it could not be compared${reason} ${extent}.`;
        assert.ok(out.startsWith(`${headline}\n\nNot checked:\n`), out);
        assert.doesNotMatch(out, /nothing is wrong/);
        assert.doesNotMatch(`${out}${error}`, /canary/);
        assert.doesNotMatch(out, /: not-found$/m);
      }
    });
  });

  describe("with explicit providers", () => {
    const own = { "cockroachdb-cloud:explicit": "true", "cockroachdb-cloud:apiKey": {} };

    async function twoOrganizations() {
      const [first, second] = await Promise.all([startTestEmulator(), startTestEmulator()]);
      const other = provider("other", { ...own, "cockroachdb-cloud:serverUrl": second.url });
      const contents = {
        resources: [
          other.resource,
          cluster("orders", made(first, "orders-a1b2c3").id),
          cluster("reports", made(second, "reports-a1b2c3").id, { provider: other.reference }),
        ],
      };
      return { first, second, contents };
    }

    it("reports the resources that it could not check, with exit status 2", async () => {
      const { first, contents } = await twoOrganizations();
      const { code, out } = await onFile(first, contents);
      assert.equal(code, 2);
      assert.match(
        out,
        /^Stack \S+: not everything could be compared; no problems with the rest \(2 resources in state, 1 of them compared, 1 cluster in/,
      );
      assert.match(out, /- 1 resource of the provider "other": This provider has its own key/);
    });

    it("names the variables that take a provider's own JWT", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      for (const [inputs, variables] of [
        [{}, "COCKROACH_VANITY_NAME and without"],
        [
          { "cockroachdb-cloud:username": "ci" },
          "COCKROACH_VANITY_NAME and COCKROACH_USERNAME and without",
        ],
      ] as const) {
        const other = provider("other", {
          "cockroachdb-cloud:explicit": "true",
          "cockroachdb-cloud:apiJwt": "a.b.c",
          "cockroachdb-cloud:vanityName": "acme",
          ...inputs,
        });
        const { out } = await onFile(emulator, {
          resources: [other.resource, cluster("orders", id, { provider: other.reference })],
        });
        const advice = `This provider has its own JWT, which is encrypted in the state. Run doctor again with --provider other and that JWT in COCKROACH_API_JWT, with ${variables} COCKROACH_API_KEY;`;
        assert.ok(out.includes(advice), out);
      }
    });

    it("checks the resources of one provider, on its server and with the key of the environment", async () => {
      const { first, second, contents } = await twoOrganizations();
      const ofDefault = await onFile(first, contents, "--provider", "default");
      assert.equal(ofDefault.code, 0, ofDefault.out);
      const environment = { COCKROACH_SERVER: first.url, COCKROACH_API_KEY: second.apiKey };
      const args = ["--state", fileOf(contents), "--stack", fullName, "--provider", "other"];
      const ofOther = await doctor(args, environment);
      assert.equal(ofOther.code, 0, ofOther.out);
      assert.deepEqual(operations(second), clusterAndParts);
    });

    it("finds lost clusters with the key of the environment, even where no resource uses it", async () => {
      const { first, contents } = await twoOrganizations();
      const [other, , reports] = contents.resources;
      const { code } = await onFile(first, { resources: [other, reports] as Exported[] });
      assert.deepEqual([code, operations(first)], [2, ["ListClusters"]]);
    });

    it("does not treat a provider as Pulumi's default because of the prefix of its name", async () => {
      const emulator = await startTestEmulator();
      const { id } = made(emulator, "orders-a1b2c3");
      const named = provider("defaults", own);
      const { out } = await onFile(emulator, {
        resources: [named.resource, cluster("orders", id, { provider: named.reference })],
      });
      assert.match(out, /1 resource of the provider "defaults"/);
    });

    it("rejects a provider that the state does not have", async () => {
      const { first, contents } = await twoOrganizations();
      const { code, error } = await onFile(first, contents, "--provider", "third");
      assert.equal(code, 2);
      assert.match(error, /uses a provider "third"\. Providers in the state: default, other\./);
    });

    it("does not need a key for a provider without its own key", async () => {
      const emulator = await startTestEmulator();
      const keyless = provider("keyless", {
        "cockroachdb-cloud:explicit": "true",
        "cockroachdb-cloud:serverUrl": emulator.url,
      });
      const { id } = made(emulator, "orders-a1b2c3");
      const resources = [keyless.resource, cluster("orders", id, { provider: keyless.reference })];
      const { code } = await doctor(["--state", fileOf({ resources }), "--stack", fullName], {
        COCKROACH_API_KEY: emulator.apiKey,
        COCKROACH_SERVER: emulator.url,
      });
      assert.deepEqual([code, operations(emulator)], [0, clusterAndParts]);
    });
  });

  describe("when the check is impossible", () => {
    it("does not report a cluster as deleted that the key may not read", async () => {
      const emulator = await startTestEmulator();
      emulator.faults.add("GetCluster", { status: 403 });
      const id = "00000000-0000-4000-8000-000000000001";
      const { code, out } = await onFile(emulator, { resources: [cluster("orders", id)] });
      assert.equal(code, 2);
      assert.match(out, new RegExp(`- cluster ${id}: Reading cluster .* failed: 403`));
      assert.doesNotMatch(out, /not-found/);
    });

    it("reports that it cannot find lost clusters where the stack is unnamed", async () => {
      const emulator = await startTestEmulator();
      const { code, out } = await doctor(["--state", fileOf({})], environmentOf(emulator));
      assert.equal(code, 2);
      assert.match(out, /Pass its full name with --stack organization\/project\/stack/);
    });

    for (const [what, text] of [
      ["no JSON", "canary"],
      ["another JSON", '{"resources": ["canary"]}'],
    ] as const) {
      it(`rejects ${what} as state, and does not quote it`, async () => {
        const { code, out, error } = await doctor(["--state", fileOf(text)]);
        assert.deepEqual([code, out], [2, ""]);
        assert.match(
          error,
          /is not an exported state\. Create one with: pulumi stack export --file/,
        );
        assert.doesNotMatch(error, /canary/);
      });
    }

    it("rejects a file that does not exist", async () => {
      const { code, error } = await doctor(["--state", join(folder, "none.json")]);
      assert.equal(code, 2);
      assert.match(error, /^Reading the exported state failed: ENOENT/);
    });

    it("reports the error of the CLI", async () => {
      const pulumi = cli({ "stack export": { fails: "no stack selected" } });
      assert.deepEqual(await doctor([], {}, pulumi.run), {
        code: 2,
        out: "",
        error: "Exporting the state of the stack failed: no stack selected\n",
      });
    });

    it("reports a missing CLI", async () => {
      const path = process.env["PATH"];
      process.env["PATH"] = folder;
      try {
        const { code, error } = await doctor([], {}, pulumiOnPath);
        assert.equal(code, 2);
        assert.match(error, /^The Pulumi CLI could not be started: .*--state <file>\.\n$/);
      } finally {
        process.env["PATH"] = path;
      }
    });
  });

  it("exits with status 2 after a defect of its own", async () => {
    const { code, error } = await doctor([], {}, () => Promise.reject(new RangeError("a defect")));
    assert.equal(code, 2);
    assert.match(error, /^RangeError: a defect\n {4}at /);
  });

  it("reports once why it is waiting", async () => {
    const emulator = await startTestEmulator();
    emulator.faults.add("ListClusters", { status: 500, message: "not well", times: 2 });
    const { code, error } = await onFile(emulator, {});
    assert.equal(code, 0);
    assert.match(error, /^Listing clusters failed: 500 not well[^\n]*\nRetrying for [^\n]*\n$/);
  });

  it("explains its options", async () => {
    const { code, out } = await doctor(["--help"]);
    assert.equal(code, 0);
    for (const option of ["--stack, -s", "--state", "--provider", "--json"]) {
      assert.ok(out.includes(option));
    }
  });

  for (const [args, message] of [
    [["--colour"], /--colour/],
    [["more"], /more/],
    [["--stack", ""], /--stack must not be empty/],
    [["--state", ""], /--state must not be empty/],
    [["--provider", ""], /--provider must not be empty/],
  ] as const) {
    it(`rejects "${args.join(" ")}" with status 2`, async () => {
      const { code, out, error } = await doctor(args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(error, message);
      assert.match(error, /Usage:/);
    });
  }
});

function provider(name: string, inputs: object): { resource: Exported; reference: string } {
  const urn = `urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::${name}`;
  return {
    resource: { urn, type: "pulumi:providers:pulumi-nodejs", id: "1", inputs },
    reference: `${urn}::1`,
  };
}
