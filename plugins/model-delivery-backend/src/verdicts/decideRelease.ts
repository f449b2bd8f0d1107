import {
  PromotionState,
  ReleaseVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { DeploymentFact } from '../deployments/types';
import { listing } from '../words';

/** What a release is decided by. */
export interface ReleaseFacts {
  version: string;
  environment: string;
  /** Titles of the gates that keep it out. */
  blocking: string[];
  /** What keeps it out beside gates, in words. */
  obstacle: string | undefined;
  /** What it waits for besides people, in words: a soak or a freeze window. */
  hold: string | undefined;
  /** Whether the policy asks anybody. */
  needsApproval: boolean;
  /** Why no promotion can gather approvals; undefined where one can. */
  noPromotion: string | undefined;
  /** Whether it has all traffic of the environment already. */
  isServing: boolean;
  /** Of what serves: why evidence that it rests on does not count any more, unless somebody has answered for it. */
  revoked: string | undefined;
  /** The latest promotion of that version into that environment. */
  promotion:
    | {
        id: number;
        state: PromotionState;
        obstacle: string | null;
        /** Set for an emergency, which goes past gates and approvals. */
        breakGlass: object | null;
        /** For one that succeeded: what became of its deployment. */
        outcome?: DeploymentFact['outcome'];
      }
    | undefined;
}

/**
 * States in which people, where any were asked, have said yes to what is still to be done. An approval is for one
 * deployment: it is used up once that has served and was replaced.
 */
const APPROVED: readonly PromotionState[] = ['scheduled', 'rolling-out'];
/** States in which somebody or something said no for good. */
const REFUSED: readonly PromotionState[] = [
  'rejected',
  'expired',
  'cancelled',
  'rolling-back',
  'rolled-back',
];

/**
 * Whether a version may be put into an environment now, with the reason in one sentence. Pure. `refused` needs another
 * version, new evidence or a new request; `waiting` becomes `allowed` by people or time alone. Nothing is allowed by
 * absence.
 */
export function decideRelease(
  facts: ReleaseFacts,
): Pick<ReleaseVerdict, 'verdict' | 'statement'> {
  const { version, environment, blocking, obstacle, promotion } = facts;
  const where = `${version} to ${environment}`;
  const refused = (why: string) =>
    ({ verdict: 'refused', statement: `${where} is refused: ${why}` } as const);
  const waiting = (why: string) =>
    ({ verdict: 'waiting', statement: `${where} waits: ${why}` } as const);
  if (facts.isServing && facts.revoked) {
    return refused(
      `it serves already, and rests on evidence that was revoked: ${facts.revoked}`,
    );
  }
  if (facts.isServing) {
    return {
      verdict: 'allowed',
      statement: `${version} serves in ${environment} already`,
    };
  }
  if (promotion && REFUSED.includes(promotion.state)) {
    return refused(
      `promotion ${promotion.id} is ${promotion.state}; request it again`,
    );
  }
  if (promotion?.outcome === 'rolled-back') {
    return refused(
      `it was rolled back after promotion ${promotion.id}; request it again`,
    );
  }
  const isApproved = promotion && APPROVED.includes(promotion.state);
  if (promotion?.breakGlass && isApproved) {
    return promotion.state === 'scheduled' && promotion.obstacle
      ? waiting(promotion.obstacle)
      : {
          verdict: 'allowed',
          statement: `${where} is allowed as an emergency by promotion ${promotion.id}, whatever its gates say`,
        };
  }
  if (blocking.length > 0) {
    return refused(`held by ${listing(blocking)}`);
  }
  if (obstacle) {
    return refused(obstacle);
  }
  if (promotion?.state === 'paused' || promotion?.state === 'errored') {
    return waiting(`promotion ${promotion.id} is ${promotion.state}`);
  }
  if (facts.needsApproval && !isApproved) {
    if (facts.noPromotion && !promotion) {
      return refused(
        `the policy asks for approvals, which a promotion gathers, and there can be none: ${facts.noPromotion}`,
      );
    }
    return waiting(
      promotion
        ? waitsFor(promotion)
        : 'the policy asks for approvals, and nobody has requested a promotion',
    );
  }
  if (facts.hold) {
    return waiting(facts.hold);
  }
  if (promotion?.state === 'scheduled' && promotion.obstacle) {
    return waiting(promotion.obstacle);
  }
  return {
    verdict: 'allowed',
    statement: `${where} is allowed: its gates let it through${
      facts.needsApproval ? ', and it is approved' : ''
    }`,
  };
}

function waitsFor({ id, state }: { id: number; state: PromotionState }) {
  return state === 'succeeded'
    ? `its approval was for promotion ${id}, whose deployment was replaced; request it again`
    : `promotion ${id} is ${state}`;
}
