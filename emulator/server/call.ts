// A request on its way through the emulator, and what an area provides to handle it. An area only maps the names
// of operations to handlers; everything else is known from the table of operations.

import type { EmulatorContext } from "../context";
import type { Organization } from "../organization/organization";
import type { CallerRecord } from "../organization/principals";
import type { Operation } from "./operation";
import type { MessageShape, ReadingRules } from "./protojson";
import { readMessage } from "./protojson";

/** One authorised request, as a handler sees it. */
export interface Call {
  readonly operation: Operation;
  readonly context: EmulatorContext;
  readonly organization: Organization;
  /** Whom the key or token stands for. */
  readonly caller: CallerRecord;
  /** Path parameters, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The cluster that the path names, by its UUID; "" when the path has none. */
  readonly clusterId: string;
  readonly query: URLSearchParams;
  /** The body as text, "" when there was none. */
  readonly body: string;
  /** The `Cc-Trace-Id` of the response. */
  readonly traceId: string;
  /** The emulator's time of the call. */
  readonly now: number;
  /** The action for the audit log, where the operation does not say it; "" where nothing was changed. */
  auditAction?: string;
}

/** Reads the body of a call. @throws the API's error for a malformed one. */
export function readBody<Message>(
  call: Call,
  shape: MessageShape,
  unknownKeys: ReadingRules["unknownKeys"] = "ignored",
): Message {
  const { protobufVersion } = call.context.assumptions;
  return readMessage<Message>(call.body, shape, { unknownKeys, protobufVersion });
}

/** The body of a response that is no JSON. */
export class PlainText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Carries out one operation and returns the body of its 200 response. Handlers run to the end without
 * interruption, so no call sees another one half done.
 */
export type Handler = (call: Call) => object;

/** The handlers of operations by their names. */
export type HandlerTable = Readonly<Record<string, Handler>>;
