import {
  capitalize,
  duration,
  listing,
  percent,
  round,
  secondsBetween,
} from '../words';
import { holdsTraffic, isHeldByTrouble } from '../rollouts/holdsTraffic';
import { isTrafficTouched } from './transitions';
import { PromotionRecord } from './types';

/** What a statement may say of the present step, when it is known. */
export interface StepFacts {
  startedAt: Date | null;
  endsAt: Date | null;
  minimumSamples: number;
  /** Answers of the candidate in this step so far. */
  samples?: number;
  /** What the step was judged by, in words. */
  explanation?: string;
  /** What is known of the shadow while it runs. */
  shadow?: { compared: number; agreed: number; endsAt: Date | null };
}

/** What is true of a promotion now, in one sentence that needs no context. Pure. */
export function statementOf(
  record: PromotionRecord,
  now: Date,
  step?: StepFacts,
): string {
  const what = `${record.version} ${
    record.kind === 'rollback' ? 'as a rollback ' : ''
  }to ${record.environment}`;
  const since = duration(secondsBetween(record.stateSince, now));
  switch (record.state) {
    case 'requested':
      return `Requested: the gates are evaluated next`;
    case 'evaluating':
      return `Evaluating the gates of ${record.environment}`;
    case 'blocked':
      return blockedStatement(record);
    case 'awaiting-approval':
      return approvalStatement(record, now);
    case 'rejected':
      return `Rejected: ${record.version} does not go to ${record.environment}`;
    case 'expired':
      return `Expired: nobody completed the approval in time. Request it again if it is still wanted`;
    case 'cancelled':
      return `Cancelled before ${record.version} took any traffic in ${record.environment}`;
    case 'scheduled':
      return record.obstacle
        ? `Scheduled: ${record.obstacle}`
        : `Scheduled: the rollout of ${what} begins in a moment`;
    case 'rolling-out':
      return rolloutStatement(record, now, step);
    case 'paused':
      return pausedStatement(record, since, step);
    case 'rolling-back':
      return record.fromVersion
        ? `Rolling back: all traffic returns to ${record.fromVersion}`
        : `Rolling back: ${record.version} is taken off`;
    case 'rolled-back':
      if (record.share === null && record.fromVersion) {
        return `Stopped before it served: ${
          step?.explanation ? `${step.explanation}. ` : ''
        }${untouched(record)}`;
      }
      return `Rolled back: ${
        record.fromVersion
          ? `${record.fromVersion} has served all traffic of ${record.environment} again for ${since}`
          : `nothing has served in ${record.environment} for ${since}`
      }${step?.explanation ? `. ${capitalize(step.explanation)}` : ''}`;
    case 'succeeded':
      return `${record.version} took over all traffic in ${
        record.environment
      } ${since} ago${watchText(record, now)}`;
    default:
      return erroredStatement(record, now);
  }
}

function pausedStatement(
  record: PromotionRecord,
  since: string,
  step: StepFacts | undefined,
): string {
  const why = record.obstacle ?? step?.explanation;
  if (!isTrafficTouched(record)) {
    const where =
      record.operation === 'compare' ? 'in the shadow' : 'before traffic';
    return `Paused ${where} for ${since}${why ? `: ${why}` : ''}. ${untouched(
      record,
    )}. A person decides: resume or cancel`;
  }
  return `Paused at ${round(record.share ?? 0, 1)} % for ${since}${
    why ? `: ${why}` : ''
  }. A person decides: resume or abort${heldText(record)}`;
}

/** What is done about a version that takes traffic while it is paused. */
function heldText(record: PromotionRecord): string {
  if (!holdsTraffic(record)) {
    return '';
  }
  return record.errorMessage
    ? `. It cannot be watched meanwhile: ${record.errorMessage}`
    : '. It is watched meanwhile, and goes back by itself if it fails';
}

function watchText(record: PromotionRecord, now: Date): string {
  const { operation, rolloutFinishedAt, plan } = record;
  const left =
    operation === 'watch' && rolloutFinishedAt
      ? (plan.watchSeconds ?? 0) - secondsBetween(rolloutFinishedAt, now)
      : 0;
  return left > 0 ? `; it is watched for another ${duration(left)}` : '';
}

function blockedStatement(record: PromotionRecord): string {
  if (record.obstacle) {
    return `Held: ${record.obstacle}`;
  }
  const { failed, error } = record.gateCounts;
  const missing = record.gateCounts['no-evidence'];
  const parts = [
    failed > 0 ? `${count(failed, 'gate')} failed` : '',
    missing > 0
      ? `${count(missing, 'gate')} lack${missing === 1 ? 's' : ''} evidence`
      : '',
    error > 0 ? `${count(error, 'gate')} could not be worked out` : '',
  ].filter(Boolean);
  return `Held by its gates: ${listing(parts)}. New evidence is judged at once`;
}

