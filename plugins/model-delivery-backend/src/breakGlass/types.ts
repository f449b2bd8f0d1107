import {
  Bypassed,
  PolicyRole,
} from '@slipway/backstage-plugin-model-delivery-common';

/** What is particular to an emergency promotion. */
export interface BreakGlassRecord {
  reason: string;
  /** The role in which the glass was broken, as the policy had it then. */
  role: PolicyRole;
  /** Who has to review it, as the policy had it then. */
  reviewRole: PolicyRole;
  /** What it went past, or is about to. */
  bypassed: Bypassed[];
  reviewBy: Date;
  /** Null until somebody reviewed it. */
  review: {
    outcome: 'justified' | 'unjustified';
    reviewedBy: string;
    reviewedAt: Date;
    reason: string;
  } | null;
}

/** What is known of an emergency promotion when it is asked for. */
export type NewBreakGlass = Omit<BreakGlassRecord, 'review'>;
