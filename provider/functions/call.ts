/**
 * How a function of the program asks the API.
 *
 * Functions run in the user's program, also in a preview: Pulumi's dynamic server has none. A
 * plain function returns a promise; its twin takes outputs and returns one, which keeps what Pulumi
 * knows of its arguments: on what they depend, whether they are secret, and whether they are known yet.
 */
import * as pulumi from "@pulumi/pulumi";
import { redactedError, redactor } from "../../sdk/http/redaction";
import { AuthenticationError, withAdvice } from "../../sdk/index";
import type { ConfigurationSource } from "../engine/configuration";
import {
  connectionFor,
  credentialArgument,
  ownCredentials,
  settingsFrom,
} from "../engine/configuration";
import { onItsLine } from "../engine/status-line";
import type { Provider } from "../program/explicit-provider";
import { argumentsOf } from "../program/explicit-provider";
import { madeOfOthers } from "../program/rejected-outputs";
import { secretPathsOf } from "../program/secret-paths";
import { ConfigurationError, forProgram, messageOf } from "../resource/errors";
import type { Connection } from "../resource/lifecycle";
import { typeToken } from "../resource/resource-types";
import { withoutLeftOut } from "../values/left-out";
import { textsAt } from "../values/secrets";

/** Options of a function. */
export interface FunctionOptions {
  /**
   * The provider whose organization is read.
   * @default that of `parent`; else the environment and the stack configuration, as resources do
   */
  provider?: Provider;
  /** A component; the function uses the provider that its children use. */
  parent?: pulumi.Resource;
}

/** A function of the public surface. @internal */
export interface ProviderFunction<Args, Result> {
  /** Its name, for errors. */
  name: string;
  /** Whatever it returns is secret. @default what its arguments make secret */
  isSecret?: true;
  read(connection: Connection, args: Args): Promise<Result>;
}

/** An argument that no request can be made of. @internal */
export class ArgumentError extends TypeError {
  override readonly name = "ArgumentError";

  constructor(message: string) {
    super(message);
    forProgram(this);
  }

  /** Whether it is such an error, also as a copy without secrets. */
  static isInstance(error: unknown): error is Error {
    return error instanceof Error && error.name === "ArgumentError";
  }
}

/** Asks now. Fails with one sentence. @internal */
export async function callFunction<Args extends object, Result>(
  { name, read }: ProviderFunction<Args, Result>,
  written: Args,
  options: FunctionOptions | undefined,
): Promise<Result> {
  const args = withoutLeftOut(written ?? {}) as Args;
  for (const [key, value] of Object.entries(args)) {
    if (isLater(value)) {
      throw new ArgumentError(
        `${name} takes plain values, and ${key} is an output, a promise or a resource: call ${name}Output, which takes all of these.`,
      );
    }
  }
  const source = await sourceNow(name, options);
  return await readably(name, source, showLog(name), () => read(connectionTo(source), args));
}

/** Asks as soon as the arguments are known; until then, in a preview, the result is unknown. @internal */
export function callFunctionOutput<Args, Result>(
  { name, read }: ProviderFunction<Args, Result>,
  args: object,
  options: FunctionOptions | undefined,
): pulumi.Output<Result> {
  const values = Object.fromEntries(
    Object.entries(args ?? {}).map(([key, value]) => [key, argument(value)]),
  );
  const plain = madeOfOthers(pulumi.output(values));
  const known = pulumi.all([sourceOutput(options), plain, secretPathsOf(values)]);
  const result = madeOfOthers(known).apply(([values, plain, places]) => {
    const source = sourceFrom(values);
    return readably(
      name,
      source,
      showLog(name),
      () => read(connectionTo(source), withoutLeftOut(plain) as unknown as Args),
      textsAt(plain as Record<string, unknown>, places),
    );
  });
  return madeOfOthers(result) as pulumi.Output<Result>;
}

/** Resources and dates as what `pulumi.output` can take. */
function argument(value: unknown): unknown {
  if (pulumi.CustomResource.isInstance(value)) return value.id;
  // Pulumi would make an empty object of a date.
  if (value instanceof Date) return textOf(value);
  if (value instanceof Promise) return value.then(argument);
  return value;
}

