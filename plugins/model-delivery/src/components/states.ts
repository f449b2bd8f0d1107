import { ComponentType } from 'react';
import type { SvgIconProps } from '@mui/material/SvgIcon';
import type {
  Deployment,
  MetricAnalysis,
  ModelSummary,
  PipelineRun,
  PromotionState,
  RolloutStep,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import * as icons from './icons';
import type { Tone } from './tones';

/** How a state is said and drawn: always a word and a shape, never a colour alone. */
export interface StateAppearance {
  label: string;
  tone: Tone;
  icon: ComponentType<SvgIconProps>;
}

const appearance = (
  label: string,
  tone: Tone,
  icon: ComponentType<SvgIconProps>,
): StateAppearance => ({ label, tone, icon });

/** The states of a promotion. */
export const promotionStates: Record<PromotionState, StateAppearance> = {
  requested: appearance('Requested', 'neutral', icons.WaitingIcon),
  evaluating: appearance('Evaluating', 'running', icons.RunningIcon),
  blocked: appearance('Blocked', 'failed', icons.FailedIcon),
  'awaiting-approval': appearance(
    'Awaiting approval',
    'running',
    icons.ApprovalIcon,
  ),
  rejected: appearance('Rejected', 'failed', icons.FailedIcon),
  expired: appearance('Expired', 'warned', icons.WaitingIcon),
  scheduled: appearance('Scheduled', 'neutral', icons.WaitingIcon),
  'rolling-out': appearance('Rolling out', 'running', icons.RunningIcon),
  paused: appearance('Paused', 'warned', icons.PausedIcon),
  'rolling-back': appearance('Rolling back', 'warned', icons.RollbackIcon),
  'rolled-back': appearance('Rolled back', 'failed', icons.RollbackIcon),
  succeeded: appearance('Succeeded', 'ok', icons.PassedIcon),
  cancelled: appearance('Cancelled', 'neutral', icons.StoppedIcon),
  errored: appearance('Error', 'error', icons.ErrorIcon),
};

/** The verdicts of a gate. */
export const verdicts: Record<Verdict, StateAppearance> = {
  passed: appearance('Passed', 'ok', icons.PassedIcon),
  failed: appearance('Failed', 'failed', icons.FailedIcon),
  'no-evidence': appearance('No evidence', 'warned', icons.NoEvidenceIcon),
  error: appearance('Error', 'error', icons.ErrorIcon),
  waived: appearance('Waived', 'running', icons.WaivedIcon),
  warned: appearance('Warned', 'warned', icons.WarnedIcon),
};

/** The health of what serves in production. */
export const healthStates: Record<
  ModelSummary['health']['state'],
  StateAppearance
> = {
  ok: appearance('OK', 'ok', icons.PassedIcon),
  errors: appearance('Errors', 'failed', icons.FailedIcon),
  latency: appearance('Latency', 'failed', icons.LatencyIcon),
  scores: appearance('Scores', 'failed', icons.MetricsIcon),
  incident: appearance('Incident', 'failed', icons.WarnedIcon),
  outside: appearance('Changed outside', 'warned', icons.ExternalIcon),
  evidence: appearance('Evidence revoked', 'failed', icons.NoEvidenceIcon),
  'no-data': appearance('No data', 'neutral', icons.NoEvidenceIcon),
};

/** How the age of a model's card stands against the policy. */
export const cardStates: Record<
  ModelSummary['card']['state'],
  StateAppearance
> = {
  fresh: appearance('Fresh', 'ok', icons.PassedIcon),
  stale: appearance('Stale', 'warned', icons.StaleIcon),
  unmeasured: appearance('Age not reported', 'neutral', icons.NoEvidenceIcon),
};

/** What a model waits for. */
export const waitingKinds: Record<
  ModelSummary['waiting']['kind'],
  StateAppearance
> = {
  approval: appearance('Approval', 'running', icons.ApprovalIcon),
  'gate-failing': appearance('Gate failing', 'failed', icons.FailedIcon),
  judgement: appearance('Judgement', 'neutral', icons.WaitingIcon),
  paused: appearance('Paused', 'warned', icons.PausedIcon),
  error: appearance('Error', 'error', icons.ErrorIcon),
  nothing: appearance('Nothing', 'neutral', icons.PassedIcon),
};

/** The verdicts of a rollout's analysis. */
export const analysisVerdicts: Record<
  MetricAnalysis['verdict'],
  StateAppearance
> = {
  pass: appearance('Pass', 'ok', icons.PassedIcon),
  fail: appearance('Fail', 'failed', icons.FailedIcon),
  inconclusive: appearance('Inconclusive', 'warned', icons.InconclusiveIcon),
};

/** The states of a rollout's step. */
export const stepStates: Record<RolloutStep['state'], StateAppearance> = {
  pending: appearance('Pending', 'neutral', icons.WaitingIcon),
  running: appearance('Running', 'running', icons.RunningIcon),
  passed: appearance('Pass', 'ok', icons.PassedIcon),
  failed: appearance('Fail', 'failed', icons.FailedIcon),
  inconclusive: appearance('Inconclusive', 'warned', icons.InconclusiveIcon),
  skipped: appearance('Skipped', 'neutral', icons.StoppedIcon),
};

/** The outcomes of a pipeline run: a refusal by quality is not an infrastructure error. */
export const runOutcomes: Record<PipelineRun['outcome'], StateAppearance> = {
  running: appearance('Running', 'running', icons.RunningIcon),
  success: appearance('Success', 'ok', icons.PassedIcon),
  failure: appearance('Refused', 'failed', icons.FailedIcon),
  error: appearance('Error', 'error', icons.ErrorIcon),
  cancelled: appearance('Cancelled', 'neutral', icons.StoppedIcon),
};

/** What became of a deployment. */
export const deploymentOutcomes: Record<
  Deployment['outcome'],
  StateAppearance
> = {
  'rolling-out': appearance('Rolling out', 'running', icons.RunningIcon),
  serving: appearance('Serving', 'ok', icons.PassedIcon),
  superseded: appearance('Superseded', 'neutral', icons.StoppedIcon),
  'rolled-back': appearance('Rolled back', 'failed', icons.RollbackIcon),
};
