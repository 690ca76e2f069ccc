/**
 * The creation mark: a label that a cluster carries for as long as its creation is not finished. It
 * says which stack of which organization is making it, and which resource of that stack.
 */
import { createHash } from "node:crypto";

/** Key of the label. */
export const creationMarkKey = "pulumi-creating";

/** The mark of a resource; the stack is given as `organization/project/stack`. */
export function creationMark(stack: string, urn: string): string {
  return `${creator(stack)}-${digest(urn)}`;
}

/** The part of a mark that is the same for all resources of a stack. */
export function creator(stack: string): string {
  return digest(stack);
}

/** The part of a mark that says which stack made it. */
export function creatorOf(mark: string): string {
  return mark.split("-", 1)[0] as string;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
