import java.sql.DriverManager;

/** Connects once with a JDBC URL and prints which database it is in: java Connect.java, the URL on the standard input. */
class Connect {
  public static void main(String[] arguments) throws Exception {
    var url = new String(System.in.readAllBytes());
    try (var connection = DriverManager.getConnection(url);
        var rows = connection.createStatement().executeQuery("select current_database()")) {
      rows.next();
      System.out.print(rows.getString(1));
    }
  }
}
