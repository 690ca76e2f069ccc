/** Outputs that fail: those of a refused resource in unit tests, and those that others are made of. */
import * as pulumi from "@pulumi/pulumi";

/**
 * Under `setMocks`, a refused resource rejects every output, and the test awaits one of them: the others must not
 * count as unhandled. On an engine they stay as they are, because the program learns of some failures by nothing else.
 */
export function withHandledRejections(
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  return isMocked()
    ? pulumi.mergeOptions(options, { transformations: [handleRejections] })
    : options;
}

/** The monitor of `setMocks`, whose class Pulumi does not export, holds the mocks. */
function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

/**
 * What resources are made of, where it fails: Pulumi never registers them then, and their outputs never settle. Only
 * under `setMocks`.
 */
const failuresOfArguments = new WeakMap<pulumi.Resource, Promise<never>>();

/** Each fails when the output can never settle, because what a resource behind it is made of has failed. */
export function failuresBehind(output: pulumi.Output<unknown>): Promise<never>[] {
  // Every SDK of Pulumi reads another one's outputs by this method.
  const { resources } = output as unknown as { resources(): Set<pulumi.Resource> };
  return [...resources.call(output)].flatMap((one) => failuresOfArguments.get(one) ?? []);
}

function failureOf(args: unknown, others: readonly unknown[]): Promise<never> {
  const failure = new Promise<never>((_, reject) => {
    for (const output of outputsIn([args, ...others])) {
      const { promise } = output as unknown as { promise(): Promise<unknown> };
      for (const one of [promise.call(output), ...failuresBehind(output)]) one.catch(reject);
    }
  });
  failure.catch(() => {});
  return failure;
}

function outputsIn(value: unknown): pulumi.Output<unknown>[] {
  if (pulumi.Output.isInstance(value)) return [value];
  if (pulumi.Resource.isInstance(value)) return [value.urn];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(outputsIn) : [];
}

const handleRejections: pulumi.ResourceTransformation = ({ resource, props, opts }) => {
  failuresOfArguments.set(resource, failureOf(props, [opts.dependsOn, opts.parent]));
  // The constructor of the resource makes them right after this.
  queueMicrotask(() => {
    for (const value of Object.values(resource)) {
      if (pulumi.Output.isInstance(value)) reportedElsewhere(value);
    }
  });
  return undefined;
};

/**
 * The same output, made of others that may be those of a refused resource. A unit test that awaits one of the others
 * leaves this one alone, so under `setMocks` it must not count as unhandled.
 */
export function madeOfOthers<Value>(output: pulumi.Output<Value>): pulumi.Output<Value> {
  if (isMocked()) {
    const { promise, allResources } = output as unknown as Record<string, () => Promise<unknown>>;
    for (const read of [promise, allResources]) read?.call(output).catch(() => {});
    reportedElsewhere(output);
  }
  return output;
}

/** The same output, of whose failure the program learns by another one: here it must not count as unhandled too. */
export function reportedElsewhere<Value>(output: pulumi.Output<Value>): pulumi.Output<Value> {
  const { isKnown, isSecret } = output as unknown as Record<string, Promise<boolean>>;
  for (const promise of [isKnown, isSecret]) promise?.catch(() => {});
  return output;
}
