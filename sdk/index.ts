// Public surface of the client.

export type { ClientOptions, JwtCredential } from "./client";
export { CockroachCloudClient, defaultServerUrl } from "./client";
export type { Clock } from "./http/clock";
export { systemClock } from "./http/clock";
export { formatDuration, parseDuration } from "./http/duration";
export type { Effect, ErrorFacts } from "./http/errors";
export {
  AbortedError,
  AuthenticationError,
  BadRequestError,
  BusyError,
  CloudApiError,
  ConflictError,
  ConnectionError,
  isNotFound,
  KmsPermissionError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
  undefinedIfNotFound,
  withAdvice,
} from "./http/errors";
export type { ListQuery, OrderedListQuery, TimeRangeQuery } from "./http/pagination";
export type { Permit, PermitOptions, PermitResult, RequestQueue } from "./http/rate-limit";
export { RateLimiter } from "./http/rate-limit";
export type { BudgetOwner } from "./http/rate-limiter-for";
export { rateLimiterFor } from "./http/rate-limiter-for";
export type { RequestOptions, RequestWait } from "./http/request-options";
export * from "./resources/index";
