import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { GroupMembership } from '../identity/GroupMembership';
import { readRoleGroups } from './roles';
import { SlipwayPermissionPolicy } from './SlipwayPermissionPolicy';

/** Makes the portal's own permission policy the one that decides. */
export const permissionModuleSlipwayPolicy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'slipway-policy',
  register(reg) {
    reg.registerInit({
      deps: {
        policy: policyExtensionPoint,
        config: coreServices.rootConfig,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
      },
      async init({ policy, config, auth, catalog }) {
        policy.setPolicy(
          new SlipwayPermissionPolicy({
            membership: new GroupMembership({ catalog, auth }),
            roleGroups: readRoleGroups(config),
          }),
        );
      },
    });
  },
});
