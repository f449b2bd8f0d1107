import { parseEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';

/** The zod that Backstage hands to the schemas of actions. */
type Zod = Parameters<
  Parameters<ActionsRegistryService['register']>[0]['schema']['input']
>[0];

/** A model by its entity reference. */
export const modelField = (z: Zod) =>
  z
    .string()
    .max(300)
    .describe('Entity reference of the model, such as model:default/churn');

/** An environment of the model's policy. */
export const environmentField = (z: Zod) =>
  z
    .string()
    .max(63)
    .describe(
      "Name of the environment in the model's policy, such as staging or production",
    );

/** A version of a model. */
export const versionField = (z: Zod) =>
  z.string().max(200).describe('Name of the version, such as v3');

/** A promotion. */
export const promotionField = (z: Zod) =>
  z.string().regex(/^\d+$/).max(9).describe('Id of the promotion');

/** Why: written into the audit log. */
export const reasonField = (z: Zod) =>
  z
    .string()
    .trim()
    .min(10)
    .max(1_500)
    .describe(
      'Why, in at least 10 characters; written into the audit log beside the person it is done for',
    );

/** What a promotion is now, as far as an action tells it. */
export const promotionOutput = (z: Zod) =>
  z.object({
    id: z.string(),
    model: z.string(),
    version: z.string(),
    versionDigest: z.string(),
    environment: z.string(),
    kind: z.string().describe('promotion or rollback'),
    state: z.string(),
    statement: z.string().describe('What is true now, in one sentence'),
    revision: z
      .number()
      .describe('Rises with each change; hand it to what changes it'),
    requestedBy: z.string(),
    reason: z.string().nullable(),
    trafficPercent: z.number().nullable(),
    approvals: z.string().describe('Slots filled of those asked for'),
    path: z.string().describe('Path of its page in the portal'),
  });

/** A promotion as {@link promotionOutput} has it. */
export function toPromotionOutput(promotion: Promotion) {
  return {
    id: promotion.id,
    model: promotion.model,
    version: promotion.version,
    versionDigest: promotion.versionDigest,
    environment: promotion.environment,
    kind: promotion.kind,
    state: promotion.state,
    statement: promotion.statement,
    revision: promotion.revision,
    requestedBy: promotion.requestedBy,
    reason: promotion.note,
    trafficPercent: promotion.share,
    approvals: `${promotion.slotsFilled} of ${promotion.slotsTotal}`,
    path: `/model-delivery/promotions/${promotion.id}`,
  };
}

/**
 * Namespace and name of a model.
 * @throws InputError for another reference
 */
export function pathOf(model: string): { namespace: string; name: string } {
  try {
    const { kind, namespace, name } = parseEntityRef(model, {
      defaultKind: 'model',
      defaultNamespace: 'default',
    });
    if (kind.toLocaleLowerCase('en-US') === 'model') {
      return { namespace, name };
    }
  } catch {
    // Told below
  }
  throw new InputError(
    `"${model}" is no model; an entity reference such as model:default/churn is expected`,
  );
}
