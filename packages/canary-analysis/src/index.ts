/**
 * Statistics that judge a canary rollout and see drift. Pure functions without clock; randomness is passed in.
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
export { judgeShift } from './judgeShift';
export {
  fewestSamplesForDistance,
  judgeKolmogorovSmirnov,
  judgePopulationStability,
} from './judgeDivergence';
export {
  judgeKolmogorovSmirnovOfBins,
  judgePopulationStabilityOfBins,
  judgeShiftOfBins,
} from './judgeBins';
export type { BinnedValues } from './bins';
export { samplesToDetect, type DetectionOptions } from './samplesToDetect';
export { momentsOf, type Moments } from './moments';
export { sequentialMeans } from './sequentialMeans';
export { sequentialProportions } from './sequentialProportions';
export { watchProportion, type Watch } from './watchProportion';
export {
  kolmogorovSmirnov,
  type KolmogorovSmirnovResult,
} from './kolmogorovSmirnov';
export {
  populationStability,
  stabilityOfCounts,
  type PopulationStability,
  type StabilityBin,
} from './populationStability';
export { seededRandom, type RandomSource } from './random';
export { bootstrapInterval, type BootstrapOptions } from './bootstrap';
export { bootstrapOverlap, intervalsOverlap } from './bootstrapOverlap';
