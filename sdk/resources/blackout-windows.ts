// Blackout windows of Advanced clusters.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { OrderedListQuery } from "../http/pagination";
import { defaultPageSize, orderOf } from "../http/pagination";
import { path } from "../http/path";
import { paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** A time in which the service leaves a cluster alone. */
export interface WireBlackoutWindow {
  /** UUID. */
  id: string;
  cluster_id: string;
  /** RFC 3339. */
  start_time: string;
  /** RFC 3339. */
  end_time: string;
}

/** Body of `create`. */
export interface CreateBlackoutWindowRequest {
  /** RFC 3339; at least 7 days ahead. */
  start_time: string;
  /** RFC 3339; at most 14 days after the start and three months ahead. */
  end_time: string;
}

/** Body of `update`; what is left out stays. */
export type UpdateBlackoutWindowRequest = Partial<CreateBlackoutWindowRequest>;

/** @internal */
export const blackoutWindowSchema = z.object({
  id: z.string().min(1),
  cluster_id: textSchema,
  start_time: z.string(),
  end_time: z.string(),
});

/** @internal */
export const blackoutWindowListSchema = z.object({
  blackout_windows: z.array(blackoutWindowSchema).default([]),
  pagination: paginationSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

function windowsOf(clusterId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/blackout-windows`,
    object: `the blackout windows of cluster ${clusterId}`,
    schema: blackoutWindowListSchema,
  };
}

function blackoutWindow(clusterId: string, id: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/blackout-windows/${id}`,
    object: `blackout window ${id} of cluster ${clusterId}`,
    schema: blackoutWindowSchema,
  };
}

/** The blackout windows of an Advanced cluster. The organization must be enrolled for them. */
export class BlackoutWindowsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the windows by their start, those of the past too. */
  list(
    clusterId: string,
    query: OrderedListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireBlackoutWindow> {
    const call = operation("GET", windowsOf(clusterId), permitted, {
      verb: "Listing",
      query: orderOf(query),
    });
    const { pageSize = defaultPageSize } = query;
    return this.#caller.list(call, (response) => response.blackout_windows, pageSize, options);
  }

  /**
   * Creates a window. It is sent once: repeated only where the first try certainly had no effect. When
   * the error says `effect: "unknown"`, the window may exist.
   */
  async create(
    clusterId: string,
    body: CreateBlackoutWindowRequest,
    options?: RequestOptions,
  ): Promise<WireBlackoutWindow> {
    const target = {
      ...windowsOf(clusterId),
      object: `a blackout window of cluster ${clusterId}`,
      schema: blackoutWindowSchema,
    };
    return await this.#caller.run(operation("POST", target, permitted, { body }), options);
  }

  /** Reads a window. */
  async get(clusterId: string, id: string, options?: RequestOptions): Promise<WireBlackoutWindow> {
    const call = operation("GET", blackoutWindow(clusterId, id), permitted);
    return await this.#caller.run(call, options);
  }

  /** Moves the start or the end of a window. */
  async update(
    clusterId: string,
    id: string,
    body: UpdateBlackoutWindowRequest,
    options?: RequestOptions,
  ): Promise<WireBlackoutWindow> {
    const call = operation("PATCH", blackoutWindow(clusterId, id), permitted, { body });
    return await this.#caller.run(call, options);
  }

  /**
   * Deletes a window. One that a repeated request does not find counts as deleted; one that was never there
   * is a `NotFoundError`.
   */
  async delete(clusterId: string, id: string, options?: RequestOptions): Promise<void> {
    const call = operation("DELETE", blackoutWindow(clusterId, id), permitted);
    await this.#caller.delete(call, options);
  }
}
