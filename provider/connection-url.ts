/**
 * How an application reaches a cluster, from the cluster's own outputs and without a request.
 *
 * Basic and Standard clusters have certificates of a public authority and are found by their host
 * name; the certificate of an Advanced cluster is signed by an authority of its own, which the
 * client must have as a file.
 */
import type { Plan } from "./plan-transitions";

const port = 26257;
const defaultDatabase = "defaultdb";

/** The parts of a connection. */
export interface ConnectionParts {
  /** SQL host. */
  host: string;
  /** 26257. */
  port: number;
  /** Database to connect to. */
  database: string;
  /** SQL user. */
  user: string;
  /** Its password. */
  password: string;
  /** `verify-full`: encrypted, and the host is who it says it is. */
  sslMode: string;
  /**
   * Where the root certificate comes from: `system`, or a file for an Advanced cluster. Undefined
   * leaves it to the client, which looks in its default place.
   */
  sslRootCert?: string;
  /** Value of the parameter `options` that leads to the cluster, when its host name does not. */
  options?: string;
  /** libpq URL, for most drivers. */
  url: string;
  /** JDBC URL, user and password included. */
  jdbcUrl: string;
}

/** What is known of the cluster and of the user. */
export interface ConnectionFacts {
  plan: Plan;
  sqlDns: string;
  routingId: string;
  user: string;
  password: string | undefined;
  database?: string | undefined;
  sslRootCert?: string | undefined;
}

/** The parts of a connection and its URLs. Throws when the password is not known. */
export function connectionParts(facts: ConnectionFacts): ConnectionParts {
  const { plan, sqlDns, routingId, user, password, database = defaultDatabase } = facts;
  if (password === undefined || password === "") {
    throw new Error(
      `The password of SQL user "${user}" is not known, so no connection URL can be made for it. Pass one as password, or give the user a password in this program.`,
    );
  }
  const isShared = plan !== "ADVANCED";
  const sslRootCert = (facts.sslRootCert ?? (isShared ? "system" : "")) || undefined;
  // Hosts of shared clusters begin with the routing id; where one does not, an option leads the way.
  const options =
    isShared && routingId !== "" && !sqlDns.startsWith(`${routingId}.`)
      ? `--cluster=${routingId}`
      : undefined;
  const query = parameters({ sslmode: "verify-full", sslrootcert: sslRootCert, options });
  const path = `${sqlDns}:${port}/${encodeURIComponent(database)}`;
  return {
    host: sqlDns,
    port,
    database,
    user,
    password,
    sslMode: "verify-full",
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
    ...(options === undefined ? {} : { options }),
    url: `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${path}?${query}`,
    jdbcUrl: `jdbc:postgresql://${path}?${parameters({
      user,
      password,
      sslmode: "verify-full",
      // The JDBC driver has no word for the system's certificates; this factory uses Java's own.
      ...(sslRootCert === "system"
        ? { sslfactory: "org.postgresql.ssl.DefaultJavaSSLFactory" }
        : { sslrootcert: sslRootCert }),
      options,
    })}`,
  };
}

function parameters(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]))
    .join("&");
}
