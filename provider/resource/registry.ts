/** All resources. Whatever concerns each of them goes over these, and has no list of its own. */
import * as classes from "./classes";
import type { Resource } from "./resource";
import { notedResource } from "./resource";
import type { ResourceType } from "./resource-types";
import { allResourceTypes, resourceTypes } from "./resource-types";

/** The resource classes by type. */
export type ResourceClasses = Pick<typeof classes, ResourceType>;

/** The classes. */
export const resourceClasses: ResourceClasses = classes;

/** The resources by type. @internal */
export const resources = Object.fromEntries(
  allResourceTypes.map((type) => [type, resourceOf(type)]),
) as Record<ResourceType, Resource>;

function resourceOf(type: ResourceType): Resource {
  // Its module notes the resource, and is loaded when its class is first used.
  const resource = resourceClasses[type] && notedResource(type);
  if (resource !== undefined) return resource;
  throw new Error(`provider/${resourceTypes[type].stem}.ts defines no resource ${type}.`);
}
