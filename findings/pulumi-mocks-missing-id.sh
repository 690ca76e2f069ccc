#!/usr/bin/env bash
# A mock of pulumi.runtime.setMocks that returns no id for a resource, or an empty one, makes its id unknown, though no
# preview is mocked: functions given to apply never run, and with them the assertions of a test, which passes.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
class Some extends pulumi.CustomResource {
  constructor(name) {
    super("test:index:Some", name, {});
  }
}
const ids = { absent: undefined, empty: "", given: "given-id" };
(async () => {
  const isPreview = false;
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: ids[name], state: inputs }), call: () => ({}) },
    "project",
    "stack",
    isPreview,
  );
  for (const name of Object.keys(ids)) {
    let hasRun = false;
    const { id } = new Some(name);
    id.apply(() => (hasRun = true));
    await id.promise();
    await new Promise((resolve) => setTimeout(resolve, 100));
    console.log(`${name} ${hasRun}`);
  }
})();
JS
seen=$(node main.cjs)
echo "@pulumi/pulumi 3.248.0, the id of the mock, whether the function given to apply has run:"
echo "$seen"
[ "$seen" = "absent false
empty false
given true" ]
