/** Operations of limited access, which an organization has to be enrolled for. */
import { CloudApiError, isNotFound, PermissionDeniedError, withAdvice } from "../../sdk/index";

/** The error of such a request, which says so where the organization may not be enrolled. */
export function withEnrollmentAdvice(error: unknown): unknown {
  const mayBeMissing =
    PermissionDeniedError.isInstance(error) ||
    isNotFound(error) ||
    (CloudApiError.isInstance(error) && error.status === 501);
  if (!mayBeMissing) return error;
  return withAdvice(
    error,
    "The endpoint has limited access: ask CockroachDB Cloud support to enroll the organization.",
  );
}
