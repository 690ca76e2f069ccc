/** The form of ids, known without a request. */
import type { ResourceDefinition } from "./definition";

type Identified = Pick<ResourceDefinition<never, never, never>, "noun" | "idFormat" | "isId">;

const usualId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:.+)?$/is;

/** Why a text is no id of such an object; undefined where it has the form of one. */
export function idProblem({ noun, idFormat, isId }: Identified, text: string): string | undefined {
  const hasForm = isId?.(text) ?? hasUsualForm(idFormat, text);
  return hasForm
    ? undefined
    : `${JSON.stringify(text)} is no id of a ${noun}, which is ${idFormat}.`;
}

/** An id has a second half, `<cluster id>:<name>`, where a cluster may have several of a type. */
function hasUsualForm(idFormat: string, text: string): boolean {
  const parts = usualId.exec(text);
  return parts !== null && idFormat.includes(":") === (parts[2] !== undefined);
}