function approvalStatement(record: PromotionRecord, now: Date): string {
  const total = record.slots.reduce((sum, slot) => sum + slot.minimum, 0);
  const expires = record.expiresAt
    ? `; expires in ${duration(secondsBetween(now, record.expiresAt))}`
    : '';
  const titles = listing(
    record.slots.map(slot => slot.title.toLocaleLowerCase('en-US')),
  );
  return record.slotsFilled === 0
    ? `Waiting for approval by ${titles}${expires}`
    : `${record.slotsFilled} of ${total} approvals given${expires}`;
}

function rolloutStatement(
  record: PromotionRecord,
  now: Date,
  step: StepFacts | undefined,
): string {
  const share = round(record.share ?? 0, 1);
  if (
    record.operation === 'prepare' ||
    record.operation === 'prepare-control'
  ) {
    return `Starting the server of ${record.version}; ${
      record.fromVersion
        ? `${record.fromVersion} serves all traffic`
        : 'nothing serves yet'
    }`;
  }
  if (record.operation === 'prepared' && !record.bundle) {
    return `${record.version} is ready for its first traffic. ${untouched(
      record,
    )}`;
  }
  if (record.operation === 'prepared' || record.operation === 'passed') {
    return `Ready for more than ${share} %, and waits for the others of the bundle '${record.bundle?.name}'`;
  }
  const before = beforeTraffic(record, now, step);
  if (before) {
    return before;
  }
  if (record.operation !== 'observe' || !step?.startedAt || !step.endsAt) {
    return `Moving traffic: ${record.version} has ${share} %`;
  }
  const serving = `Serving ${share} % for ${duration(
    secondsBetween(step.startedAt, now),
  )}`;
  const left = secondsBetween(now, step.endsAt);
  const missing =
    step.samples === undefined ? 0 : step.minimumSamples - step.samples;
  const judgement = judgementText(left, missing);
  return `${serving}; ${judgement}${
    missing > 0 ? `; it needs ${round(missing, 0)} more samples` : ''
  }`;
}

/** What is true while a version gets copies of requests, or stands by for the switch; undefined otherwise. */
function beforeTraffic(
  record: PromotionRecord,
  now: Date,
  step: StepFacts | undefined,
): string | undefined {
  switch (record.operation) {
    case 'mirror':
    case 'compare':
      return `${shadowStatement(record, now, step?.shadow)}. ${untouched(
        record,
      )}`;
    case 'unmirror':
      return `The shadow of ${record.version} passed. ${untouched(record)}`;
    case 'check':
      return `Checking ${
        record.version
      } before all traffic switches to it at once. ${untouched(record)}`;
    default:
      return undefined;
  }
}

function shadowStatement(
  record: PromotionRecord,
  now: Date,
  shadow: StepFacts['shadow'],
): string {
  if (!shadow) {
    return `${record.version} gets copies of requests, and its answers are compared`;
  }
  const { compared, agreed, endsAt } = shadow;
  const left = endsAt ? secondsBetween(now, endsAt) : 0;
  return `${record.version} gets copies of requests: ${
    compared > 0
      ? `${percent(agreed / compared)} of ${round(compared, 0)} answers agree`
      : 'no answer compared yet'
  }; ${
    left > 0 ? `judged in ${duration(left)}` : 'judged once there are enough'
  }`;
}

function untouched(record: PromotionRecord): string {
  return `${record.fromVersion} serves all traffic, ${record.version} serves nobody`;
}

function judgementText(secondsLeft: number, missing: number): string {
  if (secondsLeft > 0) {
    return `next judgement in ${duration(secondsLeft)}`;
  }
  return missing > 0
    ? 'the window is extended until there are enough samples'
    : 'judged in a moment';
}

function erroredStatement(record: PromotionRecord, now: Date): string {
  const retry =
    record.dueAt && !record.isGivenUp
      ? `tried again in ${duration(secondsBetween(now, record.dueAt))}`
      : 'a person decides whether to try again';
  const watched =
    record.isGivenUp && isHeldByTrouble(record) && !record.obstacle
      ? '. It is watched meanwhile, and goes back by itself if it fails'
      : '';
  const also = record.obstacle ? `. Besides, ${record.obstacle}` : '';
  return `Technical trouble: ${
    record.errorMessage ?? 'unknown'
  }; ${retry}${watched}${also}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
