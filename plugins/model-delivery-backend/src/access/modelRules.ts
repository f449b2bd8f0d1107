import { NotFoundError } from '@backstage/errors';
import {
  createPermissionResourceRef,
  createPermissionRule,
  PermissionRuleset,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_MODEL } from '@slipway/backstage-plugin-model-delivery-common';
import { z } from 'zod';

/** What the rules look at. */
export interface ModelResource {
  ref: string;
  owner: string;
  risk: string;
  /** Absent for what is not about one environment. */
  environment?: string;
}

/** The same as a condition on columns of the table `models`; `environment` has none there and matches nothing. */
export interface ModelQuery {
  column: 'owner' | 'risk' | 'environment';
  values: string[];
}

export const modelResourceRef = createPermissionResourceRef<
  ModelResource,
  ModelQuery
>().with({ pluginId: 'model-delivery', resourceType: RESOURCE_TYPE_MODEL });

/** Allows models owned by one of the given users or groups. */
export const isModelOwner = createPermissionRule({
  name: 'IS_MODEL_OWNER',
  description: 'Allow models owned by one of these entities',
  resourceRef: modelResourceRef,
  paramsSchema: z.object({
    owners: z.string().array().describe('Entity refs of users and groups'),
  }),
  apply: (resource, { owners }) => owners.includes(resource.owner),
  toQuery: ({ owners }) => ({ column: 'owner', values: owners }),
});

/** Allows models of the given risk levels. */
export const hasRisk = createPermissionRule({
  name: 'HAS_RISK',
  description: 'Allow models of these risk levels',
  resourceRef: modelResourceRef,
  paramsSchema: z.object({
    risks: z.enum(['low', 'medium', 'high']).array().describe('Risk levels'),
  }),
  apply: (resource, { risks }) => (risks as string[]).includes(resource.risk),
  toQuery: ({ risks }) => ({ column: 'risk', values: risks }),
});

/** Allows what happens in the given environments. */
export const inEnvironment = createPermissionRule({
  name: 'IN_ENVIRONMENT',
  description: 'Allow actions in these environments',
  resourceRef: modelResourceRef,
  paramsSchema: z.object({
    environments: z.string().array().describe('Names of environments'),
  }),
  apply: (resource, { environments }) =>
    resource.environment !== undefined &&
    environments.includes(resource.environment),
  toQuery: ({ environments }) => ({
    column: 'environment',
    values: environments,
  }),
});

export const modelRules = [isModelOwner, hasRisk, inEnvironment];

/** The rules by name. */
export const modelRuleset: PermissionRuleset<ModelResource, ModelQuery> = {
  getRuleByName(name) {
    const found = modelRules.find(rule => rule.name === name);
    if (!found) {
      throw new NotFoundError(`There is no rule '${name}' for models`);
    }
    return found;
  },
};
