import {
  createPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';

/**
 * Resource type of the permissions that look at one model: its owner, risk and the environment in question.
 * @public
 */
export const RESOURCE_TYPE_MODEL = 'slipway-model';

const onModel = (
  name: string,
  action: 'create' | 'read' | 'update' | 'delete',
): ResourcePermission<typeof RESOURCE_TYPE_MODEL> =>
  createPermission({
    name,
    attributes: { action },
    resourceType: RESOURCE_TYPE_MODEL,
  });

/**
 * See a model's versions, runs, promotions, deployments and incidents.
 * @public
 */
export const modelReadPermission = onModel('model-delivery.model.read', 'read');

/**
 * Register versions and report evaluations and pipeline runs: what pipelines do.
 * @public
 */
export const evidenceReportPermission = onModel(
  'model-delivery.evidence.report',
  'create',
);

/**
 * Push how versions behave while they serve, by which rollouts are judged: what serves does this, and nothing that builds or
 * trains. Programs only, whoever holds it.
 * @public
 */
export const samplesPushPermission = onModel(
  'model-delivery.samples.push',
  'create',
);

/**
 * Withdraw evaluations that were found wrong, and let deployments that rest on them serve on. People only, whoever
 * holds it.
 * @public
 */
export const evidenceRevokePermission = onModel(
  'model-delivery.evidence.revoke',
  'update',
);

/**
 * Have a file complete the card of a version whose repository holds no text. People only, whoever holds it.
 * @public
 */
export const cardImportPermission = onModel(
  'model-delivery.card.import',
  'create',
);

/**
 * Report incidents.
 * @public
 */
export const incidentReportPermission = onModel(
  'model-delivery.incident.report',
  'create',
);

/**
 * Record deployments that were made outside Slipway.
 * @public
 */
export const deploymentRecordPermission = onModel(
  'model-delivery.deployment.record',
  'create',
);

/**
 * Ask for a promotion.
 * @public
 */
export const promotionRequestPermission = onModel(
  'model-delivery.promotion.request',
  'create',
);

/**
 * Ask for an emergency promotion, past gates and approvals. Whether the policy allows it, and for which role, the domain
 * decides.
 * @public
 */
export const breakGlassPermission = onModel(
  'model-delivery.promotion.break-glass',
  'create',
);

/**
 * Take part in approvals at all. Which slot one fills, and whether one is barred, the domain decides.
 * @public
 */
export const promotionDecidePermission = onModel(
  'model-delivery.promotion.decide',
  'update',
);

/**
 * Pause, resume, abort, cancel, retry and re-evaluate promotions.
 * @public
 */
export const promotionControlPermission = onModel(
  'model-delivery.promotion.control',
  'update',
);

/**
 * Have a rollout leave the rest of a step out. Whether the policy allows it, and for which roles, the domain decides.
 * @public
 */
export const promotionSkipPermission = onModel(
  'model-delivery.promotion.skip',
  'update',
);

/**
 * Put an earlier version back.
 * @public
 */
export const rollbackPermission = onModel(
  'model-delivery.rollback.create',
  'create',
);

/**
 * See delivery metrics.
 * @public
 */
export const metricsReadPermission = createPermission({
  name: 'model-delivery.metrics.read',
  attributes: { action: 'read' },
});

/**
 * Report what was made of what, as OpenLineage events: what pipelines and orchestrators do.
 * @public
 */
export const lineageReportPermission = createPermission({
  name: 'model-delivery.lineage.report',
  attributes: { action: 'create' },
});

/**
 * See the data sets, jobs and runs of lineage that the catalog does not have. What it has, and models, follow the
 * permissions on those.
 * @public
 */
export const lineageReadPermission = createPermission({
  name: 'model-delivery.lineage.read',
  attributes: { action: 'read' },
});

/**
 * Say that a data set was found faulty, by which the owners of all that was made of it are told, and evaluations are revoked
 * where the policy of the model says so, whether one may revoke them oneself or not. People only, whoever holds it.
 * @public
 */
export const lineageRaisePermission = createPermission({
  name: 'model-delivery.lineage.raise',
  attributes: { action: 'create' },
});

/**
 * See policies, and check drafts of them.
 * @public
 */
export const policyReadPermission = createPermission({
  name: 'model-delivery.policy.read',
  attributes: { action: 'read' },
});

/**
 * Try drafts of policies on past promotions. Shows only those of models that one may see.
 * @public
 */
export const policyTryPermission = createPermission({
  name: 'model-delivery.policy.try',
  attributes: { action: 'read' },
});

/**
 * Hand on a role of approvers that one holds, and see what one handed on or was handed on.
 * @public
 */
export const roleDelegatePermission = createPermission({
  name: 'model-delivery.role.delegate',
  attributes: { action: 'create' },
});

/**
 * See the audit log.
 * @public
 */
export const auditReadPermission = createPermission({
  name: 'model-delivery.audit.read',
  attributes: { action: 'read' },
});

/**
 * See the connections to model registries and how fresh they are.
 * @public
 */
export const registryReadPermission = createPermission({
  name: 'model-delivery.registry.read',
  attributes: { action: 'read' },
});

/**
 * Have a model registry read at once.
 * @public
 */
export const registryRefreshPermission = createPermission({
  name: 'model-delivery.registry.refresh',
  attributes: { action: 'update' },
});

/**
 * Report how the sources are that models are found in, as the program that reads them.
 * @public
 */
export const sourceReportPermission = createPermission({
  name: 'model-delivery.source.report',
  attributes: { action: 'update' },
});

/**
 * Every permission of model delivery.
 * @public
 */
export const modelDeliveryPermissions = [
  modelReadPermission,
  evidenceReportPermission,
  samplesPushPermission,
  evidenceRevokePermission,
  cardImportPermission,
  incidentReportPermission,
  deploymentRecordPermission,
  promotionRequestPermission,
  breakGlassPermission,
  promotionDecidePermission,
  promotionControlPermission,
  promotionSkipPermission,
  rollbackPermission,
  metricsReadPermission,
  policyReadPermission,
  policyTryPermission,
  lineageReportPermission,
  lineageReadPermission,
  lineageRaisePermission,
  roleDelegatePermission,
  auditReadPermission,
  registryReadPermission,
  registryRefreshPermission,
  sourceReportPermission,
];
