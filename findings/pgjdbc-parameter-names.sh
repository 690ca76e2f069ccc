#!/usr/bin/env bash
# pgjdbc drops the parameters of a JDBC URL that other clients know by the same name, without a warning: application_name and
# statement_timeout reach no server. The name is ApplicationName, which it sets after the login, and any variable of the
# session goes through options. Needs Java 17, Maven and Maven Central. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mvn -q -B dependency:copy -Dartifact=org.postgresql:postgresql:42.7.14 -DoutputDirectory=. > /dev/null
cat > Main.java <<'JAVA'
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

class Main {
  public static void main(String[] arguments) throws Exception {
    for (var parameter : List.of("application_name=orders", "ApplicationName=orders", "statement_timeout=5s", "options=-c%20statement_timeout=5s")) {
      try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        var url = "jdbc:postgresql://127.0.0.1:" + listener.getLocalPort() + "/db?sslmode=disable&user=user&password=password&" + parameter;
        var client = new Thread(() -> {
          try {
            DriverManager.getConnection(url).close();
          } catch (SQLException expected) {
            // The listener hangs up.
          }
        });
        client.start();
        try (var socket = listener.accept()) {
          var input = new DataInputStream(socket.getInputStream());
          var startup = new String(input.readNBytes(input.readInt() - 4), StandardCharsets.UTF_8);
          System.out.println(parameter + " " + startup.substring(4).replace('\0', ' '));
        }
        client.join();
      }
    }
  }
}
JAVA
seen=$(java -cp postgresql-42.7.14.jar Main.java)
echo "postgresql 42.7.14, parameter of the URL, start-up message:"
echo "$seen"
common="user user database db client_encoding UTF8 DateStyle ISO TimeZone $(echo "$seen" | sed -n 's/.*TimeZone \([^ ]*\).*/\1/p' | head -1)"
[ "$seen" = "application_name=orders $common  
ApplicationName=orders $common  
statement_timeout=5s $common  
options=-c%20statement_timeout=5s $common options -c statement_timeout=5s  " ]
