// What a file of operations/ has: the operations of one area of the client, each as a request with its response,
// and how to call all of them on the emulator.

import type { z } from "zod";
import type { CockroachCloudClient } from "../../sdk";
import type { TestEmulator } from "../support/emulator";

/** One operation. */
export interface Operation {
  name: string;
  /** What its errors call it, and what it is done to. */
  operation: string;
  object: string;
  call(client: CockroachCloudClient): Promise<unknown>;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in the API's own document. */
  template: string;
  /** What the parameters of the template are; each has characters that must be escaped. */
  url: string;
  body?: unknown;
  /** What the API returns. */
  response: unknown;
  /** What the client makes of the response. */
  result: unknown;
}

/** An emulator of its own, with time that does not pass by itself, and a client of it. */
export interface EmulatedApi {
  client: CockroachCloudClient;
  emulator: TestEmulator;
}

/** Whether two types are the same in everything. */
export type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

// Spelled out member by member, so that equal types are also identical ones.
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends string
    ? T
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

/** Whether the schema reads the wire type. */
export type Reads<Schema extends z.ZodType, Wire> = Same<Plain<z.output<Schema>>, Plain<Wire>>;

/** Whether the schema reads a list of the wire type. */
export type Lists<Schema extends z.ZodType, Key extends keyof z.output<Schema>, Wire> = Same<
  Plain<z.output<Schema>[Key]>,
  Plain<Wire[]>
>;

/** An area of the client. */
export interface OperationArea {
  /**
   * That each wire type is what a schema reads. The interfaces are written by hand, so that no zod type is in a public
   * declaration; the compiler keeps the two equal, and there is nothing to run.
   */
  wireTypes: readonly [true, ...true[]];
  operations: readonly Operation[];
  /** Calls each operation of the area, so that the emulator serves it. */
  callEach(api: EmulatedApi): Promise<void>;
}

/** Id of a cluster, with a character that must be escaped. */
export const id = "c/1";
export const clusters = "/api/v1/clusters";
export const ofCluster = `${clusters}/{cluster_id}`;
/** The path that `ofCluster` stands for. */
export const base = `${clusters}/c%2F1`;
export const range = { startTime: "2026-01-01T00:00:00Z", endTime: "2026-02-01T00:00:00Z" };
export const rangeText = "start_time=2026-01-01T00%3A00%3A00Z&end_time=2026-02-01T00%3A00%3A00Z";
