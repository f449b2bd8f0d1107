import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { RESOURCE_TYPE_SCAFFOLDER_TASK } from '@backstage/plugin-scaffolder-common/alpha';
import { RESOURCE_TYPE_MODEL } from '@slipway/backstage-plugin-model-delivery-common';
import { GroupMembership } from '../identity/GroupMembership';
import { reachOf } from './permissionTable';
import { RoleGroups, rolesOf } from './roles';

const DENY: PolicyDecision = { result: AuthorizeResult.DENY };
const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };

/**
 * The portal's permission policy: what the table of permissions grants to one of the user's roles is allowed, anything
 * else is refused. Roles follow from groups, nested ones included.
 */
export class SlipwayPermissionPolicy implements PermissionPolicy {
  readonly #membership: GroupMembership;
  readonly #roleGroups: RoleGroups;

  constructor(options: {
    membership: GroupMembership;
    roleGroups: RoleGroups;
  }) {
    this.#membership = options.membership;
    this.#roleGroups = options.roleGroups;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) {
      return DENY;
    }
    const userRef = user.info.userEntityRef;
    const groups = await this.#membership.groupsOf(userRef);
    const reach = reachOf(permission.name, rolesOf(groups, this.#roleGroups));
    if (reach === 'all') {
      return ALLOW;
    }
    return reach === 'own' ? ownOnly(permission, userRef, groups) : DENY;
  }
}

/** The decision for a permission that reaches only as far as what is one's own; a kind without owners is refused. */
function ownOnly(
  permission: Permission,
  userRef: string,
  groups: ReadonlySet<string>,
): PolicyDecision {
  const owners = [userRef, ...groups];
  if (isResourcePermission(permission, RESOURCE_TYPE_MODEL)) {
    return {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'model-delivery',
      resourceType: RESOURCE_TYPE_MODEL,
      conditions: {
        rule: 'IS_MODEL_OWNER',
        resourceType: RESOURCE_TYPE_MODEL,
        params: { owners },
      },
    };
  }
  if (isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY)) {
    return createCatalogConditionalDecision(
      permission,
      catalogConditions.isEntityOwner({ claims: owners }),
    );
  }
  if (isResourcePermission(permission, RESOURCE_TYPE_SCAFFOLDER_TASK)) {
    return createScaffolderTaskConditionalDecision(
      permission,
      scaffolderTaskConditions.isTaskOwner({ createdBy: [userRef] }),
    );
  }
  return DENY;
}
