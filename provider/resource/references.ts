/** Where the arguments of a resource name other resources. */
import type { ResourceType } from "./resource-types";
import { referencesOf } from "./resource-types";

/** A value that names another resource. */
export interface Reference {
  /** `clusterId`, `members[1]` or `role.resourceId`. */
  readonly path: string;
  /** The name alone: `clusterId`, `members` or `resourceId`. */
  readonly name: string;
  readonly value: unknown;
  /** The types that the other one may be of. */
  readonly types: readonly ResourceType[];
  /** Whether it takes the id only, and no resource of the program. */
  readonly takesIdOnly: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Pure. The values of arguments that name other resources, as far as the arguments are plain. */
export function referencesIn(type: ResourceType, args: Values): Reference[] {
  const named = Object.entries(referencesOf(type)).flatMap(([argument, types]) =>
    valuesOf(args, argument).map((one) => ({
      ...one,
      name: argument,
      types,
      takesIdOnly: false,
    })),
  );
  return [...named, ...placesOfRoles(type, args)];
}

/** The arguments that are roles: each is granted on what another resource may be. */
const roleArguments: Partial<Record<ResourceType, string>> = {
  UserRoleGrant: "role",
  UserRoleGrants: "roles",
};

const typesOfPlace: Readonly<Record<string, readonly ResourceType[]>> = {
  CLUSTER: ["Cluster"],
  FOLDER: ["Folder"],
};

function placesOfRoles(type: ResourceType, args: Values): Reference[] {
  const argument = roleArguments[type];
  if (argument === undefined) return [];
  return valuesOf(args, argument).flatMap(({ path, value: role }) => {
    if (!isPlainObject(role)) return [];
    const types = typesOfPlace[String(role["resourceType"])];
    if (types === undefined) return [];
    const name = "resourceId";
    return [{ path: `${path}.${name}`, name, value: role[name], types, takesIdOnly: true }];
  });
}

/** The value of an argument, or each of a list. */
function valuesOf(args: Values, argument: string): { path: string; value: unknown }[] {
  const given = args[argument];
  return Array.isArray(given)
    ? given.map((value, index) => ({ path: `${argument}[${index}]`, value }))
    : [{ path: argument, value: given }];
}

/** An output of Pulumi is none: to read a member of it makes another output. */
function isPlainObject(value: unknown): value is Values {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
