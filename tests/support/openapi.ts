// Checks responses against the API's own OpenAPI document: the third witness beside emulator and client. The
// document is corrected in memory where it is known to be wrong; each correction says why.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidateFunction } from "ajv";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import type { Exchange, LoggedRequest } from "../../emulator";

interface Schema {
  $ref?: string;
  additionalProperties?: Schema | false;
  anyOf?: Schema[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  type?: string;
}

interface DocumentedOperation {
  operationId?: string;
  tags?: string[];
  parameters?: { name: string; in: "path" | "query"; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
}

interface Document {
  paths: Record<string, Record<string, DocumentedOperation | undefined>>;
  components: { schemas: Record<string, Schema> };
}

/** An operation, and where it is in the document. */
interface Place {
  readonly operation: DocumentedOperation;
  readonly pointer: string;
}

/** A place where the document is wrong about the service's responses. */
interface Correction {
  readonly reason: string;
  apply(schemas: Record<string, Schema>): void;
}

function declare(schema: string, property: string, type: Schema): Correction["apply"] {
  return (schemas) => {
    const { properties } = schemas[schema] ?? {};
    if (properties === undefined || properties[property] !== undefined) {
      throw new Error(`${schema}.${property} needs no correction any more.`);
    }
    properties[property] = type;
  };
}

function requireInstead(schema: Schema | undefined, wrong: string, right: string[]): void {
  if (schema?.required?.includes(wrong) !== true || schema.properties?.[wrong] !== undefined) {
    throw new Error(`The requirement of ${wrong} needs no correction any more.`);
  }
  schema.required = [...schema.required.filter((name) => name !== wrong), ...right];
}

const corrections: readonly Correction[] = [
  {
    reason:
      "Cluster requires is_customer_cloud_account, shows it in its example, never declares it.",
    apply: declare("Cluster", "is_customer_cloud_account", { type: "boolean" }),
  },
  {
    reason: "PrivateEndpointConnection requires region, but declares region_name only.",
    apply: ({ PrivateEndpointConnection: connection }) => {
      requireInstead(connection, "region", []);
      Object.assign(connection?.properties ?? {}, { region: { type: "string" } });
    },
  },
  {
    reason: "GetPersonUsersByEmailResponse requires users, but declares user only.",
    apply: ({ GetPersonUsersByEmailResponse: response }) => {
      if (response !== undefined) {
        response.required = [];
      }
    },
  },
  ...["Add", "Edit", "Delete"].map((verb) => ({
    reason: `${verb}EgressRuleResponse requires rule, but declares Rule only.`,
    apply: (schemas: Record<string, Schema>) => {
      requireInstead(schemas[`${verb}EgressRuleResponse`], "rule", ["Rule"]);
    },
  })),
  {
    reason: "The user guide shows pagination: null beside the invoices, which the document lacks.",
    apply: declare("ListInvoicesResponse", "pagination", { type: "null" }),
  },
  {
    reason:
      "A message or timestamp that is not set comes as null (deleted_at, usage_limits, pagination), " +
      "which the document does not say; only required ones are always there.",
    apply: (schemas) => {
      for (const schema of Object.values(schemas)) {
        for (const [name, property] of Object.entries(schema.properties ?? {})) {
          if (!schema.required?.includes(name) && isMessageOrTimestamp(property, schemas)) {
            (schema.properties ?? {})[name] = { anyOf: [{ type: "null" }, property] };
          }
        }
      }
    },
  },
  {
    reason: "The body of every error has code, message and details, though Status requires none.",
    apply: (schemas) => {
      const { Status: status } = schemas;
      if (status !== undefined) {
        status.required = ["code", "message", "details"];
      }
    },
  },
];

function isMessageOrTimestamp(schema: Schema, schemas: Record<string, Schema>): boolean {
  if (schema.format === "date-time") {
    return true;
  }
  const name =
    String(schema.$ref ?? "")
      .split("/")
      .at(-1) ?? "";
  return schemas[name]?.properties !== undefined;
}

// A response with a property that no schema declares is wrong: nothing else would notice a typing error.
function closeObjects(schemas: Record<string, Schema>): void {
  for (const schema of Object.values(schemas)) {
    if (schema.properties !== undefined && schema.additionalProperties === undefined) {
      schema.additionalProperties = false;
    }
  }
}

const documentName = "cloud";
const places = new Map<string, Place>();
const ajv = prepare();
const validators = new Map<string, ValidateFunction>();

function prepare(): Ajv {
  const text = readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8");
  const document = JSON.parse(text) as Document;
  for (const correction of corrections) {
    correction.apply(document.components.schemas);
  }
  closeObjects(document.components.schemas);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = operation?.operationId?.replace("CockroachCloud_", "");
      if (operation !== undefined && name !== undefined) {
        const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1");
        const pointer = `${documentName}#/paths/${encodeURIComponent(escaped)}/${method}`;
        places.set(name, { operation, pointer });
      }
    }
  }
  const made = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  addFormats(made);
  made.addFormat("int64", { type: "string", validate: (value) => /^-?\d+$/.test(value) });
  made.addSchema(document, documentName);
  return made;
}

