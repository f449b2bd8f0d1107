import { JudgingGateKind } from '@slipway/backstage-plugin-model-delivery-node';
import { wilsonInterval } from '@slipway/canary-analysis';

/** A share of the answers, of which so many were looked at that it is surely below a limit. */
export const surelyBelow: JudgingGateKind<{ metric: string; limit: number }> = {
  id: 'surely-below',
  title: 'Surely fewer than {limit} of the answers count as {metric}',
  description: 'By the upper end of the Wilson interval at 95 %.',
  stage: 'evaluation',
  parameters: {
    metric: {
      type: 'string',
      pattern: '[a-z][a-z0-9_]*',
      description: 'Share of the answers, reported with its sample size',
    },
    limit: {
      type: 'number',
      unit: 'share',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.01,
      description: 'Share that it has to stay below',
    },
  },
  requires: ['candidate.metrics.{metric}'],
  maxAge: '30d',
  evidence: {
    'candidate.metrics.{metric}': 'Share of the answers, with its sample size',
  },
  judge({ parameters: { metric, limit }, facts }) {
    const { value, sampleSize } = facts[`candidate.metrics.${metric}`];
    if (sampleSize === undefined) {
      throw new Error('it was reported without its sample size');
    }
    const { high } = wilsonInterval({
      count: Math.round(value * sampleSize),
      samples: sampleSize,
    });
    return {
      passed: high < limit,
      explanation: `Of ${sampleSize} answers ${Math.round(
        value * sampleSize,
      )} were ${metric}, which is at most ${(high * 100).toFixed(2)} %`,
    };
  },
  isAtLeastAsStrict: (stricter, looser) =>
    stricter.metric === looser.metric
      ? stricter.limit <= looser.limit
      : undefined,
};
