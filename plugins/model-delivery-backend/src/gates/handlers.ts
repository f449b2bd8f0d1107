import { policyReadPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { EngineContext } from '../context';
import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { GateMatrixService } from './GateMatrixService';
import { toGateKindViews } from './kinds/toGateKindView';

/** Answers the operations on gates. */
export function createGateHandlers(
  { authorizer, gateKinds }: Pick<EngineContext, 'authorizer' | 'gateKinds'>,
  gates: GateMatrixService,
): Pick<Handlers, 'getGateMatrix' | 'listPromotionGates' | 'listGateKinds'> {
  return {
    listGateKinds: async ({ principal }) => {
      await authorizer.require(principal, policyReadPermission);
      return { status: 200, body: { items: toGateKindViews(gateKinds) } };
    },
    getGateMatrix: async ({ path, query, principal }) => ({
      status: 200,
      body: await gates.ofModel(principal, modelRefOf(path), query.environment),
    }),
    listPromotionGates: async ({ path, principal }) => ({
      status: 200,
      body: { items: await gates.ofPromotion(principal, path.id) },
    }),
  };
}
