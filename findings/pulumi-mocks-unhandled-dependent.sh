#!/usr/bin/env bash
# Under pulumi.runtime.setMocks, a resource that a mock refuses rejects its outputs, and a program can handle those. Of a
# resource that depends on it, @pulumi/pulumi leaves one rejection unhandled that no output holds, so that test runners
# such as vitest fail a passing test. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);
class Some extends pulumi.CustomResource {
  constructor(name, args) {
    super("test:index:Some", name, args);
  }
}
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const handleAll = (resource) => {
  for (const output of Object.values(resource).filter((value) => pulumi.Output.isInstance(value))) {
    const all = [output.promise(), output.allResources(), output.isKnown, output.isSecret];
    for (const promise of all) promise.catch(() => {});
  }
};
async function count(isWithDependent) {
  unhandled = 0;
  await pulumi.runtime.setMocks({
    newResource({ name, inputs }) {
      if (name === "refused") throw new Error("refused by the mock");
      return { id: `${name}-id`, state: inputs };
    },
    call: () => ({}),
  });
  const refused = new Some("refused", {});
  const resources = isWithDependent ? [refused, new Some("dependent", { of: refused.id })] : [refused];
  resources.forEach(handleAll);
  await wait(1_500);
  return unhandled;
}
(async () => {
  console.log(JSON.stringify([await count(false), await count(true)]));
  process.exit(0);
})();
JS
# Pulumi exits with 1 for promises that nobody awaits.
seen=$(node main.cjs 2> /dev/null || true)
echo "@pulumi/pulumi 3.248.0, unhandled rejections of a refused resource alone, and with a dependent one:"
echo "$seen"
[ "$seen" = "[0,1]" ]
