/** Names for resources and variables: valid and unique. */
import type { ResourceType } from "../provider/resource/resource-types";
import { capitalize } from "../provider/values/capitalize";

/** Names that are taken, by what they must be unique among. */
export class ResourceNames {
  readonly #taken = new Set<string>();

  /** A name for a resource, like `wanted`. A URN has the type and the name. */
  resource(type: ResourceType, wanted: string): string {
    const valid = wanted.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^-+|-+$/g, "") || "resource";
    return this.#unique(valid, (name) => `${type}::${name}`, "-");
  }

  /** A name for a variable that holds the cluster of this name. */
  variable(name: string): string {
    const camel = name
      .replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "")
      .replace(/^[A-Z]/, (first) => first.toLowerCase());
    const valid =
      /^[a-z]/.test(camel) && !reserved.has(camel) ? camel : `cluster${capitalize(camel)}`;
    return this.#unique(valid, (variable) => variable, "");
  }

  #unique(wanted: string, keyOf: (name: string) => string, separator: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(keyOf(name)); number += 1) {
      name = `${wanted}${separator}${number}`;
    }
    this.#taken.add(keyOf(name));
    return name;
  }
}

/** Reserved words, and what the program imports and declares. */
const reserved = new Set(
  `abstract any arguments as async await boolean break case catch class cockroachdb config const constructor continue
  debugger declare default delete do else enum eval export extends false finally for from function get if
  implements import in instanceof interface is let module namespace never new null number of package private
  protected public pulumi require return set static string super switch symbol this throw true try type
  typeof undefined unknown var void while with yield exports global process console`.split(/\s+/),
);
