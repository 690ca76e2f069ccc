#!/usr/bin/env bash
# An output whose value has another type than its class says is 0, false or the empty text in the SDK for Java, and the
# program goes on: a number of 64 bits that arrives as a text, as protobuf writes it, is 0. A warning in the log is all. Needs
# Java 17, Maven and Maven Central. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><dependencies><dependency><groupId>com.pulumi</groupId><artifactId>pulumi</artifactId><version>1.13.0</version></dependency></dependencies></project>' > pom.xml
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > /dev/null 2>&1
cat > Main.java <<'JAVA'
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.resources.*;
import com.pulumi.test.*;
import java.util.*;
import java.util.concurrent.CompletableFuture;

class Main {
  static class Some extends CustomResource {
    @Export(name = "storage", refs = {Integer.class}, tree = "[0]")
    private Output<Integer> storage;

    @Export(name = "ready", refs = {Boolean.class}, tree = "[0]")
    private Output<Boolean> ready;

    @Export(name = "port", refs = {String.class}, tree = "[0]")
    private Output<String> port;

    Some() {
      super("test:index:Some", "some", ResourceArgs.Empty, null);
    }
  }

  public static void main(String[] arguments) {
    Map<String, Object> state = Map.of("storage", "50000000", "ready", "true", "port", 26257);
    Mocks mocks = args -> CompletableFuture.completedFuture(Mocks.ResourceResult.of(Optional.of("1"), state));
    var result = PulumiTest.withMocks(mocks).runTest(context -> {
      var some = new Some();
      Output.format("storage %s, ready %s, port \"%s\"", some.storage, some.ready, some.port).applyValue(text -> {
        System.out.println(text);
        return text;
      });
    });
    System.out.println("exit code " + result.exitCode() + ", errors " + result.errors());
  }
}
JAVA
seen=$(java -cp 'lib/*' Main.java 2> /dev/null)
echo 'com.pulumi:pulumi 1.13.0, of storage "50000000", ready "true" and port 26257:'
echo "$seen"
[ "$seen" = 'storage 0, ready false, port ""
exit code 0, errors []' ]
