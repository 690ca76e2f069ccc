// What the engine calls, by whatever protocol.

import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { ResourceOptions } from "./program";
import type { Properties } from "./values";

/** What a request of the engine holds beside properties; Pulumi's dynamic server drops it. */
export interface RequestInfo {
  readonly urn: string;
  /** The inputs of the last run. */
  readonly oldInputs: Properties;
  readonly timeouts: ResourceOptions["customTimeouts"];
  /** Whether the plugin is to return what the operation would lead to, and to do nothing. */
  readonly preview?: true;
}

/** The operations of one kind of resources. */
export interface Door {
  check(
    olds: Properties,
    news: Properties,
    info: RequestInfo,
  ): ReturnType<DynamicProvider["check"]>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
    info: RequestInfo,
  ): ReturnType<DynamicProvider["diff"]>;
  create(inputs: Properties, info: RequestInfo): ReturnType<DynamicProvider["create"]>;
  read(id: string, props: Properties, info: RequestInfo): ReturnType<DynamicProvider["read"]>;
  update(
    id: string,
    olds: Properties,
    news: Properties,
    info: RequestInfo,
  ): ReturnType<DynamicProvider["update"]>;
  delete(id: string, props: Properties, info: RequestInfo): Promise<void>;
}
