/** The value of an output for a test to await. */
import type * as pulumi from "@pulumi/pulumi";
import { failuresBehind, reportedElsewhere } from "../provider/program/rejected-outputs";

/**
 * The value of an output. Fails when a resource that it comes from has failed, or what a resource of this package is
 * made of, where `apply` would never be called and the test would end by its time limit.
 */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  // What Pulumi's own SDKs ask of each other's outputs.
  const { promise } = reportedElsewhere(output) as unknown as { promise(): Promise<T> };
  return Promise.race([promise.call(output), ...failuresBehind(output)]);
}
