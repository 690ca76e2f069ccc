#!/usr/bin/env bash
# A resource of Pulumi's Node.js SDK formats four stack traces for every property that its class names, also for one that
# the program leaves undefined: each property becomes four promises, and each promise keeps the text of a stack for a
# message about leaks. In a program of thousands of resources that is most of the time of its process, above all where
# ts-node maps every frame to its source. What a class does not name costs nothing.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
  call: ({ inputs }) => inputs,
});
let traces = 0;
Error.prepareStackTrace = (error) => {
  traces += 1;
  return String(error);
};
function tracesOf(properties) {
  const names = Array.from({ length: properties }, (_, index) => [`property${index}`, undefined]);
  const before = traces;
  new pulumi.CustomResource("test:index:It", `it-${properties}`, Object.fromEntries(names));
  return traces - before;
}
tracesOf(0);
const [few, many] = [tracesOf(1), tracesOf(11)];
console.log((many - few) / 10);
JS
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0, stack traces that are formatted for one more undefined property: $seen"
[ "$seen" = "4" ]
