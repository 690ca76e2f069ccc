#!/usr/bin/env bash
# A mandatory policy that reads a property which a preview does not know yet becomes a note of level "advisory": the preview
# passes, with the check of a pull request that runs it, and only "pulumi up" refuses the resource, after it has made others.
# The property is not undefined there, so no policy can ask for it either: reading it ends the policy.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/policy@1.21.0 @pulumi/pulumi@3.248.0 > /dev/null
cat > pack.cjs <<'JS'
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("company", {
  policies: [
    {
      name: "protected",
      description: "Clusters are protected.",
      enforcementLevel: "mandatory",
      validateResource: ({ props }, report) => {
        if (props.deleteProtection !== true) report("Set deleteProtection.");
      },
    },
  ],
});
JS
cat > main.cjs <<'JS'
const { spawn } = require("node:child_process");
const grpc = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const { AnalyzeRequest, AnalyzerResourceOptions } = require("@pulumi/pulumi/proto/analyzer_pb.js");

/** What the engine sends for a boolean that a preview does not know. */
const unknown = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
const levels = ["advisory", "mandatory"];
const server = spawn(process.execPath, ["pack.cjs"], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => server.kill());
server.stdout.once("data", async (port) => {
  const client = new AnalyzerClient(`127.0.0.1:${Number(port)}`, grpc.credentials.createInsecure());
  for (const [title, deleteProtection] of Object.entries({ false: false, unknown })) {
    const request = new AnalyzeRequest();
    request.setType("shop:index:Cluster");
    request.setUrn("urn:pulumi:dev::shop::shop:index:Cluster::orders");
    request.setOptions(new AnalyzerResourceOptions());
    request.setProperties(Struct.fromJavaScript({ deleteProtection }));
    await new Promise((resolve, reject) => {
      client.analyze(request, (error, response) => {
        if (error) return reject(error);
        for (const note of response.getDiagnosticsList()) {
          console.log(`${title}: ${levels[note.getEnforcementlevel()]}, ${note.getMessage().split("\n").at(-1)}`);
        }
        resolve();
      });
    });
  }
  process.exit();
});
JS
seen=$(node main.cjs)
echo "@pulumi/policy 1.21.0, a mandatory policy, what it reports by the value of the property:"
echo "$seen"
[ "$seen" = "false: mandatory, Set deleteProtection.
unknown: advisory, can't run policy 'protected' from policy pack 'company@v1.0.0' during preview: boolean value at .deleteProtection can't be known during preview" ]
