/** What the resource classes have in common. It imports no schema, so that their declarations stay plain. */
import type * as pulumi from "@pulumi/pulumi";
import { forProgram } from "../resource/errors";
import type { ResourceType } from "../resource/resource-types";
import { clusterArgumentsOf, typeToken } from "../resource/resource-types";
import { isLeftOut, withDefaults } from "../values/left-out";
import { deleteBeforeReplaceUnlessImport } from "./cluster-reference";
import { withIds } from "./reference";
import { isOfType, registration } from "./registration";

/** What a class needs of its definition. */
interface ClassDefinition {
  readonly type: ResourceType;
  readonly arguments: object;
  readonly outputs?: readonly string[];
  readonly secrets?: readonly string[];
  readonly createsBeforeDelete?: true;
  readonly isMarked?: true;
  byDefault?(resourceName: string): object;
}

/**
 * Arguments of `super()` in a resource class, which extends `pulumi.CustomResource` itself: Pulumi takes the second
 * constructor above its own for the program's, and keeps its place in the source with the resource.
 *
 * @param definition what the resource is
 * @param args the arguments; undefined for an object that is only read
 */
export function registrationOf(
  definition: ClassDefinition,
  name: string,
  args: object | undefined,
  options: pulumi.CustomResourceOptions = {},
): ReturnType<typeof registration> {
  const { type, outputs = [], secrets = [], createsBeforeDelete, isMarked } = definition;
  const given = args && withDefaults(args, definition.byDefault?.(name) ?? {});
  return registration(
    {
      type,
      clusters: args && clusterArgumentsOf(type).map((name) => Reflect.get(args, name)),
      outputs: [...Object.keys(definition.arguments), ...outputs],
      secrets,
      isMarked: isMarked === true,
    },
    name,
    given && withIds(given),
    createsBeforeDelete === true ? options : deleteBeforeReplaceUnlessImport(options),
  );
}

/** The static `get` of a class: an existing object, which the program reads and does not manage. */
export function getterOf<Resource>(
  resource: new (name: string, args: never, options?: pulumi.CustomResourceOptions) => Resource,
) {
  return (
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): Resource => {
    // Pulumi would create an object of no arguments.
    if (isLeftOut(id) || id === "") {
      throw forProgram(
        new Error(`${resource.name}.get needs the id of "${name}", which is missing.`),
      );
    }
    return new resource(name, undefined as never, { ...options, id });
  };
}

/** The static `isInstance` of a class: true also for instances of another copy of this package. */
export function instanceOf<Resource>(type: ResourceType) {
  return (value: unknown): value is Resource => isOfType(value, typeToken(type));
}
