/**
 * The creation mark: a label that a cluster carries for as long as its creation is not finished. It
 * says which stack of which organization is making it, and which resource of that stack.
 */
import { createHash } from "node:crypto";
import { classUrn, pluginUrn } from "../resource/resource-types";

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

/** The marks by which a resource recognises what its creation has left unfinished. */
export interface CreationMarks {
  /** The one that it writes. */
  readonly own: string;
  /** Those that it has written where another kind of provider served it. */
  readonly others: readonly string[];
  /** Ends of marks that say the same of the resource. The stack may be another one of this name. */
  readonly ends: readonly string[];
}

/** Whether the resource has written the mark. */
export function isOwnMark({ own, others }: CreationMarks, mark: string | undefined): boolean {
  return mark !== undefined && [own, ...others].includes(mark);
}

/** Whether it may have: with another API key, or in a Pulumi organization that the plugin does not know. */
export function mayBeOwnMark(marks: CreationMarks, mark: string | undefined): boolean {
  return isOwnMark(marks, mark) || marks.ends.some((end) => mark?.endsWith(`-${end}`) === true);
}

/** The marks of a resource of the classes, which know the mark that they write, and the organization in it. */
export function marksOfClass(
  own: string,
  urn: string | undefined,
  account: string | undefined,
): CreationMarks {
  if (urn === undefined) return { own, others: [], ends: [] };
  const others = [markOfPlugin(urn, account)];
  return { own, others, ends: [digest(pluginUrn(urn))] };
}

/**
 * The marks of a resource of the plugin. It does not know the organization: what distinguishes two of them is who
 * creates the object.
 *
 * @param noted the mark that state has noted
 * @param account whose credential it is
 */
export function marksOfPlugin(
  noted: string | undefined,
  urn: string,
  account: string | undefined,
): CreationMarks {
  const written = markOfPlugin(urn, account);
  return {
    own: noted ?? written,
    others: [written, creationMark(`${selfManaged}/${stackOf(urn)}`, classUrn(urn))],
    ends: [digest(pluginUrn(urn)), digest(classUrn(urn))],
  };
}

/** What Pulumi calls the organization of a state that it does not manage itself. */
const selfManaged = "organization";

function markOfPlugin(urn: string, account = "unknown"): string {
  return creationMark(`${account}/${stackOf(urn)}`, pluginUrn(urn));
}

/** `project/stack`. */
function stackOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
