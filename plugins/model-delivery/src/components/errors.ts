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
  if (isResponseError(error)) {
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
    message: error instanceof Error ? error.message : String(error),
    fields: [],
  };
}

// By its shape, since a page may hold two copies of @backstage/errors
function isResponseError(error: unknown): error is ResponseError {
  return (
    error instanceof Error &&
    typeof (error as Partial<ResponseError>).statusCode === 'number' &&
    typeof (error as Partial<ResponseError>).body?.error === 'object'
  );
}
