import { ResponseError } from '@backstage/errors';

/** An error as a person reads it. */
export interface ReadableError {
  /** HTTP status; null when the server was not reached. */
  status: number | null;
  message: string;
  /** What was wrong field by field. */
  fields: { path: string; message: string }[];
}

/** The server's own words of what was wrong, rather than "Request failed with 409". */
export function readableError(error: unknown): ReadableError {
  if (isResponseError(error) && !isWithoutAnswer(error)) {
    const told = error.body.error as {
      message?: string;
      errors?: { path: string; message: string }[];
    };
    return {
      status: error.statusCode,
      message: told.message ?? error.message,
      fields: told.errors ?? [],
    };
  }
  return {
    status: null,
    message: isWithoutAnswer(error)
      ? 'The portal did not answer'
      : messageOf(error),
    fields: [],
  };
}

/**
 * Whether a request got no answer: browsers say that as a TypeError, each in words of its own, and what stands in between
 * as 502 or 504.
 */
export function isWithoutAnswer(error: unknown): boolean {
  if (isResponseError(error)) {
    return error.statusCode === 502 || error.statusCode === 504;
  }
  return (
    error instanceof TypeError &&
    /fetch|network|load failed/i.test(error.message)
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// By its shape, since a page may hold two copies of @backstage/errors
function isResponseError(error: unknown): error is ResponseError {
  return (
    error instanceof Error &&
    typeof (error as Partial<ResponseError>).statusCode === 'number' &&
    typeof (error as Partial<ResponseError>).body?.error === 'object'
  );
}
