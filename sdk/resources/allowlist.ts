// The addresses that may connect to a cluster.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { flagSchema, numberSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";
import { withoutStack } from "../http/without-stack";

/** A range of addresses that may connect. */
export interface WireAllowlistEntry {
  /** IPv4 address, `"203.0.113.0"`. */
  cidr_ip: string;
  /** Length of the prefix, 0 to 32. */
  cidr_mask: number;
  /** For people; may be empty. */
  name: string;
  /** Whether SQL clients may connect from there. */
  sql: boolean;
  /** Whether the DB Console may be opened from there. */
  ui: boolean;
}

/** Body of `add`. */
export interface AddAllowlistEntryRequest {
  cidr_ip: string;
  cidr_mask: number;
  /** @default "" */
  name?: string;
  sql: boolean;
  ui: boolean;
}

/** Body of `update`. */
export interface UpdateAllowlistEntryRequest {
  /** What is left out stays. */
  name?: string;
  sql: boolean;
  ui: boolean;
}

/** All entries of a cluster, and whether they are in force. */
export interface AllowlistReading {
  entries: WireAllowlistEntry[];
  /** Whether the last changes are still on their way to the nodes. */
  propagating: boolean;
}

/** @internal */
export const allowlistEntrySchema = z.object({
  cidr_ip: z.string().min(1),
  cidr_mask: numberSchema,
  name: textSchema,
  sql: flagSchema,
  ui: flagSchema,
});

/** @internal */
export const allowlistSchema = z.object({
  allowlist: z.array(allowlistEntrySchema),
  propagating: flagSchema,
  pagination: paginationSchema,
});

const toList = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA", "CO"], everywhere);

/**
 * The IP allowlist of a cluster. The API has no way to read a single entry. An entry is named by its
 * address and mask, which cannot be changed.
 */
export class AllowlistApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the entries by address. */
  list(
    clusterId: string,
    query: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireAllowlistEntry> {
    return this.#entries(clusterId, query, options, () => undefined);
  }

  /** Reads all pages of the list, and whether the last changes are still on their way. */
  async read(
    clusterId: string,
    query: ListQuery = {},
    options?: RequestOptions,
  ): Promise<AllowlistReading> {
    const reading: AllowlistReading = { entries: [], propagating: false };
    const entries = this.#entries(clusterId, query, options, (propagating) => {
      reading.propagating ||= propagating;
    });
    for await (const entry of entries) reading.entries.push(entry);
    return reading;
  }

  /**
   * Adds an entry. It is sent once: repeated only where the first try certainly had no effect. When
   * the error says `effect: "unknown"`, the entry may exist.
   */
  async add(
    clusterId: string,
    entry: AddAllowlistEntryRequest,
    options?: RequestOptions,
  ): Promise<WireAllowlistEntry> {
    const object = entryObject(entry.cidr_ip, entry.cidr_mask, clusterId);
    const call: ApiCall<WireAllowlistEntry> = {
      method: "POST",
      path: path`/api/v1/clusters/${clusterId}/networking/allowlist`,
      body: entry,
      operation: `Adding ${object}`,
      object,
      permission: toWrite,
      schema: allowlistEntrySchema,
    };
    return await this.#caller.run(call, options);
  }

  /** Adds an entry, or replaces the one of the same address. */
  async put(
    clusterId: string,
    entry: AddAllowlistEntryRequest,
    options?: RequestOptions,
  ): Promise<WireAllowlistEntry> {
    const { cidr_ip: cidrIp, cidr_mask: cidrMask, ...body } = entry;
    const call = oneEntry("PUT", "Setting", clusterId, cidrIp, cidrMask);
    return await this.#caller.run({ ...call, body }, options);
  }

  /** Changes what an entry is for. */
  async update(
    clusterId: string,
    cidrIp: string,
    cidrMask: number,
    body: UpdateAllowlistEntryRequest,
    options?: RequestOptions,
  ): Promise<WireAllowlistEntry> {
    const call = oneEntry("PATCH", "Changing", clusterId, cidrIp, cidrMask);
    return await this.#caller.run({ ...call, body }, options);
  }

  /**
   * Removes an entry and returns it, or `undefined` when the response does not have it. One that a
   * retry does not find counts as removed; one that never existed is a `NotFoundError`.
   */
  async delete(
    clusterId: string,
    cidrIp: string,
    cidrMask: number,
    options?: RequestOptions,
  ): Promise<WireAllowlistEntry | undefined> {
    const call = oneEntry("DELETE", "Removing", clusterId, cidrIp, cidrMask);
    return await this.#caller.delete(call, options);
  }

  #entries(
    clusterId: string,
    query: ListQuery,
    options: RequestOptions | undefined,
    onPage: (propagating: boolean) => void,
  ): AsyncIterable<WireAllowlistEntry> {
    const call: ApiCall<z.output<typeof allowlistSchema>> = {
      method: "GET",
      path: path`/api/v1/clusters/${clusterId}/networking/allowlist`,
      operation: `Listing the allowlist of cluster ${clusterId}`,
      object: `cluster ${clusterId}`,
      permission: toList,
      schema: allowlistSchema,
    };
    return this.#caller.list(
      call,
      (response): WireAllowlistEntry[] => {
        onPage(response.propagating);
        return response.allowlist;
      },
      query.pageSize ?? defaultPageSize,
      options,
    );
  }
}

function oneEntry(
  method: "PUT" | "PATCH" | "DELETE",
  doing: string,
  clusterId: string,
  cidrIp: string,
  cidrMask: number,
): ApiCall<WireAllowlistEntry> {
  const object = entryObject(cidrIp, cidrMask, clusterId);
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/networking/allowlist/${cidrIp}/${maskText(cidrMask)}`,
    operation: `${doing} ${object}`,
    object,
    permission: toWrite,
    schema: allowlistEntrySchema,
  };
}

function maskText(cidrMask: number): string {
  if (!Number.isInteger(cidrMask)) {
    throw withoutStack(new RangeError(`cidr_mask must be a whole number, not ${cidrMask}.`));
  }
  return String(cidrMask);
}

function entryObject(cidrIp: string, cidrMask: number, clusterId: string): string {
  return `allowlist entry ${cidrIp}/${cidrMask} of cluster ${clusterId}`;
}
