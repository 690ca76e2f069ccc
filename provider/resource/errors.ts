/** Failures that operations treat in a way of their own. */

import { withoutStack } from "../../sdk/http/without-stack";
import { RequestError } from "../../sdk/index";
import { withArticle } from "./id-form";

/** The API has accepted the object, and then something failed: its id and outputs go into state. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly outs: object;

  constructor(message: string, { id, outs, cause }: { id: string; outs: object; cause: unknown }) {
    super(message, { cause });
    this.id = id;
    this.outs = outs;
  }
}

/** The provider has no usable credential or server address. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    forProgram(this);
  }
}

/** The response to a POST has an id that no read finds: what was created has another one. */
export class UnconfirmedIdError extends Error {
  override readonly name = "UnconfirmedIdError";

  constructor(noun: string, id: string) {
    super(
      `Creating the ${noun} failed: the response has the id ${JSON.stringify(id)}, which no read finds. Run the update again, which finds what may have been created.`,
    );
  }
}

/** A name was given where an id is needed. */
export function nameForId(
  noun: string,
  given: string,
  idFormat: string,
  ids: readonly string[],
): Error {
  return new Error(
    `${JSON.stringify(given)} is no id of ${withArticle(noun)}, which is ${idFormat}. That of the ${noun} of this name is ${ids.join(" or ")}.`,
  );
}

/** A forced replacement looks like a creation, and an import would adopt what it is about to delete. */
export const ifReplaced =
  "If this run replaces it (--replace, `pulumi state taint`), add the option deleteBeforeReplace: true instead.";

/** The object was deleted in the middle of an operation on it. */
export class DeletedError extends Error {
  override readonly name = "DeletedError";
}

/** The operation was ended by Ctrl-C or SIGTERM. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  constructor(message?: string, options?: ErrorOptions) {
    super(
      message ??
        "The run was interrupted before this operation was done. Run it again: it first checks what this one has done.",
      options,
    );
  }
}

/** Whether a failed request may have changed something, so that it is read before it is repeated. */
export function mayHaveHadEffect(error: unknown): boolean {
  return (
    (RequestError.isInstance(error) && error.effect === "unknown") ||
    error instanceof UnconfirmedIdError
  );
}

/**
 * Lets an error end the user's program with its sentence alone: Pulumi prints no stack for its own `RunError`, which it
 * recognizes by this member.
 */
export function forProgram<Failure extends Error>(error: Failure): Failure {
  return Object.defineProperty(withoutStack(error), "__pulumiRunError", { value: true });
}

/** The same work for the user's program: what it throws is an error `forProgram`. */
export function inProgram<Arguments extends unknown[], Result>(
  work: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      throw forProgram(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** What a thrown thing says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
