/** How a program asks for a connection to a cluster. */
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRegion } from "../cluster/args";
import type { ConnectionClient } from "../cluster/connection-clients";
import type { ConnectionParts, ConnectionVia, PrivateHosts } from "../cluster/connection-url";
import { checkUser, checkWishes, connectionParts } from "../cluster/connection-url";
import type { Plan } from "../cluster/plan-transitions";
import { forProgram, inProgram } from "../resource/errors";
import { likelyName } from "../resource/misspelt-argument";
import { madeOfOthers, reportedElsewhere } from "./rejected-outputs";

/** A SQL user with a password: a `SqlUser`, or anything that has the two. */
export interface ConnectionUser {
  /** Name of the user. */
  name: pulumi.Input<string>;
  /** Its password. Where it is undefined, `ConnectionArgs.password` is needed. */
  password: pulumi.Input<string | undefined>;
}

/** Who connects, and to what. */
export interface ConnectionArgs {
  /** The SQL user, as a resource or by name. */
  user: pulumi.Input<string> | ConnectionUser;
  /**
   * The user's password.
   * @default that of the resource given as `user`
   */
  password?: pulumi.Input<string>;
  /**
   * Database to connect to.
   * @default "defaultdb"
   */
  database?: pulumi.Input<string>;
  /**
   * The client that connects, which decides how the URL spells a connection that verifies the host.
   * @default "libpq"
   */
  client?: pulumi.Input<ConnectionClient>;
  /**
   * Root certificates that the client trusts: the path of a file where the client runs, or `system` for
   * those of public authorities. An empty string leaves `sslrootcert` out.
   * @default public authorities for Basic and Standard; left out for Advanced, where libpq looks in its
   * default place, `~/.postgresql/root.crt`
   */
  sslRootCert?: pulumi.Input<string>;
  /**
   * The network that the connection takes. The certificate of the cluster must name the host.
   * @default "public"
   */
  via?: pulumi.Input<ConnectionVia>;
  /**
   * The region to connect to, one of `regions` of the cluster. Required with a `via` other than
   * `public` where the cluster has several.
   * @default the whole cluster; with such a `via`, the only region
   */
  region?: pulumi.Input<string>;
  /**
   * The `PrivateEndpointServices` of the cluster: they have the hosts of `internal` and `private-endpoint` as soon as they
   * exist, and the URL waits for them.
   * @default the outputs of the cluster, which have the host of `private-endpoint` after the next refresh
   */
  services?: PrivateEndpointHosts;
  /**
   * Name of the endpoint in Google Cloud, with `private-endpoint`, where Service Directory gives each endpoint a host that
   * begins with its name.
   * @default the host of the region, to which a DNS zone of your own leads
   */
  endpointName?: pulumi.Input<string>;
}

/** What `PrivateEndpointServices` know of hosts. */
export interface PrivateEndpointHosts {
  /** By region. */
  servicesMap: pulumi.Input<{ [region: string]: PrivateHosts }>;
}

/** What a connection needs to know of a cluster. */
interface ConnectedCluster {
  readonly plan: pulumi.Output<Plan>;
  readonly sqlDns: pulumi.Output<string>;
  readonly regions: pulumi.Output<ClusterRegion[]>;
  readonly routingId: pulumi.Output<string>;
}

const argumentNames = Object.keys({
  user: true,
  password: true,
  database: true,
  client: true,
  sslRootCert: true,
  via: true,
  region: true,
  services: true,
  endpointName: true,
} satisfies Record<keyof ConnectionArgs, true>);

export function connectionTo(
  cluster: ConnectedCluster,
  args: ConnectionArgs,
): pulumi.Output<ConnectionParts> {
  refuseOthers(Object.keys(args ?? {}));
  const { user, password, services, ...wishes } = args ?? {};
  const whose = isConnectionUser(user) ? user : { name: user, password: undefined };
  // Checked without the cluster, whose outputs a preview may not know yet.
  const wanted = pulumi.output(wishes).apply(
    inProgram((plain) => {
      checkWishes(plain);
      return plain;
    }),
  );
  const login = pulumi
    .all([whose.name, password ?? whose.password])
    .apply(inProgram(([name, secret]) => ({ user: name, password: checkUser(name, secret) })));
  const { plan, sqlDns, regions, routingId } = cluster;
  const privateHosts = services?.servicesMap;
  const facts = pulumi.output({ plan, sqlDns, regions, routingId, privateHosts });
  const all = pulumi.all([
    reportedElsewhere(wanted),
    reportedElsewhere(login),
    madeOfOthers(facts),
    pulumi.secret("makes all of it a secret"),
  ]);
  return madeOfOthers(
    reportedElsewhere(all).apply(
      inProgram(([plain, who, known]) => connectionParts({ ...plain, ...who, ...known })),
    ),
  );
}

/** A misspelt database would connect to the default one. */
function refuseOthers(names: readonly string[]): void {
  const other = names.find((name) => !argumentNames.includes(name));
  if (other === undefined) return;
  const likely = likelyName(argumentNames, other);
  const advice = likely === undefined ? "Remove it." : `Did you mean ${likely}?`;
  throw forProgram(new Error(`${other} is not an argument of a connection. ${advice}`));
}

function isConnectionUser(user: ConnectionArgs["user"]): user is ConnectionUser {
  return (
    typeof user === "object" &&
    !pulumi.Output.isInstance(user) &&
    "name" in user &&
    "password" in user
  );
}
