import {
  ChangeKind,
  VersionParts,
} from '@slipway/backstage-plugin-model-delivery-common';
import { isDeepStrictEqual } from 'node:util';

/**
 * The kinds of change that lead from one version's parts to the next, for a registration that does not say. Other
 * parameters alone are a change of configuration; without a version before, all that there is is new.
 */
export function deriveChangeKinds(
  before: VersionParts | undefined,
  parts: VersionParts,
): ChangeKind[] {
  const kinds: ChangeKind[] = [];
  if (before?.code.commit !== parts.code.commit) {
    kinds.push('code');
  }
  if (!isDeepStrictEqual(dataOf(before), dataOf(parts))) {
    kinds.push('data');
  }
  if (!isDeepStrictEqual(configurationOf(before), configurationOf(parts))) {
    kinds.push('configuration');
  }
  if (before?.baseModel !== parts.baseModel) {
    kinds.push('base-model');
  }
  return kinds.length === 0 &&
    !isDeepStrictEqual(before?.parameters, parts.parameters)
    ? ['configuration']
    : kinds;
}

function dataOf(parts: VersionParts | undefined): string[] {
  return (parts?.data ?? [])
    .map(each => `${each.name}\n${each.version}\n${each.digest ?? ''}`)
    .sort();
}

function configurationOf(parts: VersionParts | undefined): string[] {
  return (parts?.configuration ?? [])
    .map(each => `${each.name}\n${each.digest}`)
    .sort();
}
