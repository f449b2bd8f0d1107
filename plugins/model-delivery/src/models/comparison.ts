import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import {
  keyOfOther,
  versionToCompare,
} from '../modelPage/versions/compare/comparedVersion';
import { MOST_COMPARED } from '../modelPage/versions/versionsQuery';

/** What decides whether a model can be compared, and by which version. */
export type ComparableModel = Pick<
  ModelSummary,
  'ref' | 'name' | 'task' | 'production' | 'latestVersion'
>;

/** Why a model cannot be compared with those that are chosen; undefined when it can, or is chosen itself. */
export function whyNotCompared(
  model: ComparableModel,
  chosen: ComparableModel[],
): string | undefined {
  if (chosen.some(({ ref }) => ref === model.ref)) {
    return undefined;
  }
  if (!versionToCompare(model)) {
    return `${model.name} has no version yet`;
  }
  if (model.task === null) {
    return `${model.name} states no task, so its numbers compare with nothing`;
  }
  const [first] = chosen;
  if (first && first.task !== model.task) {
    return `${model.name} is for ${model.task}, and ${first.name} for ${first.task}: the numbers of different tasks do not compare`;
  }
  return chosen.length >= MOST_COMPARED
    ? `${MOST_COMPARED} models are chosen, which is the most`
    : undefined;
}

/** The query of the first model's Versions tab that puts the versions of all of them side by side. */
export function comparisonQuery(chosen: ComparableModel[]): string {
  return new URLSearchParams(
    chosen.flatMap((model, index) => {
      const version = versionToCompare(model);
      return version
        ? [['compare', index === 0 ? version : keyOfOther(model.ref, version)]]
        : [];
    }),
  ).toString();
}
