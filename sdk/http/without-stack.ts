/**
 * Leaves an error its sentence alone. The frames of this package help no reader, and with those of `@pulumi/pulumi`,
 * whose source maps put files directly below a scope of `node_modules`, Node.js 20.20 and 22.23 take a minute and
 * gigabytes to print them.
 */
export function withoutStack<Failure extends Error>(error: Failure): Failure {
  // To define the property once more would format the frames first.
  error.stack = "";
  return error;
}
