import { mockServices } from '@backstage/backend-test-utils';
import { readRoleGroups, rolesOf } from './roles';

const configOf = (roles: Record<string, string[]>) =>
  mockServices.rootConfig({ data: { permission: { roles } } });

describe('the groups of roles', () => {
  it('takes short and full names of groups', () => {
    const byRole = readRoleGroups(
      configOf({ auditor: ['auditors', 'group:Audit/External'] }),
    );

    expect(rolesOf(['group:default/auditors'], byRole)).toEqual(['auditor']);
    expect(rolesOf(['group:audit/external'], byRole)).toEqual(['auditor']);
    expect(rolesOf(['group:default/others'], byRole)).toEqual([]);
  });

  it('gives nobody a role that no group is named for', () => {
    const byRole = readRoleGroups(mockServices.rootConfig());
    expect(rolesOf(['group:default/auditors'], byRole)).toEqual([]);
  });

  it('names a role that there is not, and what is no group', () => {
    expect(() => readRoleGroups(configOf({ boss: ['group:a'] }))).toThrow(
      'permission.roles.boss is no role of Slipway; the roles are dataScientist,',
    );
    expect(() => readRoleGroups(configOf({ auditor: ['user:a'] }))).toThrow(
      'permission.roles.auditor names user:a, which is not a group',
    );
  });
});
