/** Messages to the log service of the engine, which takes the URN that a message belongs to. */
import type { Reporter } from "./status-line";

/** A hung engine must never hold up an operation. */
const deliveryTimeoutMs = 1_000;

/** What an adapter has of Pulumi's generated classes. */
export interface EngineLog<Request extends LogMessage> {
  readonly LogRequest: new () => Request;
  readonly LogSeverity: { readonly INFO: number; readonly WARNING: number };
  send(request: Request, options: { deadline: number }, done: () => void): unknown;
}

interface LogMessage {
  setSeverity(severity: number): unknown;
  setMessage(message: string): unknown;
  setUrn(urn: string): unknown;
  setEphemeral(isEphemeral: boolean): unknown;
}

/** The reporter of an engine. */
export function reporterTo<Request extends LogMessage>({
  LogRequest,
  LogSeverity,
  send,
}: EngineLog<Request>): Reporter {
  return {
    report(urn, severity, message, options = {}) {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(options.ephemeral === true);
      return new Promise((resolve) => {
        // A message that cannot be delivered is no reason to fail the operation it is about.
        send(request, { deadline: Date.now() + deliveryTimeoutMs }, () => resolve());
      });
    },
  };
}
