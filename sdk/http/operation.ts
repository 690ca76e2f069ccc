// How an area describes its operations: once what they are about, then each in a line.

import type { z } from "zod";
import type { ApiCall } from "./call";

/** What an operation is about: one object, or the collection that holds it. */
export interface Target<T> {
  /** Its path, made by the `path` template. */
  path: string;
  /** What messages call it: `folder 7c1f…`. */
  object: string;
  /** What the API promises to respond with. */
  schema: z.ZodType<T>;
}

const verbs = {
  DELETE: "Deleting",
  GET: "Reading",
  PATCH: "Updating",
  POST: "Creating",
  PUT: "Setting",
} as const;

/** What an operation has besides its method, target and roles. */
export interface OperationDetails extends Pick<ApiCall<unknown>, "body" | "query" | "secrets"> {
  /**
   * What messages say is being done to the target.
   *
   * @default Reading (GET), Creating (POST), Updating (PATCH), Setting (PUT) or Deleting (DELETE)
   */
  verb?: string;
}

/** An operation on a target, for those who have one of the roles that `permission` names. */
export function operation<T>(
  method: keyof typeof verbs,
  target: Target<T>,
  permission: string,
  { verb = verbs[method], ...details }: OperationDetails = {},
): ApiCall<T> {
  return { ...target, ...details, method, permission, operation: `${verb} ${target.object}` };
}
