/** Nothing lost, nothing doubled: the state of a stack against the objects that the emulator has. */
import type { Emulator } from "../emulator";
import type { State, StateResource } from "../tests/support/engine";
import { nameOf } from "../tests/support/engine";
import type { Declared } from "./stacks";

type Service = Pick<
  Emulator,
  | "clusters"
  | "sqlUsers"
  | "allowlist"
  | "databases"
  | "maintenanceWindows"
  | "versionDeferrals"
  | "cmek"
>;

const creationMark = "pulumi-creating";
const secretKey = "4dabf18193072939515e22adb298388d";

/** The clusters of others with their subresources, as one string: it must never change. */
export function subresourcesOf(service: Service, clusterIds: readonly string[]): string {
  return JSON.stringify(
    clusterIds.map((id) => [service.clusters.get(id), objectsOfCluster(service, id)]),
  );
}

/**
 * What is wrong after a run that succeeded, in sentences.
 * @param stack What the program names; empty after a destroy.
 * @param others Clusters that the stack has nothing to do with.
 */
export function violationsOf(
  stack: readonly Declared[],
  state: State,
  service: Service,
  others: readonly string[],
): string[] {
  const managed = (state.deployment.resources ?? []).filter(({ type }) =>
    type.includes("cockroachdb-cloud:"),
  );
  const owned = service.clusters
    .list()
    .filter(({ id, state: stage }) => stage !== "DELETED" && !others.includes(id));
  const inService = owned.flatMap(({ id }) => objectsOfCluster(service, id));
  const inState = managed.map(objectOf);
  return [
    ...differences(
      stack.map(({ name }) => name),
      managed.map(({ urn }) => nameOf(urn)),
    ).map(
      ({ item, left, right }) => `${item}: ${left} times in the program, ${right} in the state`,
    ),
    ...differences(inState, inService).map(
      ({ item, left, right }) => `${item}: ${left} times in the state, ${right} in the service`,
    ),
    ...(state.deployment.pending_operations ?? []).map(
      ({ type, resource }) => `${nameOf(resource.urn)}: its ${type} is still pending`,
    ),
    ...managed
      .filter(({ initErrors = [] }) => initErrors.length > 0)
      .map(({ urn }) => `${nameOf(urn)}: the state says that it is not finished`),
    ...owned
      .filter(({ labels }) => creationMark in labels)
      .map(({ name }) => `cluster ${name}: it still carries the creation mark`),
    ...managed.flatMap((resource) => passwordViolations(resource, service)),
  ];
}

/** Everything that somebody has made in a cluster, and the cluster, as `<class> <id in state>`. */
function objectsOfCluster(service: Service, id: string): string[] {
  const { sqlUsers, allowlist, databases, maintenanceWindows, versionDeferrals, cmek } = service;
  const isAdvanced = service.clusters.get(id).plan === "ADVANCED";
  const deferral = isAdvanced ? versionDeferrals.get(id).deferral_policy : "NOT_DEFERRED";
  return [
    `Cluster ${id}`,
    ...sqlUsers.list(id).map((name) => `SqlUser ${id}:${name}`),
    ...allowlist
      .list(id)
      .filter(({ cidr_mask }) => cidr_mask !== 0)
      .map(({ cidr_ip, cidr_mask }) => `AllowlistEntry ${id}:${cidr_ip}/${cidr_mask}`),
    ...databases
      .list(id)
      .filter(({ name }) => !ownDatabases.has(name))
      .map(({ name }) => `Database ${id}:${name}`),
    ...(maintenanceWindows.get(id) ? [`MaintenanceWindow ${id}`] : []),
    ...(deferral === "NOT_DEFERRED" ? [] : [`VersionDeferral ${id}`]),
    ...(cmek.get(id).status === "ENABLED" ? [`CmekConfig ${id}`] : []),
  ];
}

/** Those of every cluster. */
const ownDatabases: ReadonlySet<string> = new Set(["defaultdb", "postgres", "system"]);

function objectOf({ type, id }: StateResource): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${id}`;
}

function passwordViolations({ urn, id = "", outputs }: StateResource, service: Service): string[] {
  const secret = outputs?.["password"];
  if (secret === undefined) return [];
  const [cluster = "", user = ""] = id.split(":");
  const isKept = secret[secretKey] !== undefined && typeof secret.plaintext === "string";
  if (!isKept) return [`${nameOf(urn)}: its password is not kept as a secret`];
  const isKnown =
    service.sqlUsers.list(cluster).includes(user) &&
    service.sqlUsers.hasPassword(cluster, user, JSON.parse(secret.plaintext));
  return isKnown ? [] : [`${nameOf(urn)}: the password in the state is not the user's`];
}

/** What is not equally often in both. */
function differences(
  left: readonly string[],
  right: readonly string[],
): { item: string; left: number; right: number }[] {
  const counts = new Map<string, { left: number; right: number }>();
  for (const [side, items] of [
    ["left", left],
    ["right", right],
  ] as const) {
    for (const item of items) {
      const count = counts.get(item) ?? { left: 0, right: 0 };
      count[side] += 1;
      counts.set(item, count);
    }
  }
  return [...counts]
    .filter(([, count]) => count.left !== count.right || count.left > 1)
    .map(([item, count]) => ({ item, ...count }));
}
