/** A value of elsewhere as an object, also what YAML keeps as a map; an empty one when it is none. */
export function asObject(value: unknown): Record<string, unknown> {
  if (value instanceof Map) {
    return Object.fromEntries(value);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
