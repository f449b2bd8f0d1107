import { PermissionsService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AllOfCriteria,
  AnyOfCriteria,
  AuthorizeResult,
  BasicPermission,
  NotCriteria,
  PermissionCriteria,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_MODEL } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelQuery, ModelResource, modelRuleset } from './modelRules';
import { Principal } from './principal';

type ModelPermission = ResourcePermission<typeof RESOURCE_TYPE_MODEL>;

/** Narrows a query that selects from `models` to the rows that the caller may see. */
export type ModelFilter = (query: Knex.QueryBuilder) => void;

/**
 * Asks the permission framework, and refuses unless it explicitly allows.
 */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #decide = createConditionAuthorizer(modelRuleset);
  readonly #toQuery = createConditionTransformer(modelRuleset);

  constructor(permissions: PermissionsService) {
    this.#permissions = permissions;
  }

  /** Whether the caller may do this to the model. */
  async mayOnModel(
    principal: Principal,
    permission: ModelPermission,
    resource: ModelResource,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials: principal.credentials },
    );
    return this.#decide(decision, resource) === true;
  }

  /** @throws NotAllowedError unless the caller may do this to the model. */
  async requireOnModel(
    principal: Principal,
    permission: ModelPermission,
    resource: ModelResource,
  ): Promise<void> {
    if (!(await this.mayOnModel(principal, permission, resource))) {
      const where = resource.environment ? ` in ${resource.environment}` : '';
      throw new NotAllowedError(
        `${principal.ref} lacks the permission ${permission.name} for ${resource.ref}${where}`,
      );
    }
  }

  /** Whether the caller holds the permission. */
  async may(
    principal: Principal,
    permission: BasicPermission,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials: principal.credentials,
    });
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** @throws NotAllowedError unless the caller holds the permission. */
  async require(
    principal: Principal,
    permission: BasicPermission,
  ): Promise<void> {
    if (!(await this.may(principal, permission))) {
      throw new NotAllowedError(
        `${principal.ref} lacks the permission ${permission.name}`,
      );
    }
  }

  /**
   * The filter of the models that the caller may treat so, for queries that select from `models`.
   * @throws NotAllowedError when there can be none.
   */
  async modelFilter(
    principal: Principal,
    permission: ModelPermission,
  ): Promise<ModelFilter> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials: principal.credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return () => {};
    }
    if (decision.result === AuthorizeResult.CONDITIONAL) {
      const criteria = this.#toQuery(decision.conditions);
      return query => {
        query.andWhere(builder => applyCriteria(builder, criteria));
      };
    }
    throw new NotAllowedError(
      `${principal.ref} lacks the permission ${permission.name}`,
    );
  }
}

type Criteria = PermissionCriteria<ModelQuery>;

function applyCriteria(builder: Knex.QueryBuilder, criteria: Criteria): void {
  if (isAllOf(criteria)) {
    criteria.allOf.forEach(each =>
      builder.andWhere(inner => applyCriteria(inner, each)),
    );
  } else if (isAnyOf(criteria)) {
    criteria.anyOf.forEach(each =>
      builder.orWhere(inner => applyCriteria(inner, each)),
    );
  } else if (isNot(criteria)) {
    builder.whereNot(inner => applyCriteria(inner, criteria.not));
  } else if (criteria.column === 'environment') {
    builder.whereRaw('1 = 0');
  } else {
    builder.whereIn(`models.${criteria.column}`, criteria.values);
  }
}

function isAllOf(criteria: Criteria): criteria is AllOfCriteria<ModelQuery> {
  return 'allOf' in criteria;
}
function isAnyOf(criteria: Criteria): criteria is AnyOfCriteria<ModelQuery> {
  return 'anyOf' in criteria;
}
function isNot(criteria: Criteria): criteria is NotCriteria<ModelQuery> {
  return 'not' in criteria;
}
