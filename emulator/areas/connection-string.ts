// The connection string of a cluster: the only response of the API with capitalised keys, and never a password.

import type { Area } from "../area";
import { liveClusterOf } from "../cluster/find";
import type { Call } from "../server/call";
import { invalidArgument } from "../server/errors";
import { enumParameter, textParameter } from "../server/query";

// Where the CA certificate of an Advanced cluster is expected; Basic and Standard use a public CA.
const certificatePaths = {
  MAC: "$HOME/Library/CockroachCloud/certs",
  LINUX: "$HOME/Library/CockroachCloud/certs",
  WINDOWS: "$env:appdata\\CockroachCloud\\certs",
} as const;

function getConnectionString(call: Call): object {
  const cluster = liveClusterOf(call);
  const database = textParameter(call.query, "database") || "defaultdb";
  const user = textParameter(call.query, "sql_user") ?? "";
  const os = enumParameter(call.query, "os", ["MAC", "LINUX", "WINDOWS"]);
  if (cluster.plan === "ADVANCED" && os === undefined) {
    throw invalidArgument("invalid argument: os is required for advanced clusters");
  }
  const certificate =
    cluster.plan === "ADVANCED" && os !== undefined
      ? `&sslrootcert=${certificatePaths[os]}${os === "WINDOWS" ? "\\" : "/"}${cluster.name}-ca.crt`
      : "";
  const credentials = user === "" ? "" : `${encodeURIComponent(user)}@`;
  return {
    connection_string:
      `postgresql://${credentials}${cluster.sqlDns}:26257/${encodeURIComponent(database)}` +
      `?sslmode=verify-full${certificate}`,
    params: { Host: cluster.sqlDns, Port: "26257", Database: database, Username: user },
  };
}

/** The connection string of a cluster. */
export const connectionStringArea: Area = {
  operations: { GetConnectionString: getConnectionString },
};
