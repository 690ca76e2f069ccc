#!/usr/bin/env bash
# r2dbc-postgresql reads "options" of a URL as a list of name=value and not as libpq does: of "-c statement_timeout=5s" it makes
# a start-up parameter with the name "-c statement_timeout". It knows application_name as applicationName alone, and drops
# the other without a warning. Needs Java 17, Maven and Maven Central. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<'XML'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.postgresql</groupId>
      <artifactId>r2dbc-postgresql</artifactId>
      <version>1.1.3.RELEASE</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > /dev/null
cat > Main.java <<'JAVA'
import io.r2dbc.spi.ConnectionFactories;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

class Main {
  public static void main(String[] arguments) throws Exception {
    for (var parameter : List.of("application_name=orders", "applicationName=orders", "options=-c%20statement_timeout%3D5s", "options=statement_timeout%3D5s")) {
      try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        var url = "r2dbc:postgresql://user:password@127.0.0.1:" + listener.getLocalPort() + "/db?sslMode=disable&" + parameter;
        Mono.from(ConnectionFactories.get(url).create()).subscribe(connection -> {}, failure -> {});
        try (var socket = listener.accept()) {
          var input = new DataInputStream(socket.getInputStream());
          var startup = new String(input.readNBytes(input.readInt() - 4), StandardCharsets.UTF_8).substring(4);
          var words = List.of(startup.split("\0"));
          System.out.println(parameter + " " + words.get(words.indexOf("application_name") + 1) + " " + words.stream().anyMatch("statement_timeout"::equals) + " " + words.stream().anyMatch("-c statement_timeout"::equals));
        }
      }
    }
    System.exit(0);
  }
}
JAVA
seen=$(java -cp "lib/*" Main.java 2> /dev/null | grep =)
echo "r2dbc-postgresql 1.1.3 (parameter, application_name, whether statement_timeout is sent, whether \"-c statement_timeout\" is):"
echo "$seen"
[ "$seen" = "application_name=orders r2dbc-postgresql false false
applicationName=orders orders false false
options=-c%20statement_timeout%3D5s r2dbc-postgresql false true
options=statement_timeout%3D5s r2dbc-postgresql true false" ]
