#!/usr/bin/env bash
# A mock of the SDKs for Node.js and Python gets a secret argument as an object with a signature in place of the value, though
# it gets every other argument as it is: comparing inputs.password with the password fails, and a text made of it has "[object
# Object]" in it. The mocks of the SDK for Java get the value. Needs Node.js, npm, Python 3 with venv, Java 17, Maven and
# Maven Central. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
const newResource = ({ name, inputs }) => {
  console.log("Node.js", JSON.stringify(inputs.user), JSON.stringify(inputs.password));
  return { id: name, state: inputs };
};
pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", false);
new pulumi.CustomResource("test:index:Some", "some", { user: "app", password: pulumi.secret("p") });
JS
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
cat > main.py <<'PY'
import json

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        print("Python", json.dumps(args.inputs["user"]), json.dumps(args.inputs["password"]))
        return args.name, args.inputs

    def call(self, args):
        return {}


@pulumi.runtime.test
def test_password():
    pulumi.CustomResource("test:index:Some", "some", {"user": "app", "password": pulumi.Output.secret("p")})


pulumi.runtime.set_mocks(Mocks())
test_password()
PY
echo '<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><dependencies><dependency><groupId>com.pulumi</groupId><artifactId>pulumi</artifactId><version>1.13.0</version></dependency></dependencies></project>' > pom.xml
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > /dev/null
cat > Main.java <<'JAVA'
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.*;
import com.pulumi.test.*;
import java.util.*;
import java.util.concurrent.CompletableFuture;

class Main {
  static class SomeArgs extends ResourceArgs {
    @Import(name = "user")
    private Output<String> user = Output.of("app");

    @Import(name = "password")
    private Output<String> password = Output.ofSecret("p");
  }

  public static void main(String[] arguments) {
    Mocks mocks = args -> {
      System.out.println("Java " + args.inputs.get("user") + " " + args.inputs.get("password"));
      return CompletableFuture.completedFuture(Mocks.ResourceResult.of(Optional.of(args.name), args.inputs));
    };
    PulumiTest.withMocks(mocks).runTest(context -> new CustomResource("test:index:Some", "some", new SomeArgs(), null));
  }
}
JAVA
seen=$(
  node main.cjs
  venv/bin/python main.py 2> /dev/null
  java -cp 'lib/*' Main.java 2> /dev/null
)
echo "@pulumi/pulumi 3.248.0, pulumi 3.248.0 for Python, com.pulumi:pulumi 1.13.0, user and password as a mock gets them:"
echo "$seen"
[ "$seen" = 'Node.js "app" {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"p"}
Python "app" {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "p"}
Java app p' ]
