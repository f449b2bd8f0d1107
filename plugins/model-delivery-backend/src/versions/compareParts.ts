import { VersionParts } from '@slipway/backstage-plugin-model-delivery-common';
import { isDeepStrictEqual } from 'node:util';

/** Paths of the parts in which two versions differ, such as `parts.code.commit`; at most `limit`. */
export function differingParts(
  one: VersionParts,
  other: VersionParts,
  limit = 10,
): string[] {
  return differences('parts', one, other).slice(0, limit);
}

function differences(path: string, one: unknown, other: unknown): string[] {
  if (isDeepStrictEqual(one, other)) {
    return [];
  }
  if (!isRecord(one) || !isRecord(other)) {
    return [path];
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys]
    .sort()
    .flatMap(key => differences(`${path}.${key}`, one[key], other[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
