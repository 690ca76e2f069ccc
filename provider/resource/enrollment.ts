/** Operations of limited access, which an organization has to be enrolled for. */
import { CloudApiError, isNotFound, PermissionDeniedError, withAdvice } from "../../sdk/index";

/** The response to such a request; a refusal says so where the organization may not be enrolled. */
export async function explainEnrollment<Response>(request: Promise<Response>): Promise<Response> {
  try {
    return await request;
  } catch (error) {
    throw withEnrollmentAdvice(error);
  }
}

/** The same for a list. */
export async function* explainEnrollmentOfList<Item>(
  items: AsyncIterable<Item>,
): AsyncIterable<Item> {
  try {
    yield* items;
  } catch (error) {
    throw withEnrollmentAdvice(error);
  }
}

function withEnrollmentAdvice(error: unknown): unknown {
  const mayBeMissing =
    PermissionDeniedError.isInstance(error) ||
    isNotFound(error) ||
    (CloudApiError.isInstance(error) && error.status === 501);
  return mayBeMissing
    ? withAdvice(
        error,
        "The endpoint has limited access: ask CockroachDB Cloud support to enroll the organization.",
      )
    : error;
}
