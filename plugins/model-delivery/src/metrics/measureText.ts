import type {
  ChangeKind,
  Measure,
  MeasureId,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber, formatShare, formatSpan, splitSpan } from '../charts';

/** Kinds of change in words. */
export const changeKindWords: Record<ChangeKind, string> = {
  code: 'Code',
  data: 'Data',
  configuration: 'Configuration',
  'base-model': 'Base model',
};

interface MeasureWords {
  title: string;
  /** Heading of its column in tables. */
  short: string;
  /** What is counted, in the plural. */
  sample: string;
  definition: string;
  /** What would fill it when there is nothing to count. */
  noData: string;
}

/** The words of each measure. */
export const measureWords: Record<MeasureId, MeasureWords> = {
  'deployment-frequency': {
    title: 'Deployment frequency',
    short: 'Frequency',
    sample: 'deployments',
    definition: 'Promotions that reached full traffic in production, per week',
    noData:
      'No promotion reached full traffic in production in this period. The next one that does is counted.',
  },
  'lead-time': {
    title: 'Lead time',
    short: 'Lead time',
    sample: 'changes',
    definition:
      'From the earliest commit since the version before it to full traffic',
    noData:
      'No deployment of this period names its commits. Send them when the version is registered.',
  },
  'change-failure-rate': {
    title: 'Change failure rate',
    short: 'Change failure',
    sample: 'deployments',
    definition:
      'Deployments rolled back, hot-fixed or linked to an incident, of all that took production traffic',
    noData: 'No deployment took production traffic in this period.',
  },
  'recovery-time': {
    title: 'Recovery time',
    short: 'Recovery',
    sample: 'failures',
    definition: 'From a failure being detected to service being restored',
    noData: 'No failure was detected and restored in this period.',
  },
  'rework-rate': {
    title: 'Rework rate',
    short: 'Rework',
    sample: 'deployments',
    definition: 'Deployments that fix something unplanned, of all',
    noData:
      'No deployment of this period says why it was made. Give the reason when asking for a promotion.',
  },
  'break-glass-rate': {
    title: 'Emergency deployments',
    short: 'Emergency',
    sample: 'deployments',
    definition:
      'Deployments that went past gates and approvals by break-glass, of all that took production traffic',
    noData: 'No deployment took production traffic in this period.',
  },
  'pipeline-reliability': {
    title: 'Pipeline reliability',
    short: 'Reliability',
    sample: 'finished runs',
    definition:
      'Runs not lost to infrastructure or flaky tests; a gate that rightly says no is a reliable run',
    noData:
      'No pipeline run finished in this period. Pipelines report their runs as they end.',
  },
  'outside-changes': {
    title: 'Changes made outside',
    short: 'Made outside',
    sample: 'changes',
    definition:
      'Traffic or registry aliases of production that somebody changed without Slipway, raised in the period',
    noData:
      'Nothing served in production in this period, so nothing could be compared with its history.',
  },
};

/** A measure's value as number and unit, or null when there was nothing to count. */
export function measureValue(
  measure: Pick<Measure, 'value' | 'unit'>,
): { value: string; unit: string } | null {
  const { value, unit } = measure;
  if (value === null) {
    return null;
  }
  switch (unit) {
    case 'seconds':
      return splitSpan(value);
    case 'share': {
      return { value: formatNumber(value * 100, { digits: 1 }), unit: '%' };
    }
    case 'count':
      return {
        value: formatNumber(value, { digits: 0 }),
        unit: value === 1 ? 'change' : 'changes',
      };
    default:
      return {
        value: formatNumber(value, {
          digits: value >= 100 || value === 0 ? 0 : 1,
        }),
        unit: 'per week',
      };
  }
}

/** A measure's value in one string, such as `18.5 h`. */
export function measureText(
  measure: Pick<Measure, 'value' | 'unit'>,
): string | null {
  const parts = measureValue(measure);
  return parts && `${parts.value}\u00a0${parts.unit}`;
}

/** What is aimed at, such as `target under 24 h`; null when nothing is. */
export function targetText(
  measure: Pick<Measure, 'target' | 'unit'>,
): string | null {
  const { target, unit } = measure;
  if (!target) {
    return null;
  }
  const comparison = target.better === 'higher' ? 'at least' : 'under';
  if (unit === 'seconds') {
    return `target ${comparison} ${formatSpan(target.value)}`;
  }
  if (unit === 'share') {
    return `target ${
      target.better === 'higher' ? 'over' : 'under'
    } ${formatShare(target.value, 0)}`;
  }
  return target.value < 1 && target.value > 0
    ? `target at least one in ${formatNumber(1 / target.value, {
        digits: 1,
      })} weeks`
    : `target ${comparison} ${formatNumber(target.value)} per week`;
}

/** What the number rests on: `26 of 418 deployments`, `n = 231 changes`. */
export function sampleText(measure: Measure): string {
  const { sample } = measureWords[measure.id];
  const size = formatNumber(measure.sampleSize, { digits: 0 });
  if (measure.unit === 'count') {
    return measure.count === 0
      ? 'production agreed with its history'
      : `${size} raised`;
  }
  return measure.unit === 'share' && measure.sampleSize > 0
    ? `${formatNumber(measure.count, { digits: 0 })} of ${size} ${sample}`
    : `n = ${size} ${sample}`;
}
