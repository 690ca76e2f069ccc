#!/usr/bin/env bash
# The outputs that Pulumi's Automation API returns are in plain text, and say which of them are secret; of an object with a
# secret in it they say that it is none. The summary of a run has the secret configuration of the stack in plain text as well,
# though "pulumi stack history" conceals it. With showSecrets: false the configuration is left out, and the outputs are as
# before. Needs Go, the Go module proxy, Node.js and npm; building the CLI takes some minutes. Exits non-zero when a version
# behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir cli bin state
cat > cli/go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e

tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
MOD
version=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0
(cd cli && GOFLAGS=-mod=mod go build -tags osusergo,grpcnotrace -ldflags "-s -w -X $version" -o ../bin/pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi 2> /dev/null)
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const program = async () => {
  const password = new pulumi.Config().requireSecret("password");
  return { password, connection: { user: "app", password } };
};
(async () => {
  const stack = await LocalWorkspace.createStack({ stackName: "dev", projectName: "shop", program });
  await stack.setConfig("password", { value: "a secret", secret: true });
  for (const options of [{}, { showSecrets: false }]) {
    const { outputs, summary } = await stack.up(options);
    console.log(JSON.stringify([outputs.password, outputs.connection, summary.config]));
  }
})();
JS
export PATH="$folder/bin:$PATH" PULUMI_HOME="$folder/home" PULUMI_BACKEND_URL="file://$folder/state"
export PULUMI_CONFIG_PASSPHRASE="only for this script" PULUMI_SKIP_UPDATE_CHECK=true
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0, Pulumi 3.259.0, two outputs and the configuration, and with showSecrets: false:"
echo "$seen"
[ "$seen" = '[{"value":"a secret","secret":true},{"value":{"password":"a secret","user":"app"},"secret":false},{"shop:password":{"value":"a secret","secret":true}}]
[{"value":"a secret","secret":true},{"value":{"password":"a secret","user":"app"},"secret":false},{"shop:password":{"secret":true}}]' ]
