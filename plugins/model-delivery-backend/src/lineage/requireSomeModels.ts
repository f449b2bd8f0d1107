import { modelReadPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { Authorizer } from '../access/Authorizer';
import { Principal } from '../access/principal';

/**
 * What lineage begins at something else than a model is for those who may see models at all.
 * @throws NotAllowedError for whoever may see none
 */
export async function requireSomeModels(
  authorizer: Authorizer,
  principal: Principal,
): Promise<void> {
  await authorizer.modelFilter(principal, modelReadPermission);
}
