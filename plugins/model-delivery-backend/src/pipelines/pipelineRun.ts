import { InputError } from '@backstage/errors';
import {
  PipelineRunReport,
  Stage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { assertNotInFuture, assertOrder } from '../http/checkTimes';

type StageRun = NonNullable<PipelineRunReport['stages']>[number];

/** The seven stages in their order. */
export const STAGES: Stage[] = [
  'code-validation',
  'data-validation',
  'training',
  'evaluation',
  'registration',
  'staging-validation',
  'production-deployment',
];

/** Whether a run with that outcome is over. */
export function isFinished(outcome: PipelineRunReport['outcome']): boolean {
  return outcome !== 'running';
}

/**
 * Checks what the contract cannot say.
 * @throws InputError naming the path of what is wrong.
 */
export function checkPipelineRun(report: PipelineRunReport, now: Date): void {
  assertNotInFuture('request/body/startedAt', report.startedAt, now);
  assertNotInFuture('request/body/finishedAt', report.finishedAt, now);
  assertOrder(
    'request/body/startedAt',
    report.startedAt,
    'request/body/finishedAt',
    report.finishedAt,
  );
  if (isFinished(report.outcome) && report.finishedAt === undefined) {
    throw new InputError(
      `request/body/finishedAt is missing: a run with the outcome ${report.outcome} is over`,
    );
  }
  if (!isFinished(report.outcome) && report.finishedAt !== undefined) {
    throw new InputError(
      'request/body/finishedAt is given for a run that is still running; give its outcome too',
    );
  }
  report.stages?.forEach((stage, i) => {
    const path = `request/body/stages/${i}`;
    const first = report.stages!.findIndex(each => each.stage === stage.stage);
    if (first < i) {
      throw new InputError(
        `${path}/stage is ${stage.stage}, which request/body/stages/${first} tells of already`,
      );
    }
    assertOrder(
      `${path}/startedAt`,
      stage.startedAt,
      `${path}/finishedAt`,
      stage.finishedAt,
    );
    if (isFinished(report.outcome) && stage.outcome === 'running') {
      throw new InputError(
        `${path}/outcome is running, but the run is over with the outcome ${report.outcome}`,
      );
    }
  });
}

/** The stages in the order of the pipeline, whatever order they were told in. */
export function inStageOrder(stages: StageRun[]): StageRun[] {
  return [...stages].sort(
    (a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage),
  );
}

/**
 * The stage that had its outcome before and has another or none in the new report: it was sent earlier and arrives late.
 */
export function stageTakenBack(
  before: StageRun[],
  after: StageRun[],
): StageRun | undefined {
  return before.find(
    stage =>
      stage.outcome !== 'running' &&
      after.find(each => each.stage === stage.stage)?.outcome !== stage.outcome,
  );
}
