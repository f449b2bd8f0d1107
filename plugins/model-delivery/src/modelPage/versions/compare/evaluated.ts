import type {
  ConfusionMatrix,
  Evaluation,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';

/** What evaluations tell of a version beyond single numbers. */
export interface Evaluated {
  /** What its metrics were measured on last. */
  measuredOn: string | null;
  slices: Measurement[];
  /** What the slices were measured on. */
  slicesOf: string | null;
  matrix: { matrix: ConfusionMatrix; of: string | null } | null;
}

/**
 * The slices and the confusion matrix that were measured last of the candidate; those of revoked evaluations do not count.
 * @param evaluations - of one version, in any order
 */
export function evaluatedOf(evaluations: Evaluation[]): Evaluated {
  const counting = evaluations
    .filter(each => each.fact === 'candidate' && !each.revoked)
    .sort((a, b) => Date.parse(b.measuredAt) - Date.parse(a.measuredAt));
  const sliced = counting.find(({ metrics }) =>
    metrics.some(({ slice }) => slice),
  );
  const confused = counting.find(({ confusionMatrix }) => confusionMatrix);
  return {
    measuredOn: counting.length > 0 ? datasetOf(counting[0]) : null,
    slices: sliced?.metrics.filter(({ slice }) => slice) ?? [],
    slicesOf: sliced ? datasetOf(sliced) : null,
    matrix: confused
      ? { matrix: confused.confusionMatrix!, of: datasetOf(confused) }
      : null,
  };
}

/** Whether what was measured on different data is put side by side, in words; undefined when it was not. */
export function differentData(
  what: string,
  told: { version: string; of: string | null }[],
): string | undefined {
  return new Set(told.map(({ of }) => of)).size < 2
    ? undefined
    : `${what} on different data: ${told
        .map(
          ({ version, of }) =>
            `${version} on ${of ?? 'data that was not told'}`,
        )
        .join(', ')}. Differences may come from that.`;
}

/** Share (0 to 1) of an actual label's cases that were taken for each label; null where there were no cases. */
export function sharesOf(row: number[]): (number | null)[] {
  const all = row.reduce((sum, count) => sum + count, 0);
  return row.map(count => (all === 0 ? null : count / all));
}

function datasetOf({ dataset }: Evaluation): string | null {
  return (
    dataset && `${dataset.name}${dataset.version ? `@${dataset.version}` : ''}`
  );
}
