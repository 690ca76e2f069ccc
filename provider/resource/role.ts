/** Roles as arguments and outputs have them. */
import { z } from "zod";
import type {
  CockroachCloudClient,
  RequestOptions,
  RoleName,
  RoleResourceType,
  WireRole,
  WireRoles,
} from "../../sdk/index";
import { undefinedIfNotFound } from "../../sdk/index";
import type { OtherInRun } from "../engine/run-record";
import { omitUndefined } from "../values/omit-undefined";
import { hasUnknown, isUnknown } from "../values/unknown";
import { describeValue } from "./check";
import type { Note } from "./lifecycle";
import { warning } from "./lifecycle";
import { likelyName } from "./misspelt-argument";
import { textThat } from "./schema";

export interface Role {
  roleName: string;
  resourceType: RoleResourceType;
  resourceId?: string | undefined;
}

const onClusters = [
  "CLUSTER_ADMIN",
  "CLUSTER_OPERATOR_WRITER",
  "CLUSTER_DEVELOPER",
  "CLUSTER_MONITOR",
  "METRICS_VIEWER",
];
const onFolders = [...onClusters, "CLUSTER_CREATOR", "FOLDER_ADMIN", "FOLDER_MOVER"];
const onOrganization = [
  ...onFolders,
  "BILLING_COORDINATOR",
  "BILLING_VIEWER",
  "ORG_ADMIN",
  "ORG_MEMBER",
];

/** The roles that can be granted on each kind of resource. Later versions of the API may have others. */
const rolesOn: Readonly<Record<RoleResourceType, readonly string[]>> = {
  ORGANIZATION: onOrganization,
  FOLDER: onFolders,
  CLUSTER: onClusters,
};

/** A person, service account or group. @internal */
export const userIdSchema = textThat((value) =>
  z.uuid().safeParse(value).success
    ? undefined
    : `must be the id of a person, a service account or a group of CockroachDB Cloud, a UUID, and no SQL user: not ${describeValue(value)}.`,
);

/** @internal */
export const roleSchema = z
  .strictObject({
    roleName: z.string().regex(/^[A-Z][A-Z_]*$/, {
      error: "must be the name of a role in capitals, such as CLUSTER_ADMIN.",
    }),
    resourceType: z.enum(["ORGANIZATION", "FOLDER", "CLUSTER"]),
    resourceId: z.string().optional(),
  })
  .check((context) => {
    const { roleName, resourceType, resourceId = "" } = context.value;
    const problem = (path: string, message: string) =>
      context.issues.push({ code: "custom", path: [path], message, input: context.value });
    const isKnown = onOrganization.includes(roleName);
    if (isKnown && !rolesOn[resourceType].includes(roleName)) {
      const others = (Object.keys(rolesOn) as RoleResourceType[]).filter((type) =>
        rolesOn[type].includes(roleName),
      );
      problem(
        "resourceType",
        `must be ${others.map((type) => `"${type}"`).join(" or ")} for the role ${roleName}.`,
      );
    }
    if (resourceType === "ORGANIZATION" && resourceId !== "") {
      problem("resourceId", "must be left out for a role on the organization.");
    }
    if (resourceType !== "ORGANIZATION" && !z.uuid().safeParse(resourceId).success) {
      const kind = resourceType.toLowerCase();
      const reason =
        resourceId === ""
          ? `is required for a role on a ${kind}: give its id, a UUID.`
          : `must be the id of a ${kind}, a UUID, not ${describeValue(resourceId)}.`;
      problem("resourceId", reason);
    }
  });

/** The API may have gained a role, but a misspelling is likelier: warns of each name that `olds` does not have. */
export function noteUnknownRoles(roles: readonly unknown[], olds: readonly unknown[]): Note[] {
  const nameIn = (role: unknown) => Object(role).roleName;
  const known = [...onOrganization, ...olds.map(nameIn)];
  const unknown = roles
    .map(nameIn)
    .filter((name) => typeof name === "string" && !hasUnknown(name) && !known.includes(name));
  return [...new Set<string>(unknown)].map((name) => {
    const likely = likelyName(onOrganization, name);
    const advice = likely === undefined ? "Check its spelling." : `Did you mean ${likely}?`;
    return warning(`${name} is no role that this version of the package knows. ${advice}`);
  });
}

/** The other resources of the program that manage roles of the same person, service account or group. */
export function othersOf(userId: unknown, others: readonly OtherInRun[]): readonly OtherInRun[] {
  const lowered = String(userId).toLowerCase();
  return typeof userId !== "string" || isUnknown(userId)
    ? []
    : others.filter(({ inputs }) => String(inputs["userId"]).toLowerCase() === lowered);
}

/** The one spelling of a role: the organization has no id. */
export function canonicalRole({ roleName, resourceType, resourceId }: Role): Role {
  const isNamed = resourceId !== undefined && resourceId !== "" && resourceType !== "ORGANIZATION";
  return { roleName, resourceType, ...(isNamed ? { resourceId } : {}) };
}

/** Membership in the organization, which is no grant. */
export function isMembership({ roleName, resourceType }: Partial<Role>): boolean {
  return roleName === "ORG_MEMBER" && resourceType === "ORGANIZATION";
}

/** `role CLUSTER_ADMIN on cluster 3f1c…`. */
export function describeRole({ roleName, resourceType, resourceId }: Role): string {
  const on =
    resourceType === "ORGANIZATION"
      ? "the organization"
      : `${resourceType.toLowerCase()} ${resourceId}`;
  return `Role ${roleName} on ${on}`;
}

/** What it costs that these roles of a subject are removed. */
export function removalOf(roles: readonly Role[], userId: string): string | undefined {
  const removed = roles.filter((role) => !isMembership(role)).map(describeRole);
  return removed.length === 0 ? undefined : `${removed.join("; ")} of ${userId} will be removed.`;
}

export function toWireRole(role: Role): WireRole {
  const { roleName, resourceType, resourceId } = canonicalRole(role);
  return {
    name: roleName as RoleName,
    resource: { type: resourceType, ...omitUndefined({ id: resourceId }) },
  };
}

export function roleOf({ name, resource: { type, id } }: WireRole): Role {
  return canonicalRole({ roleName: name, resourceType: type, resourceId: id });
}

/** The roles of a subject; undefined when two reads do not find it, as a single 404 may come from a stale replica. */
export async function readRolesOf(
  userId: string,
  cloud: CockroachCloudClient,
  options: RequestOptions,
): Promise<WireRoles | undefined> {
  const read = () => undefinedIfNotFound(cloud.roles.get(userId, options));
  return (await read()) ?? (await read());
}

/** Writes of one subject come one after another: the service reads all its roles and writes them. */
export function turnOf(userId: string): string {
  return `roles of ${userId}`;
}
