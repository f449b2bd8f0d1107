import { RevocationEffects } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { findServing } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { findOpenPromotions } from '../promotions/promotionStore';
import { PromotionRecord, RELIES_ON_EVIDENCE } from '../promotions/types';
import {
  deploymentRestsOn,
  findDeploymentEvidence,
} from './deploymentEvidence';
import { restsOn } from './restsOn';
import { EvaluationName } from './types';

/** What a revocation does to a promotion. */
export type PromotionEffect = RevocationEffects['promotions'][number]['effect'];

/** What rests on an evaluation now. */
export interface Resting {
  promotions: { record: PromotionRecord; effect: PromotionEffect }[];
  deployments: DeploymentFact[];
}

/** Finds what rests on an evaluation: the promotions that are not over, and the deployments that take traffic. */
export async function findResting(
  knex: Knex,
  modelRef: string,
  evaluation: EvaluationName,
): Promise<Resting> {
  const promotions = (await findOpenPromotions(knex, modelRef)).flatMap(
    record => {
      const effect = effectOn(record, evaluation);
      return effect ? [{ record, effect }] : [];
    },
  );
  const serving = await findServing(knex, modelRef);
  const evidence = await findDeploymentEvidence(knex, serving);
  return {
    promotions: promotions.sort((a, b) => a.record.id - b.record.id),
    deployments: serving.filter(each =>
      deploymentRestsOn(each, evidence.get(each.id), evaluation),
    ),
  };
}

/** What a revocation would do to a promotion that is not over; undefined when nothing. Pure. */
export function effectOn(
  record: PromotionRecord,
  evaluation: EvaluationName,
): PromotionEffect | undefined {
  if (record.kind === 'rollback') {
    return undefined;
  }
  if (
    (record.state === 'requested' || record.state === 'evaluating') &&
    record.versionId === evaluation.versionId
  ) {
    return 're-evaluated';
  }
  if (restsOn(record, evaluation).length === 0) {
    return undefined;
  }
  if (RELIES_ON_EVIDENCE.includes(record.state)) {
    return 're-evaluated';
  }
  switch (record.state) {
    case 'rolling-out':
      return 'paused';
    case 'paused':
      return 'held';
    case 'errored':
      return record.resumeState === 'rolling-out' ? 'held' : undefined;
    default:
      return undefined;
  }
}

/** The effects as the API shows them. */
export function toEffects(resting: Resting): RevocationEffects {
  return {
    promotions: resting.promotions.map(({ record, effect }) => ({
      id: String(record.id),
      version: record.version,
      environment: record.environment,
      state: record.state,
      effect,
      ...(effect === 're-evaluated' &&
        record.slotsFilled > 0 && { decisions: record.slotsFilled }),
    })),
    deployments: resting.deployments.map(each => ({
      id: each.id,
      version: each.version,
      environment: each.environment,
      share: each.share,
    })),
  };
}
