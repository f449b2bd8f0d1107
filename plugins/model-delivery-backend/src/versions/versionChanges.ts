import {
  ApiSchemas,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import { diffTexts } from '../diffTexts';
import {
  Commit,
  FactMeasurement,
  toMeasurement,
  VersionRecord,
} from './VersionRecord';

type MetricChange = VersionChanges['metrics'][number];
type PartChange = ApiSchemas['PartChange'];

/** A version with the measurements of its candidate. */
export interface MeasuredVersion {
  version: VersionRecord;
  facts: FactMeasurement[];
}

/**
 * What a version changes against another one, or against nothing.
 * @param texts - of configuration, by digest, as far as they were reported
 */
export function compareVersions(
  from: MeasuredVersion | null,
  to: MeasuredVersion,
  { commits, texts }: { commits: Commit[]; texts: Map<string, string> },
): VersionChanges {
  return {
    version: to.version.name,
    against: from?.version.name ?? null,
    metrics: compareMetrics(from?.facts ?? [], to.facts),
    data: compareValues(dataOf(from), dataOf(to)),
    code: {
      from: from?.version.parts.code.commit ?? null,
      to: to.version.parts.code.commit,
      commits,
    },
    configuration: compareValues(
      configurationOf(from),
      configurationOf(to),
    ).map(change => withText(change, texts)),
    parameters: compareValues(
      new Map(Object.entries(from?.version.parts.parameters ?? {})),
      new Map(Object.entries(to.version.parts.parameters)),
    ),
  };
}

function compareMetrics(
  from: FactMeasurement[],
  to: FactMeasurement[],
): MetricChange[] {
  const before = candidateMetrics(from);
  const after = candidateMetrics(to);
  return [...new Set([...after.keys(), ...before.keys()])]
    .sort()
    .map(name => compareMetric(name, before.get(name), after.get(name)));
}

function compareMetric(
  name: string,
  from: FactMeasurement | undefined,
  to: FactMeasurement | undefined,
): MetricChange {
  const unit = to?.unit ?? from?.unit;
  const higherIsBetter = to?.higherIsBetter ?? from?.higherIsBetter;
  return {
    name,
    ...(unit !== undefined && { unit }),
    ...(higherIsBetter !== undefined && { higherIsBetter }),
    from: from ? toMeasurement(from) : null,
    to: to ? toMeasurement(to) : null,
    difference: from && to ? to.value - from.value : null,
    reading: readingOf(from, to, higherIsBetter),
  };
}

/**
 * Two measurements tell a difference only when their intervals, of the same level, do not overlap; and one for better or
 * worse only when it is known which way is better.
 */
function readingOf(
  from: FactMeasurement | undefined,
  to: FactMeasurement | undefined,
  higherIsBetter: boolean | undefined,
): MetricChange['reading'] {
  if (!from || !to) {
    return 'not-comparable';
  }
  if (
    !from.interval ||
    !to.interval ||
    from.interval.level !== to.interval.level
  ) {
    return from.value === to.value && !from.interval && !to.interval
      ? 'no-difference'
      : 'not-comparable';
  }
  if (
    from.interval.low <= to.interval.high &&
    to.interval.low <= from.interval.high
  ) {
    return 'no-difference';
  }
  if (higherIsBetter === undefined) {
    return 'not-comparable';
  }
  return to.value > from.value === higherIsBetter ? 'better' : 'worse';
}

function candidateMetrics(
  facts: FactMeasurement[],
): Map<string, FactMeasurement> {
  return new Map(
    facts
      .filter(each => each.fact === 'candidate')
      .map(each => [each.name, each]),
  );
}

function dataOf(measured: MeasuredVersion | null): Map<string, string> {
  return new Map(
    (measured?.version.parts.data ?? []).map(each => [
      each.name,
      each.digest ? `${each.version} (${each.digest})` : each.version,
    ]),
  );
}

function configurationOf(
  measured: MeasuredVersion | null,
): Map<string, string> {
  const parts = measured?.version.parts;
  return new Map([
    ...(parts?.configuration ?? []).map(
      each => [each.name, each.digest] as const,
    ),
    ...(parts?.baseModel ? [['base model', parts.baseModel] as const] : []),
  ]);
}

/** Adds what changed in the text, where the text of each side that there is was reported. */
function withText(change: PartChange, texts: Map<string, string>): PartChange {
  const before = change.from === null ? '' : texts.get(change.from);
  const after = change.to === null ? '' : texts.get(change.to);
  return change.change === 'same' || before === undefined || after === undefined
    ? change
    : { ...change, text: diffTexts(before, after) };
}

function compareValues(
  from: Map<string, string>,
  to: Map<string, string>,
): PartChange[] {
  return [...new Set([...to.keys(), ...from.keys()])].sort().map(name => {
    const before = from.get(name) ?? null;
    const after = to.get(name) ?? null;
    return { name, from: before, to: after, change: changeOf(before, after) };
  });
}

function changeOf(
  before: string | null,
  after: string | null,
): PartChange['change'] {
  if (before === null) {
    return 'added';
  }
  if (after === null) {
    return 'removed';
  }
  return before === after ? 'same' : 'changed';
}
