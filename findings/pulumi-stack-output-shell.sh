#!/usr/bin/env bash
# "pulumi stack output --shell" prints the names of outputs as they are, also those that no variable of a shell can have. The
# line of the output database-url is no assignment, so that a script which reads the lines does not find the command, and the
# exit code is 0. Needs Go, the Go module proxy and bash; building the CLI takes some minutes. Exits non-zero when a
# version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir cli stacks home
cat > cli/go.mod <<'MOD'
module finding

go 1.25.11

require github.com/pulumi/pulumi/pkg/v3 v3.259.0

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e

tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
MOD
version=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0
(cd cli && GOFLAGS=-mod=mod go build -tags osusergo,grpcnotrace -ldflags "-s -w -X $version" -o ../pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi 2> /dev/null)
export HOME="$folder/home" PULUMI_BACKEND_URL="file://$folder/stacks" PULUMI_CONFIG_PASSPHRASE=finding PULUMI_SKIP_UPDATE_CHECK=true
printf 'name: shop\nruntime: yaml\n' > Pulumi.yaml
./pulumi stack init dev > /dev/null 2>&1
stack=urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev
outputs='{"database-url": "a&b", "clusters.eu": 2, "port": 26257}'
echo "{\"version\": 3, \"deployment\": {\"manifest\": {\"time\": \"2026-01-01T00:00:00Z\", \"magic\": \"\", \"version\": \"\"}, \"resources\": [{\"urn\": \"$stack\", \"custom\": false, \"type\": \"pulumi:pulumi:Stack\", \"outputs\": $outputs}]}}" > state.json
./pulumi stack import --file state.json > /dev/null 2>&1
seen=$(
  ./pulumi stack output --shell
  echo "exit code $?"
  ./pulumi stack output --shell | bash 2>&1 | sed 's/^[^:]*: //'
)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, outputs for a shell, and what bash says to them:"
echo "$seen"
[ "$seen" = 'clusters.eu=2
database-url=a\&b
port=26257
exit code 0
line 1: clusters.eu=2: command not found
line 2: database-url=a&b: command not found' ]
