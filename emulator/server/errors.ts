// Refusals of the Cloud API. The body of every error is a google.rpc.Status as JSON, whose `code` is the
// gRPC code and not the HTTP status.

/** The HTTP status of a response together with the gRPC code that its body carries. */
export interface Refusal {
  /** HTTP status, for example 409. */
  status: number;
  /** gRPC code, for example 6 (ALREADY_EXISTS). */
  code: number;
}

/** The body of every error of the API. */
export interface WireStatus {
  code: number;
  message: string;
  details: object[];
}

/** A request that the API refuses: thrown by an operation, turned into a response by the server. */
export class ApiError extends Error {
  readonly refusal: Refusal;
  readonly headers: Readonly<Record<string, string>>;

  constructor(refusal: Refusal, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "ApiError";
    this.refusal = refusal;
    this.headers = headers;
  }

  /** The body that goes over the wire. */
  get body(): WireStatus {
    return { code: this.refusal.code, message: this.message, details: [] };
  }
}

/** A field of the request is wrong in itself: 400 with INVALID_ARGUMENT. */
export function invalidArgument(message: string): ApiError {
  return new ApiError({ status: 400, code: 3 }, message);
}

/** A rule of the service about a well-formed value: 400 with INVALID_ARGUMENT, worded as the service does. */
export function invalidValue(message: string): ApiError {
  return invalidArgument(`invalid argument: ${message}`);
}

/** The request is right but the object is not in a state for it: 400 with FAILED_PRECONDITION. */
export function failedPrecondition(message: string): ApiError {
  return new ApiError({ status: 400, code: 9 }, message);
}

/** Nothing has this path or id: 404 with NOT_FOUND. */
export function notFound(message: string): ApiError {
  return new ApiError({ status: 404, code: 5 }, message);
}

/** The bearer cannot be authenticated: 401 with UNAUTHENTICATED. */
export function unauthenticated(message: string): ApiError {
  return new ApiError({ status: 401, code: 16 }, message);
}

/** No role of the caller covers the operation: 403 with PERMISSION_DENIED. */
export function permissionDenied(): ApiError {
  return new ApiError({ status: 403, code: 7 }, "unauthorized");
}

/** The path exists, but not with this method: 501 with UNIMPLEMENTED, as the gateway responds. */
export function methodNotAllowed(): ApiError {
  return new ApiError({ status: 501, code: 12 }, "Method Not Allowed");
}
