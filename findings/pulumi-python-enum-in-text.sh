#!/usr/bin/env bash
# A value of an enum of a generated SDK for Python, which is a str as well, is its value in an argument, in Output.concat and in
# Output.json_dumps; in Output.format it is the name of the member: "Plan.STANDARD" in place of "STANDARD", without an error.
# Write plan.value there. Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
cat > main.py <<'PY'
from enum import Enum

import pulumi


class Plan(str, Enum):
    STANDARD = "STANDARD"


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        for name, value in sorted(args.inputs.items()):
            print(name, value)
        return args.name, args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks())


@pulumi.runtime.test
def test_plan():
    inputs = {
        "argument": Plan.STANDARD,
        "concat": pulumi.Output.concat("plan ", Plan.STANDARD),
        "dumps": pulumi.Output.json_dumps({"plan": Plan.STANDARD}),
        "format": pulumi.Output.format("plan {0}", Plan.STANDARD),
    }
    return pulumi.CustomResource("test:index:Some", "some", inputs).urn


test_plan()
PY
seen=$(venv/bin/python main.py)
echo "pulumi 3.248.0 for Python, Plan.STANDARD as the provider gets it:"
echo "$seen"
[ "$seen" = 'argument STANDARD
concat plan STANDARD
dumps {"plan": "STANDARD"}
format plan Plan.STANDARD' ]
