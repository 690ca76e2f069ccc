#!/usr/bin/env bash
# A StackReference under pulumi.runtime.setMocks is one more resource, and its outputs are what the mock returns as "outputs".
# A mock that returns the arguments has none, and getOutput fails with a TypeError that names neither the stack nor the mock,
# where the engine gives undefined for an output that is missing. Names in "secretOutputNames" are secret. Needs Node.js and
# npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
process.on("unhandledRejection", () => undefined);
const states = [{}, { outputs: {} }, { outputs: { vpcId: "vpc-1" } }, { outputs: { vpcId: "vpc-1" }, secretOutputNames: ["vpcId"] }];
(async () => {
  for (const state of states) {
    const newResource = ({ id, inputs }) => ({ id, state: { ...inputs, ...state } });
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", false);
    const output = new pulumi.StackReference("acme/network/prod").getOutput("vpcId");
    const value = await output.promise().catch(({ message }) => message);
    console.log(JSON.stringify(state), value, "secret", await output.isSecret.catch(() => "unknown"));
  }
})();
JS
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0, what the mock returns, the output:"
echo "$seen"
[ "$seen" = '{} Cannot read properties of undefined (reading '"'vpcId'"') secret unknown
{"outputs":{}} undefined secret false
{"outputs":{"vpcId":"vpc-1"}} vpc-1 secret false
{"outputs":{"vpcId":"vpc-1"},"secretOutputNames":["vpcId"]} vpc-1 secret true' ]
