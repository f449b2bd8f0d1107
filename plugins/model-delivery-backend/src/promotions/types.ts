import { Knex } from 'knex';
import {
  ApprovalSlot,
  ChangeKind,
  Promotion,
  PromotionState,
  PromotionSummary,
  Risk,
  RolloutPlan,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { BreakGlassRecord } from '../breakGlass/types';
import { BundleLink } from '../bundles/types';
import { Transaction } from '../database/UnitOfWork';

/** States in which a promotion is over. */
export const TERMINAL_STATES: readonly PromotionState[] = [
  'succeeded',
  'rejected',
  'expired',
  'cancelled',
  'rolled-back',
];

/** States in which new evidence sends a promotion back to its gates. */
export const RELIES_ON_EVIDENCE: readonly PromotionState[] = [
  'requested',
  'evaluating',
  'blocked',
  'awaiting-approval',
  'scheduled',
];

/** States of a rollout that may have begun to move traffic: its gates are judged again where it is. */
export const ROLLOUT_STATES: readonly PromotionState[] = [
  'rolling-out',
  'paused',
  'errored',
];

/** A promotion as the engine works with it: its row, and what names its version and model. */
export interface PromotionRecord {
  id: number;
  modelRef: string;
  modelTitle: string;
  owner: string;
  risk: Risk;
  teamSize: TeamSize;
  /** Whether the catalog has the model no more. */
  isModelGone: boolean;
  versionId: string;
  version: string;
  versionDigest: string;
  environment: string;
  environmentTier: 'development' | 'testing' | 'staging' | 'production';
  kind: 'promotion' | 'rollback';
  state: PromotionState;
  revision: number;
  reason: 'planned' | 'unplanned-fix';
  note: string | null;
  requestedBy: string;
  requestedAt: Date;
  stateSince: Date;
  history: { state: PromotionState; at: string }[];
  policyDigest: string;
  firstDeployment: boolean;
  fromVersionId: string | null;
  fromVersion: string | null;
  fromVersionDigest: string | null;
  fromDeploymentId: string | null;
  changeKinds: ChangeKind[];
  slots: ApprovalSlot[];
  plan: RolloutPlan;
  evidence: Evidence | null;
  evidenceDigest: string | null;
  subjectDigest: string | null;
  /** What the last change of the subject was, in words. */
  subjectChange: string | null;
  /** Present rounds of evaluation done. */
  round: number;
  gateCounts: Promotion['gateCounts'];
  /** What keeps it from going on beside gates, in words. */
  obstacle: string | null;
  askedAt: Date | null;
  expiresAt: Date | null;
  /** Approvals given and not voided, of the slots that are asked for. */
  slotsFilled: number;
  share: number | null;
  stepIndex: number | null;
  rolloutStartedAt: Date | null;
  rolloutFinishedAt: Date | null;
  operation: RolloutOperation | null;
  /** Part of every operation key; goes up when a person retries or resumes. */
  operationAttempt: number;
  /** When the present operation was begun. */
  operationSince: Date | null;
  resumeState: PromotionState | null;
  errorMessage: string | null;
  attempts: number;
  /** Of one in technical trouble: whether the engine does not try again, and a person decides. */
  isGivenUp: boolean;
  dueAt: Date | null;
  leaseOwner: string | null;
  /** How often what its gates judge by has changed since its rollout began. */
  evidenceChanges: number;
  /** How many of these changes its gates were judged again for. */
  evidenceSeen: number;
  /** Set for an emergency, which goes past gates and approvals; null for all others. */
  breakGlass: BreakGlassRecord | null;
  /** Set for one that goes together with others; null for what goes alone. */
  bundle: BundleLink | null;
}

/** What the worker does next within `rolling-out` and `rolling-back`. */
export type RolloutOperation =
  | 'prepare-control'
  | 'prepare'
  | 'mirror'
  | 'compare'
  | 'unmirror'
  | 'check'
  /** Ready for its first traffic, and waiting for those that go with it. */
  | 'prepared'
  | 'traffic'
  | 'observe'
  /** Its step passed, and it waits for those that go with it. */
  | 'passed'
  | 'restore'
  | 'release'
  | 'watch';

/** The facts that gates relied on. */
export interface Evidence {
  facts: EvidenceFact[];
  /** Digest of the version that served when they were read. */
  production: string | null;
  /** Gates that were waived, by title, with the id of the waiver; left out when none was. */
  waivers?: { gate: string; waiver: string }[];
}

/** One fact that gates relied on. */
export interface EvidenceFact {
  /** Such as `candidate.metrics.f1`. */
  fact: string;
  value: number;
  low: number | null;
  high: number | null;
  /** Evaluation that it comes from. */
  source: string;
}

/** What other capabilities may ask of promotions. */
export interface Promotions {
  /**
   * Called within the transaction that stored new measurements of a version: sends the open promotions that rely on
   * them back to evaluation, so that nobody can decide on what is no longer true.
   * @param why - what happened, as the audit log says it; that evidence was reported without it
   */
  evidenceChanged(
    tx: Transaction,
    versionId: string,
    why?: string,
  ): Promise<void>;
  /** Promotions of the model that are not over, newest first. */
  openOf(knex: Knex, modelRef: string): Promise<PromotionRecord[]>;
  /** The short form of a promotion; pure. */
  toPromotionSummary(record: PromotionRecord, now: Date): PromotionSummary;
}
