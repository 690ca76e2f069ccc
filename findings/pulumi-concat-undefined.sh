#!/usr/bin/env bash
# pulumi.concat leaves a part that is undefined out, pulumi.interpolate writes the word "undefined" in its place: the same
# address without a host is "https:///path" from one and "https://undefined/path" from the other, both without an error.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
const host = pulumi.output(undefined);
pulumi.all([pulumi.concat("https://", host, "/path"), pulumi.interpolate`https://${host}/path`]).apply((both) => {
  console.log(both.join(" "));
});
JS
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0, concat and interpolate: $seen"
[ "$seen" = "https:///path https://undefined/path" ]
