import { Role } from './roles';

/**
 * How far a grant reaches: `all` of the resources, or only one's `own`: models and catalog entities owned by one of
 * one's groups, and scaffolder tasks that one started.
 */
export type Reach = 'all' | 'own';

/** What each role may do. What is not in the table, nobody may. */
export type PermissionTable = Readonly<
  Record<string, Partial<Readonly<Record<Role, Reach>>>>
>;

const everyRole: Record<Role, Reach> = {
  dataScientist: 'all',
  mlEngineer: 'all',
  teamLead: 'all',
  modelRiskManager: 'all',
  complianceOfficer: 'all',
  platformEngineer: 'all',
  auditor: 'all',
  onCall: 'all',
};

/** Who may use Create. */
const authors: Partial<Record<Role, Reach>> = {
  dataScientist: 'all',
  mlEngineer: 'all',
  teamLead: 'all',
  platformEngineer: 'all',
};

/** Whoever works on a model for its owner, and the platform's engineers for everyone. */
const ownTeam: Partial<Record<Role, Reach>> = {
  dataScientist: 'own',
  mlEngineer: 'own',
  teamLead: 'own',
  platformEngineer: 'all',
};

/**
 * The portal's permissions, role by role. Separation of duties (a requester never approves) is not here: it is domain
 * logic of model delivery, and holds whatever this table says. Pipelines do not appear either: their token carries its
 * own restrictions (`backend.auth.externalAccess`).
 */
export const permissionTable: PermissionTable = {
  // Model delivery
  'model-delivery.model.read': everyRole,
  'model-delivery.lineage.read': everyRole,
  'model-delivery.metrics.read': everyRole,
  'model-delivery.policy.read': everyRole,
  'model-delivery.policy.try': {
    teamLead: 'all',
    modelRiskManager: 'all',
    complianceOfficer: 'all',
    platformEngineer: 'all',
    auditor: 'all',
  },
  'model-delivery.registry.read': everyRole,
  'model-delivery.registry.refresh': {
    mlEngineer: 'all',
    platformEngineer: 'all',
    onCall: 'all',
  },
  'model-delivery.audit.read': {
    teamLead: 'all',
    modelRiskManager: 'all',
    complianceOfficer: 'all',
    platformEngineer: 'all',
    auditor: 'all',
  },
  'model-delivery.promotion.request': ownTeam,
  // Only in the role that the policy names, whatever is granted here
  'model-delivery.promotion.break-glass': {
    mlEngineer: 'own',
    platformEngineer: 'all',
    onCall: 'all',
  },
  'model-delivery.promotion.decide': {
    teamLead: 'all',
    modelRiskManager: 'all',
    complianceOfficer: 'all',
  },
  'model-delivery.role.delegate': {
    teamLead: 'all',
    modelRiskManager: 'all',
    complianceOfficer: 'all',
  },
  'model-delivery.promotion.control': { ...ownTeam, onCall: 'all' },
  // Only in a role that the policy names, whatever is granted here
  'model-delivery.promotion.skip': {
    mlEngineer: 'own',
    teamLead: 'all',
    modelRiskManager: 'all',
    platformEngineer: 'all',
    onCall: 'all',
  },
  'model-delivery.rollback.create': {
    mlEngineer: 'own',
    teamLead: 'own',
    platformEngineer: 'all',
    onCall: 'all',
  },
  'model-delivery.incident.report': { ...ownTeam, onCall: 'all' },
  'model-delivery.deployment.record': { platformEngineer: 'all' },
  // Evidence comes from pipelines; a person may not write the evidence that a gate then believes.
  'model-delivery.evidence.report': {},
  'model-delivery.lineage.report': {},
  'model-delivery.samples.push': {},
  'model-delivery.source.report': {},
  // Whoever works with data may find them faulty; what is revoked by it is for the policies of the models to say.
  'model-delivery.lineage.raise': {
    ...authors,
    modelRiskManager: 'all',
    complianceOfficer: 'all',
  },
  // Whoever answers for a model's risk, and the lead of its team, may say that evidence is wrong.
  'model-delivery.evidence.revoke': {
    teamLead: 'own',
    modelRiskManager: 'all',
    complianceOfficer: 'all',
    platformEngineer: 'all',
  },

  // Words that complete a card; its numbers come from pipelines.
  'model-delivery.card.import': ownTeam,

  // Catalog
  'catalog.entity.read': everyRole,
  'catalog.location.read': everyRole,
  'catalog.entity.refresh': { ...authors, onCall: 'all' },
  'catalog.entity.create': authors,
  'catalog.entity.validate': authors,
  'catalog.location.create': authors,
  'catalog.location.analyze': authors,
  'catalog.entity.delete': ownTeam,
  'catalog.location.delete': { platformEngineer: 'all' },
  'catalog.ingestion.read': { platformEngineer: 'all', auditor: 'all' },
  'catalog.ingestion.manage': { platformEngineer: 'all' },

  // Scaffolder
  'scaffolder.template.parameter.read': authors,
  'scaffolder.template.step.read': authors,
  'scaffolder.action.execute': authors,
  'scaffolder.task.create': authors,
  'scaffolder.task.read': { ...ownTeam, auditor: 'all' },
  'scaffolder.task.cancel': ownTeam,
  'scaffolder.template.dry-run': { platformEngineer: 'all' },
  'scaffolder.template.management': { platformEngineer: 'all' },
};

/** The widest reach that any of the roles grants for the permission; `undefined` when none does. */
export function reachOf(
  permissionName: string,
  held: readonly Role[],
  table: PermissionTable = permissionTable,
): Reach | undefined {
  const row = Object.hasOwn(table, permissionName)
    ? table[permissionName]
    : undefined;
  const reaches = held.map(role => row?.[role]);
  return reaches.includes('all')
    ? 'all'
    : reaches.find(reach => reach === 'own');
}
