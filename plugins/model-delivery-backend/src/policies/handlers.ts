import {
  policyReadPermission,
  policyTryPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { EngineContext } from '../context';
import { Handlers } from '../http/operations';
import { PoliciesService } from './PoliciesService';
import { PolicyTrials } from './PolicyTrials';

/** Answers the operations on policies. */
export function createPolicyHandlers(
  context: Pick<EngineContext, 'work' | 'authorizer'>,
  policies: PoliciesService,
  trials: PolicyTrials,
): Pick<
  Handlers,
  | 'listPolicies'
  | 'listPolicyHistory'
  | 'comparePolicies'
  | 'validatePolicy'
  | 'tryPolicy'
> {
  const { authorizer, work } = context;
  return {
    listPolicies: async ({ principal }) => {
      await authorizer.require(principal, policyReadPermission);
      return {
        status: 200,
        body: {
          items: await policies.list(work.knex),
          status: policies.status(),
          viewer: {
            mayTry: await authorizer.may(principal, policyTryPermission),
          },
        },
      };
    },
    listPolicyHistory: async ({ query, principal }) => {
      await authorizer.require(principal, policyReadPermission);
      const { risk, teamSize, cursor, limit = 50 } = query;
      return {
        status: 200,
        body: await policies.history({ risk, teamSize }, { cursor, limit }),
      };
    },
    comparePolicies: async ({ query, principal }) => {
      await authorizer.require(principal, policyReadPermission);
      const { before, after, changes } = await policies.compare(
        query.before,
        query.after,
      );
      return {
        status: 200,
        body: {
          before: { name: before.name, digest: before.digest },
          after: { name: after.name, digest: after.digest },
          changes,
        },
      };
    },
    validatePolicy: async ({ body, principal }) => {
      await authorizer.require(principal, policyReadPermission);
      return { status: 200, body: { errors: policies.validate(body.yaml) } };
    },
    tryPolicy: async ({ body, query, principal }) => {
      const { cursor, limit = 50 } = query;
      return {
        status: 200,
        body: await trials.try(principal, body.yaml, { cursor, limit }),
      };
    },
  };
}
