/**
 * What the transforms of a program make secret, whether a resource has them, one of its parents, or the stack.
 *
 * They come after the class. A server in the program's process calls them, which knows nothing of the context in which an inline
 * program of the Automation API runs, and without it Pulumi drops the marks of secrets. So each one is called in the
 * context that registers it, and the secrets that it gives to a resource of this package are recorded like those of the program.
 */
import { AsyncResource } from "node:async_hooks";
import type * as pulumi from "@pulumi/pulumi";
import { CallbackServer } from "@pulumi/pulumi/runtime/callbacks";
import { arePassed, withSecretPaths } from "../dynamic/hidden-inputs";
import { secretPathsOfResource } from "./secret-paths";

type Callback = (request: Uint8Array) => Promise<unknown>;

// Known to every copy of this package in a program.
const isDone = Symbol.for("pulumi-cockroachdb-cloud/transforms");

/** Makes Pulumi keep what transforms make secret, from now on. */
export function keepSecretsOfTransforms(): void {
  const { prototype } = CallbackServer;
  if (isDone in prototype) return;
  Object.defineProperty(prototype, isDone, { value: true });
  const register = prototype.registerTransform;
  prototype.registerTransform = async function (this: CallbackServer, transform) {
    const registered = await register.call(this, recordingSecrets(transform));
    const callbacks: Map<string, Callback> | undefined = Reflect.get(this, "_callbacks");
    const callback = callbacks?.get(registered.getToken());
    if (callback !== undefined) {
      callbacks?.set(registered.getToken(), AsyncResource.bind(callback));
    }
    return registered;
  };
}

function recordingSecrets(transform: pulumi.ResourceTransform): pulumi.ResourceTransform {
  return async (given) => {
    const result = await transform(given);
    if (result === undefined || !arePassed(result.props)) return result;
    return {
      ...result,
      props: withSecretPaths(result.props, await secretPathsOfResource(result.props)),
    };
  };
}
