import { RegistryError } from './RegistryError';

/**
 * Checks what a registry answered.
 * @param schema - such as one of zod
 * @param asked - for messages: which connection was asked, and what, such as `models.list`
 * @throws RegistryError that says what makes no sense, and where
 * @public
 */
export function parseRegistryAnswer<T>(
  answer: unknown,
  schema: {
    safeParse(value: unknown):
      | { success: true; data: T }
      | {
          success: false;
          error: { issues: { path: PropertyKey[]; message: string }[] };
        };
  },
  asked: { service: string; action: string },
): T {
  const result = schema.safeParse(answer);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new RegistryError(
      'malformed',
      `${asked.service} answered ${
        asked.action
      } with nonsense at '${issue.path.join('.')}': ${issue.message}`,
    );
  }
  return result.data;
}

/**
 * Where the next page begins, from an answer to the page asked for.
 * @returns `undefined` for none, however the registry says so
 * @throws RegistryError when it is the page itself, which would never end
 * @public
 */
export function nextRegistryPage(
  next: string | null | undefined,
  asked: { service: string; pageToken?: string },
): string | undefined {
  if (next && next === asked.pageToken) {
    throw new RegistryError(
      'malformed',
      `${asked.service} answered with the page token that it was asked with, which would never end`,
    );
  }
  return next || undefined;
}
