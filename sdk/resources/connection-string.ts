// How to connect to a cluster. The only response of the API with capitalised names.

import { z } from "zod";
import { textSchema } from "../http/protobuf-json";

/** What the connection string is for. */
export interface ConnectionStringQuery {
  /** @default none */
  sqlUser?: string;
  /** @default "defaultdb" */
  database?: string;
  /** Chooses the usual place of the root certificate; the API wants it for Advanced clusters. */
  os?: "MAC" | "LINUX" | "WINDOWS";
}

/** A connection string and its parts. It never holds a password. */
export interface WireConnectionString {
  /** `postgresql://host:26257/defaultdb?sslmode=verify-full`. */
  connection_string: string;
  params: {
    Host: string;
    /** A string on the wire, too. */
    Port: string;
    Database: string;
    /** Empty when none was asked for. */
    Username: string;
  };
}

/** @internal */
export const connectionStringSchema = z.object({
  connection_string: z.string(),
  params: z.object({
    Host: z.string(),
    Port: z.string(),
    Database: textSchema,
    Username: textSchema,
  }),
});