/** A date as the API writes it; an impossible one as what a reader can recognise. @internal */
export function textOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? String(date) : date.toISOString();
}

function isLater(value: unknown): boolean {
  return (
    pulumi.Output.isInstance(value) || pulumi.Resource.isInstance(value) || value instanceof Promise
  );
}

async function sourceNow(
  name: string,
  options: FunctionOptions | undefined,
): Promise<ConfigurationSource> {
  const given = explicitArguments(options);
  if (given === undefined) return sourceFrom(undefined);
  // What Pulumi's own SDKs ask of each other's outputs; without it, a promise for an unknown key never ends.
  const { promise, isKnown } = given as unknown as {
    promise(): Promise<Record<string, string>>;
    isKnown: Promise<boolean>;
  };
  const values = await promise.call(given);
  if (!(await isKnown)) {
    throw new ConfigurationError(
      `${name} cannot ask in this preview, because an argument of the explicit provider is not known yet: call ${name}Output, whose result is unknown until then.`,
    );
  }
  return sourceFrom(values);
}

/** Not secret although it holds the key: the key decides which organization responds, and is no part of the result. */
function sourceOutput(
  options: FunctionOptions | undefined,
): pulumi.Output<Record<string, string> | undefined> {
  const given = explicitArguments(options);
  return given === undefined ? pulumi.output(undefined) : pulumi.unsecret(given);
}

function explicitArguments({
  provider,
  parent,
}: FunctionOptions = {}): pulumi.Output<Record<string, string>> | undefined {
  const given = provider && argumentsOf(provider);
  if (provider !== undefined && given === undefined) {
    throw new ConfigurationError(
      "The provider of a function must be a Provider of pulumi-cockroachdb-cloud.",
    );
  }
  const inherited = parent?.getProvider(typeToken("Cluster"));
  return given ?? (inherited && argumentsOf(inherited));
}

/** The arguments of an explicit provider, else the configuration of the stack. */
function sourceFrom(values: Record<string, string> | undefined): ConfigurationSource {
  return { get: (key) => (values === undefined ? pulumi.runtime.getConfig(key) : values[key]) };
}

function connectionTo(source: ConfigurationSource): Connection {
  try {
    return connectionFor(settingsFrom(source, process.env), source);
  } catch (error) {
    throw new ConfigurationError(messageOf(error), { cause: error });
  }
}

function showLog(name: string): Show {
  return (text) => pulumi.log.info(`${name}: ${text}`, undefined, undefined, true);
}

/** Shows what a function is waiting for. */
type Show = (text: string) => Promise<void>;

/**
 * Lets a failure end the caller with one sentence, which leaves out the texts that the program keeps secret.
 * @internal
 */
export async function readably<Result>(
  name: string,
  source: ConfigurationSource,
  show: Show,
  work: () => Promise<Result>,
  secrets: readonly string[] = [],
): Promise<Result> {
  const redact = redactor(secrets);
  try {
    return await onItsLine((text) => show(redact(text)), work);
  } catch (error) {
    const failure = isOurs(error)
      ? withSource(error, source)
      : new Error(`${name} failed unexpectedly: ${error}`);
    // An error repeats what was asked for in many members; of a copy, only the texts are left.
    throw forProgram(secrets.length === 0 ? failure : redactedError(failure, redact));
  }
}

/** The general advice names the environment, which does not replace the key of an explicit provider. */
function withSource(error: Error, source: ConfigurationSource): Error {
  const argument = credentialArgument(source);
  if (argument === undefined || !AuthenticationError.isInstance(error)) return error;
  const { noun, valid } = ownCredentials[argument];
  return withAdvice(
    error,
    `The ${noun} is the ${argument} of the explicit Provider that this function was called with or inherits; the environment and the stack's configuration do not replace it. Give the Provider ${valid}.`,
  );
}

/** Any other is a fault of this package, and its message alone says nothing. */
function isOurs(error: unknown): error is Error {
  return error instanceof Error && error.stack === "";
}
