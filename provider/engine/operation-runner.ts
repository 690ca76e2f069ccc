/** Runs the operations of a resource, so that whatever they throw becomes one readable message without secrets. */
import type { Redact } from "../../sdk/http/redaction";
import { redactor } from "../../sdk/http/redaction";
import { stripControlCharacters } from "../../sdk/http/sanitize";
import { AuthenticationError, withAdvice } from "../../sdk/index";
import { InitializationError, messageOf } from "../resource/errors";
import type { Secrets } from "../values/secrets";
import type { Adapter, ResourceInfo, StorableResource } from "./adapter";
import { OperationError } from "./adapter";
import { onItsLine } from "./status-line";

export class OperationRunner {
  readonly #adapter: () => Adapter;

  constructor(adapter: () => Adapter) {
    this.#adapter = adapter;
  }

  /**
   * Runs an operation.
   * @param keep what to keep in state when the object exists and something failed afterwards
   */
  async run<Result>(
    resource: ResourceInfo,
    secrets: Secrets,
    operation: (redact: Redact) => Promise<Result>,
    keep?: (failure: InitializationError) => StorableResource,
  ): Promise<Result> {
    const redact = this.#redactorFor(secrets);
    try {
      return await operation(redact);
    } catch (error) {
      const kept = error instanceof InitializationError ? keep?.(error) : undefined;
      throw this.#withoutSecrets(error, resource, redact, kept);
    }
  }

  /** Runs an operation that sends requests: their progress shows on the resource's line. */
  async runOnLine<Result>(
    resource: ResourceInfo,
    secrets: Secrets,
    operation: (redact: Redact) => Promise<Result>,
    keep?: (failure: InitializationError) => StorableResource,
  ): Promise<Result> {
    const onLine = (redact: Redact) => {
      const show = (text: string) =>
        this.#adapter().reporter.report(resource.urn ?? "", "info", redact(text), {
          ephemeral: true,
        });
      return onItsLine(show, () => operation(redact), endState);
    };
    return await this.run(resource, secrets, onLine, keep);
  }

  /** The error as one message: its cause and its members could hold secrets. */
  #withoutSecrets(
    error: unknown,
    resource: ResourceInfo,
    redact: Redact,
    kept?: StorableResource,
  ): OperationError {
    const isRefused = AuthenticationError.isInstance(error);
    const advice = isRefused ? this.#adapter().credentialAdvice(resource) : undefined;
    const advised = isRefused && advice !== undefined ? withAdvice(error, advice) : error;
    const message = this.#adapter().run.withClusterNames(messageOf(advised));
    return new OperationError(redact(message), kept);
  }

  /** Masks the credential, and whatever is secret in arguments and outputs. */
  #redactorFor(secrets: Secrets): Redact {
    let redact: Redact | undefined;
    return (text) => {
      redact ??= redactor([...this.#adapter().credentialTexts(), ...secrets.texts]);
      return stripControlCharacters(redact(text));
    };
  }
}

/** What the service calls the state of an object, where it has one. A deletion says itself what it has come to. */
function endState(result: unknown): string {
  if (result === undefined) return "not found";
  if (typeof result === "string") return result;
  const { outputs } = result as StorableResource;
  const named = [outputs["status"], outputs["state"]].find((state) => typeof state === "string");
  return (named as string | undefined) ?? "ready";
}
