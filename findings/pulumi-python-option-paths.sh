#!/usr/bin/env bash
# The SDK for Python translates a name in ignore_changes, replace_on_changes and additional_secret_outputs to that of the
# provider, but no path: "dns_names" becomes dnsNames, and "subject.common_name" stays as it is, where the provider has
# subject.commonName. The engine passes over a path of ignore_changes that names nothing, without an error, and the change is
# made. Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0 pulumi-tls==5.6.2
cat > main.py <<'PY'
import pulumi
import pulumi_tls as tls
from pulumi.runtime.mocks import MockMonitor


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        print("arguments:", sorted(args.inputs), sorted(args.inputs["subject"]))
        return args.name, args.inputs

    def call(self, args):
        return {}


class Monitor(MockMonitor):
    """Shows the options that a resource is registered with."""

    def RegisterResource(self, request):
        if request.custom:
            print("ignoreChanges:", *request.ignoreChanges)
            print("replaceOnChanges:", *request.replaceOnChanges)
        return super().RegisterResource(request)


@pulumi.runtime.test
def test_paths():
    paths = ["dns_names", "subject.common_name"]
    tls.CertRequest(
        "some",
        private_key_pem="key",
        dns_names=["localhost"],
        subject=tls.CertRequestSubjectArgs(common_name="localhost"),
        opts=pulumi.ResourceOptions(ignore_changes=paths, replace_on_changes=paths),
    )


pulumi.runtime.set_mocks(Mocks(), monitor=Monitor(Mocks()))
test_paths()
PY
seen=$(venv/bin/python main.py 2> /dev/null)
echo "pulumi 3.248.0, pulumi-tls 5.6.2, of dns_names and subject.common_name:"
echo "$seen"
[ "$seen" = "ignoreChanges: dnsNames subject.common_name
replaceOnChanges: dnsNames subject.common_name
arguments: ['dnsNames', 'privateKeyPem', 'subject'] ['commonName']" ]
