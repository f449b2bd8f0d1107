import { Entity, UserEntity } from '@backstage/catalog-model';

/** Users of the tests, by what they are. */
export const people = {
  dataScientist: 'user:default/dana',
  mlEngineer: 'user:default/milo',
  teamLead: 'user:default/tess',
  /** Holds the role through a group within the role's group. */
  riskManager: 'user:default/rita',
  secondRiskManager: 'user:default/ravi',
  complianceOfficer: 'user:default/cleo',
  platformEngineer: 'user:default/pat',
  onCall: 'user:default/otto',
  secondOnCall: 'user:default/olga',
  outsider: 'user:default/oscar',
};

/** Groups of the tests. */
export const groups = {
  team: 'group:default/credit-risk',
  riskManagers: 'group:default/model-risk-managers',
  complianceOfficers: 'group:default/compliance-officers',
  teamLeads: 'group:default/team-leads',
};

const memberships: Record<string, string[]> = {
  dana: [groups.team],
  milo: [groups.team],
  tess: [groups.team, groups.teamLeads],
  rita: ['group:default/model-risk-emea'],
  ravi: [groups.riskManagers],
  cleo: [groups.complianceOfficers],
  pat: ['group:default/platform-engineers'],
  otto: ['group:default/on-call'],
  // On call through a group within it, and a model risk manager too
  olga: ['group:default/on-call-night', 'group:default/model-risk-managers'],
  oscar: [],
};

const parents: Record<string, string | undefined> = {
  'credit-risk': undefined,
  'model-risk-managers': undefined,
  'model-risk-emea': groups.riskManagers,
  'compliance-officers': undefined,
  'team-leads': undefined,
  'platform-engineers': undefined,
  'on-call': undefined,
  'on-call-night': 'group:default/on-call',
};

/** The users and groups as the catalog holds them, relations included. */
export function peopleEntities(): Entity[] {
  const users: UserEntity[] = Object.entries(memberships).map(
    ([name, memberOf]) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name, namespace: 'default' },
      spec: { memberOf, profile: { email: `${name}@example.com` } },
      relations: memberOf.map(targetRef => ({ type: 'memberOf', targetRef })),
    }),
  );
  const groupEntities: Entity[] = Object.entries(parents).map(
    ([name, parent]) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name, namespace: 'default' },
      spec: { type: 'team', children: [], ...(parent && { parent }) },
      relations: parent ? [{ type: 'childOf', targetRef: parent }] : [],
    }),
  );
  return [...users, ...groupEntities];
}

/** A Model entity as the catalog holds it. */
export function modelEntity(
  name: string,
  spec: Record<string, string> = {},
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'slipway.dev/v1alpha1',
    kind: 'Model',
    metadata: {
      name,
      namespace: 'default',
      title: `Title of ${name}`,
      annotations,
    },
    spec: {
      type: 'classifier',
      task: 'tabular-classification',
      lifecycle: 'production',
      owner: groups.team,
      risk: 'high',
      teamSize: 'small',
      intendedUse: 'Testing',
      ...spec,
    },
    relations: [{ type: 'ownedBy', targetRef: spec.owner ?? groups.team }],
  };
}
