/** What the process of an adapter gives to the operations, whatever protocol it serves. */
import type { Clock } from "../../sdk/index";
import type { CreationMarks } from "../cluster/creation-mark";
import type { Connection } from "../resource/lifecycle";
import type { Adapter, ResourceInfo } from "./adapter";
import type { ConfigurationSource, Settings } from "./configuration";
import { accountOf, credentialArgument, ownCredentials, settingsFrom } from "./configuration";
import type { RunRecord } from "./run-record";
import type { Reporter } from "./status-line";

/** What comes from outside; replaced in tests. */
export interface Host {
  environment: Readonly<Record<string, string | undefined>>;
  /** @param source where the settings come from */
  connect(settings: Settings, source: ConfigurationSource): Connection;
  reporter: Reporter;
  clock: Clock;
  signal: AbortSignal;
  run: RunRecord;
}

/**
 * The adapter of a host with the configuration that its protocol has received.
 *
 * @param marksOf the creation marks of a resource, by whose credential it is
 */
export function adapterOf(
  host: Host,
  source: ConfigurationSource,
  marksOf: (resource: ResourceInfo, account: string | undefined) => CreationMarks | undefined,
): Adapter {
  const { reporter, clock, signal, run } = host;
  const settings = () => settingsFrom(source, host.environment);
  return {
    ...{ reporter, clock, signal, run },
    connect: () => host.connect(settings(), source),
    creationMarks: (resource) => marksOf(resource, accountOf(settings())),
    credentialTexts() {
      const { apiKey = "", apiJwt = "" } = settings();
      return [apiKey, apiJwt];
    },
    credentialAdvice({ providerName }) {
      const argument = credentialArgument(source);
      return argument === undefined ? undefined : adviceForOwnCredential(argument, providerName);
    },
  };
}

function adviceForOwnCredential(argument: keyof typeof ownCredentials, name?: string): string {
  const { noun, valid } = ownCredentials[argument];
  const provider = name === undefined ? "Provider" : `Provider "${name}"`;
  return `The ${noun} is the ${argument} that the explicit ${provider} of this resource had in the last \`pulumi up\`; the environment and the stack's configuration do not replace it. Give the Provider ${valid} and run \`pulumi up\`, or add --run-program to \`pulumi refresh\` or \`pulumi destroy\`, which then take the ${noun} from the program.`;
}
