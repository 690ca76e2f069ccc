/** The explicit provider: another organization, or a key that is itself an output. */
import * as pulumi from "@pulumi/pulumi";
import { configurationKeys, explicitProviderKey, providerArguments } from "../engine/configuration";
import { forProgram } from "../resource/errors";
import { likelyName } from "../resource/misspelt-argument";
import { isLeftOut } from "../values/left-out";

/** Arguments of an explicit provider. What is left out comes from the environment. */
export interface ProviderArgs {
  /**
   * API key of a service account, `CCDB1_…`. Kept as a secret.
   * @default `COCKROACH_API_KEY`
   */
  apiKey?: pulumi.Input<string>;
  /**
   * JWT of a registered issuer, in place of an API key. Kept as a secret.
   * @default `COCKROACH_API_JWT`
   */
  apiJwt?: pulumi.Input<string>;
  /**
   * Vanity name of the organization that the JWT is for.
   * @default `COCKROACH_VANITY_NAME`
   */
  vanityName?: pulumi.Input<string>;
  /**
   * Whom the JWT stands for, where it stands for several identities: the e-mail address of a person, or the id of a
   * service account. An API key stands for its service account alone, so it has no effect beside one.
   * @default `COCKROACH_USERNAME`
   */
  username?: pulumi.Input<string>;
  /**
   * Address of the API.
   * @default `COCKROACH_SERVER`, else `https://cockroachlabs.cloud`
   */
  serverUrl?: pulumi.Input<string>;
}

/** Another copy of this package finds it too. What it leads to is a function, so that nothing prints the key. */
const argumentsKey = Symbol.for("pulumi-cockroachdb-cloud/provider-arguments");

/**
 * A provider with settings of its own, to be passed to resources as `provider`. Each has its own
 * process. Without one, resources use the environment and the stack configuration.
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * @param name name of the provider
   * @param args credential and address
   * @param options Pulumi's options of resources
   */
  constructor(name: string, args: ProviderArgs = {}, options?: pulumi.ResourceOptions) {
    const { apiKey, apiJwt, vanityName, username, serverUrl, ...others } = args;
    refuseOthers(name, Object.keys(others));
    const given = {
      [explicitProviderKey]: "true",
      ...providerArguments<pulumi.Input<string> | undefined>({
        apiKey: isLeftOut(apiKey) ? undefined : pulumi.secret(apiKey),
        apiJwt: isLeftOut(apiJwt) ? undefined : pulumi.secret(apiJwt),
        vanityName,
        username,
        serverUrl,
      }),
    };
    super("pulumi-nodejs", name, given, options);
    Object.defineProperty(this, argumentsKey, { value: () => pulumi.output(given) });
  }
}

/** A key under a misspelt name would let the environment's count, maybe that of another organization. */
function refuseOthers(provider: string, [other]: string[]): void {
  if (other === undefined) return;
  const likely = likelyName(Object.keys(configurationKeys), other);
  const advice = likely === undefined ? "Remove it." : `Did you mean ${likely}?`;
  throw forProgram(new Error(`Provider "${provider}": ${other} is not an argument. ${advice}`));
}

/**
 * The arguments of an explicit provider by their keys, for the functions of the program; secret where
 * one of them is. Undefined when it is no provider of this package.
 * @internal
 */
export function argumentsOf(
  provider: pulumi.ProviderResource,
): pulumi.Output<Record<string, string>> | undefined {
  return Reflect.get(provider, argumentsKey)?.();
}
