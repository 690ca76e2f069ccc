import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Pattern;
import liquibase.Scope;
import liquibase.command.CommandScope;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;

/** Connects once with a JDBC URL and prints which database it is in: java Connect <line>, the URL on the standard input. */
class Connect {
  /** Every tool shows why a migration fails, so this one fails with the name of the database. */
  static final String MIGRATION =
      "DO $$ BEGIN RAISE EXCEPTION 'database <%>', current_database(); END $$;\n";

  static final PrintStream OUTPUT = System.out;

  public static void main(String[] arguments) throws Exception {
    // Liquibase reports there what it does, and the output is for the name of the database.
    System.setOut(System.err);
    var url = new String(System.in.readAllBytes());
    switch (arguments[0]) {
      case "pgjdbc" -> ask(DriverManager.getConnection(url));
      case "HikariCP" -> {
        try (var pool = new HikariDataSource()) {
          pool.setJdbcUrl(url);
          ask(pool.getConnection());
        }
      }
      case "Flyway" -> migrate("V1__first.sql", MIGRATION, folder ->
          Flyway.configure().dataSource(url, null, null).locations("filesystem:" + folder).load().migrate());
      case "Liquibase" -> {
        var changes = "--liquibase formatted sql\n--changeset first:1 splitStatements:false\n" + MIGRATION;
        migrate("first.sql", changes, folder ->
            Scope.child(Scope.Attr.resourceAccessor, new DirectoryResourceAccessor(folder), () ->
                new CommandScope("update")
                    .addArgumentValue("url", url)
                    .addArgumentValue("changelogFile", "first.sql")
                    .execute()));
      }
    }
  }

  static void ask(Connection connection) throws SQLException {
    try (connection; var rows = connection.createStatement().executeQuery("select current_database()")) {
      rows.next();
      OUTPUT.print(rows.getString(1));
    }
  }

  interface Tool {
    void run(Path folder) throws Exception;
  }

  static void migrate(String name, String text, Tool tool) throws Exception {
    var folder = Files.createTempDirectory("migrate-");
    Files.writeString(folder.resolve(name), text);
    try {
      tool.run(folder);
    } catch (Exception failure) {
      var found = Pattern.compile("database <(?!%>)(.*?)>").matcher(failure.getMessage());
      if (!found.find()) throw failure;
      OUTPUT.print(found.group(1));
    }
  }
}
