import { policyReadPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { EngineContext } from '../context';
import { Handlers } from '../http/operations';
import { PoliciesService } from './PoliciesService';

/** Answers the operations on policies. */
export function createPolicyHandlers(
  context: Pick<EngineContext, 'work' | 'authorizer'>,
  policies: PoliciesService,
): Pick<Handlers, 'listPolicies' | 'validatePolicy'> {
  return {
    listPolicies: async ({ principal }) => {
      await context.authorizer.require(principal, policyReadPermission);
      return {
        status: 200,
        body: { items: await policies.list(context.work.knex) },
      };
    },
    validatePolicy: async ({ body, principal }) => {
      await context.authorizer.require(principal, policyReadPermission);
      return { status: 200, body: { errors: policies.validate(body.yaml) } };
    },
  };
}
