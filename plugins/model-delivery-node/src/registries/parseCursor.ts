/**
 * Reads a cursor that was written as JSON.
 * @param schema - such as one of zod
 * @returns `undefined` for what this version did not write: everything is read again then
 * @public
 */
export function parseRegistryCursor<T>(
  text: string | undefined,
  schema: {
    safeParse(value: unknown): { success: true; data: T } | { success: false };
  },
): T | undefined {
  if (text === undefined) {
    return undefined;
  }
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
