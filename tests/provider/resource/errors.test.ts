import { strict as assert } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import {
  ConfigurationError,
  DeletedError,
  forProgram,
  InitializationError,
  InterruptedError,
  inProgram,
  mayHaveHadEffect,
  messageOf,
} from "../../../provider/resource/errors";
import { ConnectionError } from "../../../sdk";

describe("Failures of the provider", () => {
  it("bear the names of their classes, for whoever meets one as a cause", () => {
    const cause = new Error("lost");
    const failures = [
      new ConfigurationError("no key"),
      new DeletedError("no cluster"),
      new InitializationError("not ready", { id: "i", outs: {}, cause }),
      new InterruptedError(),
    ];
    assert.deepEqual(
      failures.map(({ name }) => name),
      ["ConfigurationError", "DeletedError", "InitializationError", "InterruptedError"],
    );
    assert.equal(failures[2]?.cause, cause);
  });

  it("say of an interruption what the next run does, unless there is more to say", () => {
    const { message } = new InterruptedError();
    assert.match(message, /^The run was interrupted .* Run it again: it first checks/);
    const cause = new Error("aborted");
    const other = new InterruptedError("Stopped waiting.", { cause });
    assert.deepEqual([other.message, other.cause], ["Stopped waiting.", cause]);
  });

  it("may have had an effect only where a request is not known to have had none", () => {
    const request = { method: "POST", path: "/", operation: "Creating", object: "o", reason: "r" };
    const of = (effect: "none" | "unknown") =>
      new ConnectionError({ ...request, effect, isRetryable: false });
    assert.equal(mayHaveHadEffect(of("unknown")), true);
    assert.equal(mayHaveHadEffect(of("none")), false);
    assert.equal(mayHaveHadEffect(Object.assign(new Error(), { effect: "unknown" })), false);
    assert.equal(mayHaveHadEffect(undefined), false);
  });

  it("have a message, whatever was thrown", () => {
    assert.equal(messageOf(new TypeError("broken")), "broken");
    assert.equal(messageOf("a text"), "a text");
    assert.equal(messageOf(undefined), "undefined");
  });

  it("end the user's program without a stack, as Pulumi's own RunError does", () => {
    const ended = (error: unknown) => RunError.isInstance(error) && (error as Error).stack === "";
    assert.ok(ended(forProgram(new Error("no"))));
    assert.ok(ended(new ConfigurationError("no key")));
    assert.equal(inProgram((value: number) => value + 1)(1), 2);
    const work = inProgram(() => {
      throw new RangeError("too far");
    });
    assert.throws(work, (error: Error) => {
      assert.equal(error.message, "too far");
      return error instanceof RangeError && ended(error);
    });
  });
});
