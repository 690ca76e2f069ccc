#!/usr/bin/env bash
# A plugin in TypeScript is compiled by the tsconfig.json of the folder that it is started in, and not by its own: strict
# options of the program's project refuse a plugin that compiles by its own tsconfig.json. Needs Node.js and npm. Exits
# non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir plugin program
cd plugin
echo '{ "name": "shop", "version": "1.0.0", "main": "index.ts" }' > package.json
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 typescript@5.9.3 > /dev/null
echo '{ "compilerOptions": { "strict": true } }' > tsconfig.json
cat > index.ts <<'TS'
const words = ["one"];
const first: string = words[0];
console.log(`the plugin runs: ${first}`);
TS
cd ../program
run() { node ../plugin/node_modules/@pulumi/pulumi/cmd/run-plugin "$folder/plugin" 2>&1 | grep -oE 'the plugin runs.*|error TS[0-9]+' || true; }
without=$(run)
echo '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true } }' > tsconfig.json
with=$(run)
echo "run-plugin of @pulumi/pulumi 3.248.0, by the folder of a program without tsconfig.json: $without, with a stricter one: $with"
[ "$without" = 'the plugin runs: one' ]
[ "$with" = 'error TS2322' ]
