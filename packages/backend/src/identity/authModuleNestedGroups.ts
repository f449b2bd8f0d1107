import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { authOwnershipResolutionExtensionPoint } from '@backstage/plugin-auth-node';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { GroupMembership } from './GroupMembership';

/**
 * Lets whoever signs in own what the groups above their own groups own too, as the permission policy sees it; Backstage
 * by itself counts direct membership alone.
 */
export const authModuleNestedGroups = createBackendModule({
  pluginId: 'auth',
  moduleId: 'nested-groups',
  register(reg) {
    reg.registerInit({
      deps: {
        ownership: authOwnershipResolutionExtensionPoint,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
      },
      async init({ ownership, auth, catalog }) {
        const membership = new GroupMembership({ catalog, auth });
        ownership.setAuthOwnershipResolver({
          async resolveOwnershipEntityRefs(user: Entity) {
            const direct = (user.relations ?? [])
              .filter(relation => relation.type === RELATION_MEMBER_OF)
              .map(relation => relation.targetRef);
            const groups = await membership.withAncestors(direct);
            return {
              ownershipEntityRefs: [stringifyEntityRef(user), ...groups],
            };
          },
        });
      },
    });
  },
});
