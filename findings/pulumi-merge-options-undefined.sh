#!/usr/bin/env bash
# pulumi.mergeOptions of @pulumi/pulumi lets an option that is undefined in the second options win: a component that
# merges { protect: true } with its caller's options loses the protection where the caller passes on a protect of its own
# that is undefined. ResourceOptions.merge of the SDK for Python keeps the first value in the same case.
# Needs Node.js, npm and Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
of_node=$(node -p '
const { mergeOptions } = require("@pulumi/pulumi");
String(mergeOptions({ protect: true }, { protect: undefined }).protect)')
of_python=$(venv/bin/python - <<'PY'
from pulumi import ResourceOptions

print(ResourceOptions.merge(ResourceOptions(protect=True), ResourceOptions(protect=None)).protect)
PY
)
echo "protect: true merged with undefined, @pulumi/pulumi 3.248.0: $of_node, pulumi 3.248.0 for Python: $of_python"
[ "$of_node" = undefined ]
[ "$of_python" = True ]
