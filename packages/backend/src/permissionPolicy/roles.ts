import { Config } from '@backstage/config';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/** The roles that permissions are granted to, as `domain.md` names the people. */
export const roles = [
  'dataScientist',
  'mlEngineer',
  'teamLead',
  'modelRiskManager',
  'complianceOfficer',
  'platformEngineer',
  'auditor',
  'onCall',
] as const;

/** One of the roles that permissions are granted to. */
export type Role = (typeof roles)[number];

/** The groups whose members, those of groups below included, hold each role; as full entity refs. */
export type RoleGroups = Record<Role, ReadonlySet<string>>;

const CONFIG_KEY = 'permission.roles';

/**
 * Reads which groups hold which role. A role without groups is held by nobody.
 * @throws InputError when an unknown role or something other than a group is named.
 */
export function readRoleGroups(config: Config): RoleGroups {
  const section = config.getOptionalConfig(CONFIG_KEY);
  const unknown = section
    ?.keys()
    .find(key => !(roles as readonly string[]).includes(key));
  if (unknown) {
    throw new InputError(
      `${CONFIG_KEY}.${unknown} is no role of Slipway; the roles are ${roles.join(
        ', ',
      )}`,
    );
  }
  const groupsOf = (role: Role) =>
    new Set(
      (section?.getOptionalStringArray(role) ?? []).map(given =>
        parseGroupRef(given, `${CONFIG_KEY}.${role}`),
      ),
    );
  return Object.fromEntries(
    roles.map(role => [role, groupsOf(role)]),
  ) as unknown as RoleGroups;
}

/** The roles that somebody in these groups holds. */
export function rolesOf(groups: Iterable<string>, byRole: RoleGroups): Role[] {
  const memberOf = [...groups];
  return roles.filter(role => memberOf.some(ref => byRole[role].has(ref)));
}

function parseGroupRef(given: string, where: string): string {
  const ref = parseEntityRef(given, { defaultKind: 'group' });
  if (ref.kind.toLocaleLowerCase('en-US') !== 'group') {
    throw new InputError(
      `${where} names ${given}, which is not a group; write group:NAMESPACE/NAME`,
    );
  }
  return stringifyEntityRef(ref);
}
