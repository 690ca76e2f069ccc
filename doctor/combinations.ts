/**
 * What is wrong with objects together, each of which is as it should be: one entry a finding.
 *
 * They may be meant so, which is why they are hints.
 */
import type { Existing, FoundObject } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import type { DiagnosisContext, Finding, FindingCode, Step } from "./finding";
import { about, describeCluster } from "./finding";
import type { Place, StateResource } from "./stack-state";
import { keyOf, placeOf } from "./stack-state";

interface Combination {
  /** It is of interest where the state has one of these. */
  readonly of: ResourceType;
  /** What else is read in the same place. */
  readonly with: readonly ResourceType[];
  find(at: PlaceFacts): Found[];
}

interface Found {
  readonly code: FindingCode;
  /** The object that it is said of. */
  readonly type: ResourceType;
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly fix: readonly Step[];
}

const openRange = "0.0.0.0/0";

const combinations: readonly Combination[] = [
  {
    of: "EgressTrafficPolicy",
    with: ["EgressRule"],
    find(at) {
      const rules = at.objects("EgressRule");
      const isDenied =
        at.objects("EgressTrafficPolicy")?.get("")?.outputs["policy"] === "DEFAULT_DENY";
      const hasRule = [...(rules?.values() ?? [])].some(
        ({ outputs }) => outputs["crlManaged"] !== true,
      );
      if (!isDenied || rules === undefined || hasRule) return [];
      return [
        {
          code: "blocked",
          ...{ type: "EgressTrafficPolicy", key: "" },
          what: "It is DEFAULT_DENY, and the cluster has no egress rule.",
          why: "The cluster can connect to nothing outside: change data feeds, backups to a bucket of your own and log exports fail.",
          fix: [{ note: "Add an EgressRule for each destination, or write allowAll: true." }],
        },
      ];
    },
  },
  {
    of: "PrivateEndpointConnection",
    with: ["AllowlistEntry"],
    find(at) {
      const isOpen = at.objects("AllowlistEntry")?.get(openRange)?.outputs["sql"] === true;
      const connections = [...(at.objects("PrivateEndpointConnection")?.values() ?? [])];
      const isPrivate = connections.some(({ outputs }) => outputs["status"] === "AVAILABLE");
      if (!isOpen || !isPrivate) return [];
      return [
        {
          code: "exposed",
          ...{ type: "AllowlistEntry", key: openRange },
          what: `The allowlist admits every address (${openRange}) to SQL, beside a private endpoint connection.`,
          why: "Clients that use the private endpoint need no allowlist entry, and everybody else may try to sign in.",
          fix: [
            {
              note: `Once all clients use the private endpoint, delete the entry: remove its AllowlistEntry, or adopt it first by import: "<cluster id>:${openRange}".`,
            },
          ],
        },
      ];
    },
  },
  {
    of: "ServiceAccount",
    with: ["ApiKey"],
    find(at) {
      const accounts = [...(at.objects("ServiceAccount") ?? [])];
      const keys = at.objects("ApiKey");
      if (keys === undefined) return [];
      const holders = new Set([...keys.values()].map(({ outputs }) => outputs["serviceAccountId"]));
      const managed = accounts.filter(([id]) => at.resourceOf("ServiceAccount", id) !== undefined);
      return accounts
        .filter(([id]) => !holders.has(id))
        .flatMap(([id, account]): Found[] => {
          const isManaged = managed.some(([own]) => own === id);
          const twin = managed.find(
            ([, { outputs }]) =>
              outputs["name"] === account.outputs["name"] &&
              outputs["description"] === account.outputs["description"],
          );
          const hasRole = at.troubleOf("ServiceAccount", id)?.code !== "unused";
          if (isManaged) return [withoutKey(id, hasRole)];
          return twin === undefined || hasRole ? [] : [likeAnother(id, account, twin[0])];
        });
    },
  },
];

function withoutKey(id: string, hasRole: boolean): Found {
  return {
    code: "unused",
    ...{ type: "ServiceAccount", key: id },
    what: `It has no API key${hasRole ? "" : ", and no role beside ORG_MEMBER"}.`,
    why: "Nobody can act as it, unless a JWT issuer maps tokens to it.",
    fix: [
      {
        note: `Create an ApiKey for it${hasRole ? "" : " and grant it a role"}, or remove the resource where it is not needed.`,
      },
    ],
  };
}

function likeAnother(id: string, { outputs }: FoundObject, twin: string): Found {
  return {
    code: "possible-leftover",
    ...{ type: "ServiceAccount", key: id },
    what: `It has the name and description of service account ${twin} of this stack, neither key nor role, and is missing from the state.`,
    why: `A run that was killed leaves such an account, and so does another stack that has not got further. It was created at ${outputs["createdAt"]} by ${outputs["creatorName"]}.`,
    fix: [
      {
        note: "Find out who created it before you do anything: without key and role it does no harm.",
      },
    ],
  };
}

/** What is to be read in the place of a resource beside its own type. */
export function typesBeside(type: ResourceType): readonly ResourceType[] {
  return combinations.flatMap((combination) => (combination.of === type ? combination.with : []));
}

/** The facts of one place. */
class PlaceFacts {
  readonly #existing: ReadonlyMap<ResourceType, Existing>;
  readonly #resources: readonly StateResource[];

  constructor(place: Place, { state, facts }: DiagnosisContext) {
    this.#existing = facts.existing.get(place) ?? new Map();
    this.#resources = state.resources.filter((resource) => placeOf(resource) === place);
  }

  /** The objects that exist; undefined where they were not read. */
  objects(type: ResourceType): ReadonlyMap<string, FoundObject> | undefined {
    const existing = this.#existing.get(type);
    if (existing === undefined) return undefined;
    return new Map([...(existing.objects ?? [])].filter(([key]) => existing.keys.has(key)));
  }

  troubleOf(type: ResourceType, key: string) {
    return this.#existing.get(type)?.troubles?.get(key);
  }

  resourceOf(type: ResourceType, key: string): StateResource | undefined {
    return this.#resources.find((resource) => resource.type === type && keyOf(resource) === key);
  }
}

/** The findings of all combinations that these resources give rise to. */
export function combinedTroubles(
  resources: readonly StateResource[],
  context: DiagnosisContext,
): Finding[] {
  return combinations.flatMap((combination) => {
    const places = resources
      .filter(
        ({ type, isExternal, isReplaced }) => type === combination.of && !isExternal && !isReplaced,
      )
      .flatMap((resource) => placeOf(resource) ?? []);
    return [...new Set(places)].flatMap((place) => {
      const at = new PlaceFacts(place, context);
      return combination.find(at).map((found) => findingOf(found, at, place, context));
    });
  });
}

function findingOf(
  { code, type, key, what, why, fix }: Found,
  at: PlaceFacts,
  place: Place,
  { facts }: DiagnosisContext,
): Finding {
  const resource = at.resourceOf(type, key);
  const cluster = facts.clusters.get(place);
  const where =
    cluster === undefined
      ? { subject: `${type} ${key}` }
      : {
          subject: `cluster ${describeCluster(cluster)}`,
          ...{ clusterId: cluster.id, clusterName: cluster.name },
        };
  return {
    severity: "hint",
    code,
    ...(resource === undefined ? where : about(resource, cluster)),
    ...{ what, why, fix },
  };
}
