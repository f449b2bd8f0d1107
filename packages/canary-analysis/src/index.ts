/**
 * Statistics that judge a canary rollout. Pure functions without clock or randomness.
 *
 * @packageDocumentation
 */
export { InvalidSampleError } from './errors';
export type { Interval, SequentialTest } from './types';
export {
  differenceOfProportions,
  wilsonInterval,
  type Proportion,
} from './proportions';
export { quantile } from './quantile';
export { mannWhitneyU, type MannWhitneyResult } from './mannWhitney';
export { hodgesLehmannShift } from './hodgesLehmann';
export type {
  JudgedSide,
  Judgement,
  JudgementReason,
  JudgementVerdict,
  JudgeOptions,
} from './judgement';
export { fewestSamplesToPass, judgeProportion } from './judgeProportion';
export { countAbove, judgeDistribution } from './judgeDistribution';
export { sequentialProportions } from './sequentialProportions';
export { watchProportion, type Watch } from './watchProportion';