/** The operations of the document, by their ids without `CockroachCloud_`. */
export function documentedOperations(): string[] {
  return [...places.keys()];
}

/** What the document calls the area of an operation. */
export function documentedArea(operation: string): string | undefined {
  return places.get(operation)?.operation.tags?.[0];
}

/** Of these, those that only read. */
export function documentedReads(): string[] {
  return [...places].filter(([, { pointer }]) => pointer.endsWith("/get")).map(([name]) => name);
}

/** What is wrong with a response, in sentences; empty when it is as the document says. */
export function violationsOf(exchange: Exchange): string[] {
  const { request, headers, text } = exchange;
  // The service's documentation has this operation, and the reference has not.
  const isReference = request.operation !== "ScrapePrometheusMetrics" || request.status !== 200;
  const where = `${request.operation ?? `${request.method} ${request.path}`} ${request.status}`;
  if (exchange.isScripted) {
    return [];
  }
  const violations: string[] = [];
  for (const header of ["cc-trace-id", "cc-version"]) {
    if (!headers[header]) {
      violations.push(`${where}: the header ${header} is missing`);
    }
  }
  if (!isReference) {
    return violations;
  }
  if (headers["content-type"] !== "application/json") {
    violations.push(`${where}: the content type is ${headers["content-type"]}`);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [...violations, `${where}: the body is no JSON`];
  }
  const validate = validatorOf(request.operation, request.status);
  return [...violations, ...problemsOf(body, validate).map((problem) => `${where}: ${problem}`)];
}

/** What is wrong with a request, in sentences; empty when it is as the document says. */
export function requestViolationsOf(request: LoggedRequest): string[] {
  const place = places.get(request.operation ?? "");
  if (place === undefined) {
    return [`${request.method} ${request.path} is not in the document`];
  }
  const { operation, pointer } = place;
  const violations: string[] = [];
  for (const [name, text] of new URLSearchParams(request.query)) {
    const documented = operation.parameters?.find((one) => one.in === "query" && one.name === name);
    if (documented === undefined) {
      violations.push(`the parameter ${name} is not in the document`);
    } else if (!ajv.validate(documented.schema, parameterValue(text, documented.schema))) {
      violations.push(`the parameter ${name} ${ajv.errorsText()}`);
    }
  }
  if (operation.requestBody !== undefined) {
    const schema = `${pointer}/requestBody/content/application~1json/schema`;
    violations.push(...problemsOf(request.body, validatorAt(schema)));
  } else if (request.body !== undefined) {
    violations.push("a body that the document does not have");
  }
  return violations.map((violation) => `${request.operation}: ${violation}`);
}

/** The value of a parameter, which travels as text. */
function parameterValue(text: string, schema: Schema): unknown {
  return schema.type === "integer" || schema.type === "boolean" ? JSON.parse(text) : text;
}

function problemsOf(body: unknown, validate: ValidateFunction): string[] {
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `body${instancePath} ${message} ${params["additionalProperty"] ?? ""}`.trimEnd(),
  );
}

/** Compiles the schema of an operation's response, or of an error. */
function validatorOf(operation: string | undefined, status: number): ValidateFunction {
  const pointer =
    status === 200
      ? `${places.get(operation ?? "")?.pointer}/responses/200/content/application~1json/schema`
      : `${documentName}#/components/schemas/Status`;
  return validatorAt(pointer);
}

function validatorAt(pointer: string): ValidateFunction {
  const known = validators.get(pointer);
  if (known !== undefined) {
    return known;
  }
  const validator = ajv.compile({ $ref: pointer });
  validators.set(pointer, validator);
  return validator;
}
