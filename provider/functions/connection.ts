/** How an application connects to a cluster, for languages that have no method `connection` of `Cluster`. */
import type { ConnectionClient } from "../cluster/connection-clients";
import type { ConnectionParts, ConnectionVia } from "../cluster/connection-url";
import { checkWishes, connectionParts } from "../cluster/connection-url";
import { messageOf } from "../resource/errors";
import { clusterIdIn, textIn } from "./arguments";
import type { ProviderFunction } from "./call";
import { ArgumentError } from "./call";
import { oneCluster } from "./cluster";

/** Who connects, and to what. */
export interface GetConnectionArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** Name of the SQL user. */
  user: string;
  /** Password of the SQL user. */
  password: string;
  /**
   * Database to connect to.
   * @default "defaultdb"
   */
  database?: string;
  /**
   * The client that connects, which decides how the URL spells a connection that verifies the host.
   * @default "libpq"
   */
  client?: ConnectionClient;
  /**
   * Root certificates that the client trusts: the path of a file where the client runs, or `system` for
   * those of public authorities. An empty string leaves `sslrootcert` out.
   * @default public authorities for Basic and Standard; left out for Advanced, where libpq looks in its
   * default place, `~/.postgresql/root.crt`
   */
  sslRootCert?: string;
  /**
   * The network that the connection takes. The certificate of the cluster must name the host.
   * @default "public"
   */
  via?: ConnectionVia;
  /**
   * The region to connect to, one of `regions` of the cluster. Required with a `via` other than
   * `public` where the cluster has several.
   * @default the whole cluster; with such a `via`, the only region
   */
  region?: string;
  /**
   * Name of the endpoint in Google Cloud, with `private-endpoint`, where Service Directory gives each endpoint a host that
   * begins with its name.
   * @default the host of the region, to which a DNS zone of your own leads
   */
  endpointName?: string;
}

/** Reads the cluster, and makes the parts of a connection to it with their URLs. @internal */
export const connection: ProviderFunction<GetConnectionArgs, ConnectionParts> = {
  name: "getConnection",
  isSecret: true,
  async read(from, args) {
    const { password, database, client, sslRootCert, via, region, endpointName } = args;
    const user = textIn("getConnection", "user", args.user, "the name of a SQL user");
    const wishes = { database, client, sslRootCert, via, region, endpointName };
    // Before the request: what no cluster could make good.
    refusingArguments(() => checkWishes(wishes));
    const id = clusterIdIn("getConnection", args);
    const { plan, sqlDns, regions, routingId } = await oneCluster.read(from, { id });
    if (plan === undefined) {
      throw new ArgumentError(
        `getConnection cannot connect to cluster ${id}, which has no plan: use getConnectionString.`,
      );
    }
    const cluster = { plan, sqlDns, regions, routingId };
    return refusingArguments(() => connectionParts({ ...wishes, user, password, ...cluster }));
  },
};

/** Whatever stands in the way of a connection to a cluster that exists is an argument. */
function refusingArguments<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: the message is all that there is
    throw new ArgumentError(messageOf(error));
  }
}
