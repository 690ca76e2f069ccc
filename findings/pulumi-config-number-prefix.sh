#!/usr/bin/env bash
# Config of @pulumi/pulumi takes the longest prefix that is a number for the number and drops the rest without an error:
# getNumber of "10GiB" is 10, of "1,000" is 1 and of "0x10" is 0, though it refuses text without such a prefix, and
# getBoolean refuses everything but "true" and "false". Needs Node.js and npm. Exits non-zero when a version behaves in
# another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
for (const value of ["10GiB", "1,000", "0x10", "GiB10"]) {
  pulumi.runtime.setConfig("project:nodes", value);
  try {
    console.log(`${value} is ${new pulumi.Config("project").requireNumber("nodes")}`);
  } catch (error) {
    console.log(error.message);
  }
}
JS
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0:"
echo "$seen"
[ "$seen" = "10GiB is 10
1,000 is 1
0x10 is 0
Configuration 'project:nodes' value 'GiB10' is not a valid number" ]
