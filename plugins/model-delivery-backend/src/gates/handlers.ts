import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { GateMatrixService } from './GateMatrixService';

/** Answers the operations on gates. */
export function createGateHandlers(
  gates: GateMatrixService,
): Pick<Handlers, 'getGateMatrix' | 'listPromotionGates'> {
  return {
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
