/**
 * How each client spells a TLS connection that verifies the host.
 *
 * No single URL serves all clients: they disagree on where trusted root certificates come from, on
 * the names of the parameters, and on whether they decode the name of the database.
 */

/** A client, named after the library that opens the connection. */
export type ConnectionClient =
  /** psql, libpq 16 and newer, and what uses the libpq of the system, as in Ruby and PHP. */
  | "libpq"
  /** psycopg and psycopg2 with the libpq that their wheels bring. */
  | "psycopg"
  /** asyncpg. */
  | "asyncpg"
  /** SQLAlchemy with sqlalchemy-cockroachdb on psycopg2, and Alembic on it. */
  | "sqlalchemy"
  /** Django with django-cockroachdb and dj-database-url. */
  | "django"
  /**
   * The npm package `pg`, and Knex, Drizzle, Prisma's adapter, Kysely, pg-promise, TypeORM's `postgres`,
   * node-pg-migrate and pg-boss on it.
   */
  | "node-postgres"
  /** The npm package `postgres`, and Drizzle on it. */
  | "postgres.js"
  /** Sequelize, but not sequelize-cli, which drops what the URL says of TLS: give it the parts. */
  | "sequelize"
  /** Slonik, whose `require` verifies and which knows no `verify-full`. */
  | "slonik"
  /** `Bun.sql`; in Go lib/pq 1.11 and older, and bun's `pgdriver`. */
  | "bun"
  /** pgx 5.7 and lib/pq 1.12 and newer, and what is built on them, as goose, tern and dbmate. */
  | "go"
  /** golang-migrate with its driver `cockroachdb`. */
  | "golang-migrate"
  /** Rust's sqlx. */
  | "sqlx"
  /** Rust's tokio-postgres with a TLS connector, which verifies. */
  | "tokio-postgres"
  /** pgjdbc, and Flyway and Liquibase on it. */
  | "jdbc"
  /** r2dbc-postgresql. */
  | "r2dbc";

/** Parameters of a URL. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** How a client takes a verified connection. */
export interface ClientForm {
  /** What the URL begins with, up to the host or the user. */
  readonly scheme: string;
  /** Whether user and password are parameters instead of standing before the host. */
  readonly hasUserAsParameters?: true;
  /** What makes the client encrypt and verify the host. */
  readonly verify: Parameters;
  /** What makes it trust public authorities. */
  readonly publicRoots: Parameters;
  /** The parameter that names a file of root certificates; undefined where the client reads none from a URL. */
  readonly rootFile: "sslrootcert" | "sslRootCert" | undefined;
  /** What the client does with the percent-encoded name of a database. */
  readonly databaseName: DatabaseName;
  /** Whether the parameter `options` reaches the server. */
  readonly takesOptions: boolean;
}

/** `decodeURI` leaves `%2F`, `%3F`, `%23` and other delimiters as they are. */
type DatabaseName = "decoded" | "decodeURI" | "not decoded";

const libpq: ClientForm = {
  scheme: "postgresql://",
  verify: { sslmode: "verify-full" },
  publicRoots: { sslrootcert: "system" },
  rootFile: "sslrootcert",
  databaseName: "decoded",
  takesOptions: true,
};

/** The wheels bring an OpenSSL that looks in no folder of the system: name the file of Debian, Ubuntu and Alpine. */
const python: ClientForm = {
  ...libpq,
  publicRoots: { sslrootcert: "/etc/ssl/certs/ca-certificates.crt" },
};

/** These trust public authorities by themselves and take `system` for the name of a file. */
const withOwnRoots: ClientForm = { ...libpq, publicRoots: {} };

/** The form of each client. */
export const connectionClients: Readonly<Record<ConnectionClient, ClientForm>> = {
  libpq,
  psycopg: python,
  asyncpg: python,
  sqlalchemy: { ...python, scheme: "cockroachdb://", databaseName: "not decoded" },
  django: { ...python, scheme: "cockroach://" },
  "node-postgres": { ...withOwnRoots, databaseName: "decodeURI" },
  "postgres.js": { ...withOwnRoots, rootFile: undefined, databaseName: "not decoded" },
  sequelize: { ...withOwnRoots, databaseName: "not decoded" },
  slonik: { ...withOwnRoots, verify: { sslmode: "require" }, rootFile: undefined },
  bun: withOwnRoots,
  go: libpq,
  "golang-migrate": { ...withOwnRoots, scheme: "cockroachdb://" },
  sqlx: withOwnRoots,
  // It knows no verify-full: the connector that it is given verifies.
  "tokio-postgres": { ...withOwnRoots, verify: { sslmode: "require" }, rootFile: undefined },
  jdbc: {
    ...libpq,
    scheme: "jdbc:postgresql://",
    hasUserAsParameters: true,
    // It has no word for the system's certificates; this factory uses Java's own.
    publicRoots: { sslfactory: "org.postgresql.ssl.DefaultJavaSSLFactory" },
  },
  r2dbc: {
    ...withOwnRoots,
    scheme: "r2dbc:postgresql://",
    verify: { sslMode: "verify-full" },
    rootFile: "sslRootCert",
    takesOptions: false,
  },
};

/** The name of a database as it stands in a URL; undefined where the client would read another one. */
export function databaseInUrl(reading: DatabaseName, database: string): string | undefined {
  if (reading === "decoded") return encodeURIComponent(database);
  // Parsers of web addresses take these two for steps in a path.
  if (database === "." || database === "..") return undefined;
  if (reading === "decodeURI") {
    return /[?#]/.test(database) ? undefined : encodeURI(database);
  }
  return encodeURIComponent(database) === database ? database : undefined;
}
