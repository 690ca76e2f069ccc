// Changes of RFC 7644, section 3.5.2, on the attributes that can be written.

import type { Assumptions } from "../assumptions";
import { invalidValue } from "../server/errors";
import type { Field, MessageShape } from "../server/protojson";
import type { Filter, Json } from "./filter";
import { attributeName, filterOf } from "./filter";

/** An operation of a PATCH. */
export interface PatchOperation {
  op?: string;
  path?: string;
  value?: unknown;
}

const urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** The body of a PATCH. */
export const patchShape: MessageShape = {
  name: "cockroach.cloud.PatchRequest",
  fields: {
    schemas: { list: "string" },
    Operations: {
      list: {
        message: {
          name: "cockroach.cloud.ScimOperations",
          fields: { op: "string", path: "string", value: "json" },
        },
      },
    },
  },
};

/** Where an operation takes effect. */
interface Place {
  readonly name: string;
  readonly field: Field;
  /** Which of several values; undefined for the attribute as a whole. */
  readonly filter: Filter | undefined;
  readonly sub: string | undefined;
}

/** The attributes after all operations. @throws invalid argument, and nothing is changed. */
export function patch(
  attributes: Json,
  {
    schemas = [],
    Operations: operations = [],
  }: { schemas?: string[]; Operations?: PatchOperation[] },
  shape: MessageShape,
  { scimOpCase }: Assumptions,
): Json {
  if (schemas.length !== 1 || schemas[0] !== urn) {
    throw invalidValue(`schemas must be '${urn}'`);
  }
  const draft: Record<string, unknown> = structuredClone({ ...attributes });
  for (const operation of operations) {
    const { op = "" } = operation;
    apply(draft, operation, scimOpCase === "ignored" ? op.toLowerCase() : op, shape);
  }
  return draft;
}

function apply(
  draft: Record<string, unknown>,
  { path = "", value }: PatchOperation,
  kind: string,
  shape: MessageShape,
): void {
  if (kind !== "add" && kind !== "remove" && kind !== "replace") {
    throw invalidValue(`invalid op '${kind}'`);
  }
  if (path !== "") {
    change(draft, kind, placeOf(path, shape), value);
    return;
  }
  if (kind === "remove") {
    throw invalidValue("path is required to remove");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidValue("value must be an object where path is left out");
  }
  for (const [name, single] of Object.entries(value)) {
    change(draft, kind, placeOf(name, shape), single);
  }
}

function placeOf(path: string, shape: MessageShape): Place {
  const [, written = "", condition, sub] =
    /^(?:urn:[\w:.]+:)?(\w+)(?:\[(.*)\])?(?:\.(\w+))?$/.exec(path) ?? [];
  const name = attributeName(written, Object.keys(shape.fields));
  const field = name === undefined ? undefined : shape.fields[name];
  if (name === undefined || field === undefined || name === "schemas") {
    throw invalidValue(`invalid path '${path}'`);
  }
  const isList = typeof field === "object" && "list" in field;
  const isMessage = typeof field === "object" && "message" in field;
  if ((condition !== undefined && !isList) || (sub !== undefined && !isMessage && !condition)) {
    throw invalidValue(`invalid path '${path}'`);
  }
  const filter =
    condition === undefined
      ? undefined
      : filterOf(condition, ["value", "display", "type", "primary"]);
  return { name, field, filter, sub };
}

function change(
  draft: Record<string, unknown>,
  kind: "add" | "remove" | "replace",
  { name, field, filter, sub }: Place,
  value: unknown,
): void {
  const present = draft[name];
  if (filter !== undefined) {
    draft[name] = changedItems(present as Json[], kind, { filter, sub, name }, value);
  } else if (sub !== undefined) {
    draft[name] = { ...(present as Json), [sub]: kind === "remove" ? "" : value };
  } else if (kind === "remove") {
    delete draft[name];
  } else if (typeof field === "object" && "list" in field) {
    const items = (Array.isArray(value) ? value : [value]) as Json[];
    const kept = kind === "add" ? ((present ?? []) as Json[]) : [];
    const isKnown = (item: Json) => kept.some((other) => other["value"] === item?.["value"]);
    draft[name] = [...kept, ...items.filter((item) => !isKnown(item))];
  } else {
    const isMerged = kind === "add" && typeof value === "object";
    draft[name] = isMerged ? { ...(present as Json), ...value } : value;
  }
}

function changedItems(
  items: readonly Json[] | undefined,
  kind: "add" | "remove" | "replace",
  { filter, sub, name }: { filter: Filter; sub: string | undefined; name: string },
  value: unknown,
): Json[] {
  const found = (items ?? []).filter(filter);
  if (found.length === 0 && kind !== "remove") {
    throw invalidValue(`no value of '${name}' matches the path`);
  }
  return (items ?? []).flatMap((item) => {
    if (!found.includes(item)) {
      return [item];
    }
    if (sub !== undefined) {
      return [{ ...item, [sub]: kind === "remove" ? undefined : value }];
    }
    return kind === "remove" ? [] : [{ ...item, ...(value as Json) }];
  });
}
