/** The form of ids, known without a request. */
import type { ResourceDefinition } from "./definition";
import type { ResourceType } from "./resource-types";
import { nounOf } from "./resource-types";

type Identified = Pick<ResourceDefinition<never, never, never>, "noun" | "idFormat" | "isId">;

const usualId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:.+)?$/is;

/** `a SQL user`, `an API key`. No noun here begins with a vowel that is spoken as a consonant, but for a "u". */
export function withArticle(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** `a`, `a or b`, `a, b, or c`. */
export function alternatives(names: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

/** `the id of a cluster`, or of what else may have one of these types. */
export function idOfOne(types: readonly ResourceType[]): string {
  return `the id of ${alternatives(types.map((type) => withArticle(nounOf(type))))}`;
}

/** Why a text is no id of such an object; undefined where it has the form of one. */
export function idProblem({ noun, idFormat, isId }: Identified, text: string): string | undefined {
  const hasForm = isId?.(text) ?? hasUsualForm(idFormat, text);
  const isUuid = isId === undefined && !idFormat.includes(":");
  return hasForm
    ? undefined
    : `${JSON.stringify(text)} is no id of ${withArticle(noun)}, which is ${idFormat}${isUuid ? ", a UUID" : ""}.`;
}

/** An id has a second half, `<cluster id>:<name>`, where a cluster may have several of a type. */
function hasUsualForm(idFormat: string, text: string): boolean {
  const parts = usualId.exec(text);
  return parts !== null && idFormat.includes(":") === (parts[2] !== undefined);
}
