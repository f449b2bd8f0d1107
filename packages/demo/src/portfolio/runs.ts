import { PipelineRunReport } from '@slipway/backstage-plugin-model-delivery-common';
import { commitOfText, Random } from './random';
import { Release } from './planReleases';
import { DAY, HOUR, MINUTE, timestamp } from './time';
import { ModelProfile, RunHistory } from './types';

type Outcome = PipelineRunReport['outcome'];
type StageReport = NonNullable<PipelineRunReport['stages']>[number];

const FIRST_ID = 4100;
const YEAR = 364 * DAY;

/** Stages that one run passes, with the minutes that each takes. */
const STAGES = [
  ['code-validation', 6],
  ['data-validation', 4],
  ['training', 22],
  ['evaluation', 7],
  ['registration', 1],
  ['staging-validation', 9],
] as const;

/** Where quality says no, and in what words. */
const REFUSALS = [
  ['code-validation', '2 of 214 tests failed'],
  ['data-validation', 'Volume fell by 58 %, limit 50 %'],
  ['data-validation', 'Column postcode: 7.1 % missing, limit 5 %'],
  ['evaluation', 'F1 is below production'],
  ['evaluation', 'Fairness gap 6.1 %, limit 5 %'],
  ['evaluation', 'Accuracy 1.8 points below training'],
] as const;

/** What infrastructure loses runs to. */
const LOSSES = [
  ['training', 'The runner was lost: no space left on device'],
  ['training', 'The runner was taken away by the cloud provider'],
  ['data-validation', 'Reading the data timed out after 30 min'],
  ['code-validation', 'An integration test failed, and passed when repeated'],
  ['staging-validation', 'The staging cluster did not answer'],
] as const;

interface Planned {
  finishedAt: number;
  release?: Release;
}

/**
 * The runs of a year, oldest first: one for each version, and those that came to nothing.
 */
export function runsOf(
  profile: ModelProfile,
  releases: Release[],
  asOf: number,
  random: Random,
): RunHistory[] {
  const others = Math.max(profile.runs - releases.length, 0);
  const planned: Planned[] = [
    ...releases.map(release => ({ finishedAt: release.createdAt, release })),
    ...Array.from({ length: others }, () => ({
      finishedAt: asOf - random.between(0, YEAR) - HOUR,
    })),
  ].sort((one, other) => one.finishedAt - other.finishedAt);
  // Versions need their runs, so the share of the others that fails is the larger
  const scale = planned.length / Math.max(others, 1);
  return planned.map(({ finishedAt, release }, index) => {
    const id = `run-${FIRST_ID + index}`;
    const outcome = release
      ? outcomeOf(release)
      : random.weighted<Outcome>({
          error: profile.errorShare * scale,
          failure: profile.failureShare * scale,
          cancelled: 0.015,
          success: Math.max(
            0,
            1 - (profile.errorShare + profile.failureShare) * scale,
          ),
        });
    return {
      id,
      report: reportOf(profile, id, finishedAt, outcome, release, random),
    };
  });
}

/** A version that was held back has a run in which quality said no. */
function outcomeOf(release: Release): Outcome {
  return release.held ? 'failure' : 'success';
}

function reportOf(
  profile: ModelProfile,
  id: string,
  finishedAt: number,
  outcome: Outcome,
  release: Release | undefined,
  random: Random,
): PipelineRunReport {
  const stages = stagesOf(finishedAt, outcome, release, random);
  return {
    trigger: triggerOf(release, random),
    outcome,
    startedAt: stages[0].startedAt!,
    finishedAt: timestamp(finishedAt),
    commit: release
      ? commitOfText(`${profile.name}/${release.version}/0`)
      : commitOfText(`${profile.name}/${id}`),
    url: `https://ci.harbour.example/${profile.name}/${id}`,
    ...(release && { version: release.version }),
    stages,
  };
}

function triggerOf(
  release: Release | undefined,
  random: Random,
): PipelineRunReport['trigger'] {
  if (!release) {
    return random.weighted({ code: 6, schedule: 3, data: 2, manual: 1 });
  }
  return release.kinds.includes('data') ? 'data' : 'code';
}

function stagesOf(
  finishedAt: number,
  outcome: Outcome,
  release: Release | undefined,
  random: Random,
): StageReport[] {
  const [where, message] = stopOf(outcome, release, random);
  const last = STAGES.findIndex(([stage]) => stage === where);
  const run = last < 0 ? STAGES : STAGES.slice(0, last + 1);
  let at = finishedAt;
  const passed = [...run].reverse().map(([stage, minutes], index) => {
    const end = at;
    at -= random.logNormal(minutes, 0.3) * MINUTE;
    const stopped = index === 0 && last >= 0;
    return {
      stage,
      outcome: stopped ? outcome : ('success' as const),
      startedAt: timestamp(at),
      finishedAt: timestamp(end),
      ...(stopped && message && { message }),
    };
  });
  return passed.reverse();
}

/** The stage that a run stopped in, and why. */
function stopOf(
  outcome: Outcome,
  release: Release | undefined,
  random: Random,
): readonly [string | undefined, string | undefined] {
  switch (outcome) {
    case 'failure':
      return release
        ? random.pick(REFUSALS.filter(([stage]) => stage === 'evaluation'))
        : random.pick(REFUSALS);
    case 'error':
      return random.pick(LOSSES);
    case 'cancelled':
      return ['training', 'Cancelled in favour of a newer commit'];
    default:
      return [undefined, undefined];
  }
}
