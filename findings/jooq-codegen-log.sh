#!/usr/bin/env bash
# The code generator of jOOQ writes the JDBC URL into its log as it is, also a password among its parameters, at the level INFO;
# HikariCP masks that of the same URL at DEBUG. Where user and password stand beside the URL, jOOQ prints neither.
# Needs Java 17, Maven and Maven Central. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dependencies=""
for name in org.jooq:jooq-codegen:3.19.39 com.zaxxer:HikariCP:7.1.0 org.postgresql:postgresql:42.7.14 org.slf4j:slf4j-simple:2.0.17; do
  IFS=: read -r group artifact version <<< "$name"
  dependencies="$dependencies<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
done
echo "<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><dependencies>$dependencies</dependencies></project>" > pom.xml
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > /dev/null
cat > Main.java <<'JAVA'
import com.zaxxer.hikari.*;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.*;

class Main {
  public static void main(String[] arguments) throws Exception {
    var url = "jdbc:postgresql://127.0.0.1:1/db";
    var withPassword = url + "?user=me&password=hidden";
    if (arguments[0].equals("HikariCP")) {
      var configuration = new HikariConfig();
      configuration.setJdbcUrl(withPassword);
      new HikariDataSource(configuration).close();
    }
    var jdbc = arguments[0].equals("jOOQ")
        ? new Jdbc().withUrl(withPassword)
        : new Jdbc().withUrl(url).withUser("me").withPassword("hidden");
    GenerationTool.generate(new Configuration().withJdbc(jdbc).withGenerator(new Generator()));
  }
}
JAVA
seen=""
for line in "HikariCP debug" "jOOQ info" "beside info"; do
  log=$(java "-Dorg.slf4j.simpleLogger.defaultLogLevel=${line#* }" -cp "lib/*" Main.java "${line% *}" 2>&1 || true)
  grep -q 127.0.0.1 <<< "$log"
  seen="$seen${line% *}: $(grep -q hidden <<< "$log" && echo printed || echo "not printed")
"
done
echo "jooq-codegen 3.19.39, HikariCP 7.1.0, whether a password is in the log where no server listens:"
printf %s "$seen"
[ "$seen" = "HikariCP: not printed
jOOQ: printed
beside: not printed
" ]
