/** Failures that the shell treats in a way of their own. */
import { RequestError } from "../sdk";

/** The API has accepted the object, and then something failed: its id and properties go into state. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly properties: Record<string, unknown>;

  constructor(message: string, id: string, properties: object, options?: ErrorOptions) {
    super(message, options);
    this.id = id;
    this.properties = { ...properties };
  }
}

/** The provider has no usable credential or server address. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** The operation was ended by Ctrl-C or SIGTERM. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** Whether a failed request may have changed something, so that one looks before one repeats it. */
export function mayHaveHadEffect(error: unknown): boolean {
  return RequestError.isInstance(error) && error.effect === "unknown";
}

/** What a thrown thing says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
