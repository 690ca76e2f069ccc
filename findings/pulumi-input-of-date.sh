#!/usr/bin/env bash
# A Date, URL, Map, Set or bigint in the arguments of a resource reaches the provider as an empty object: @pulumi/pulumi
# takes it for an object, copies its own enumerable properties, of which it has none, and reports nothing. The SDK for
# Python refuses a datetime. Needs Node.js, npm and Python 3 with venv. Exits non-zero when a version behaves in another
# way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
class Some extends pulumi.CustomResource {
  constructor(name, args) {
    super("test:index:Some", name, args);
  }
}
(async () => {
  await pulumi.runtime.setMocks({
    newResource({ name, inputs }) {
      console.log(JSON.stringify(inputs));
      return { id: `${name}-id`, state: inputs };
    },
    call: () => ({}),
  });
  new Some("some", {
    date: new Date("2026-06-01T00:00:00Z"),
    url: new URL("https://example.com"),
    map: new Map([["team", "payments"]]),
    set: new Set(["us-east-1"]),
    bigint: 10n,
  });
})();
JS
cat > main.py <<'PY'
import asyncio
import datetime

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}


async def main():
    pulumi.runtime.set_mocks(Mocks())
    try:
        resource = pulumi.CustomResource("test:index:Some", "some", {"date": datetime.datetime(2026, 6, 1)})
        await resource.id.future()
        print("accepted")
    except ValueError as error:
        print("refused" if "unexpected input of type datetime" in str(error) else error)


asyncio.run(main())
PY
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
of_node=$(node main.cjs)
of_python=$(venv/bin/python main.py 2> /dev/null)
echo "inputs of the provider, @pulumi/pulumi 3.248.0: $of_node"
echo "a datetime, pulumi 3.248.0 for Python: $of_python"
[ "$of_node" = '{"bigint":{},"date":{},"map":{},"set":{},"url":{}}' ]
[ "$of_python" = refused ]
