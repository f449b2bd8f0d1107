import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  dataOf,
  ModelDeliveryClient,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { CallerClients, inItsWords } from './callerClients';
import {
  environmentField,
  modelField,
  pathOf,
  promotionField,
  promotionOutput,
  reasonField,
  toPromotionOutput,
  versionField,
} from './fields';

/**
 * Registers the actions that ask for something or stop it. Each is done in the name of a person, who has to be allowed it and
 * is written down with the agent and the reason; nothing here approves.
 */
export function registerChangingActions(
  actions: ActionsRegistryService,
  clients: CallerClients,
): void {
  actions.register({
    name: 'request-promotion',
    title: 'Request a promotion',
    description:
      'Asks for a model version to be put into an environment. Gates, approvals by people, soak and freeze windows of its policy decide whether it gets there; whoever it is requested for may not approve it',
    attributes: { destructive: true, idempotent: false, readOnly: false },
    schema: {
      input: z =>
        z.object({
          model: modelField(z),
          version: versionField(z),
          environment: environmentField(z),
          reason: reasonField(z),
          isUnplannedFix: z
            .boolean()
            .optional()
            .describe('Whether it mends a failure, which counts as rework'),
          idempotencyKey: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .describe(
              'The same key gives the same promotion, not a second one',
            ),
        }),
      output: promotionOutput,
    },
    action: async ({ input, credentials }) =>
      inItsWords(async () => {
        const { reason, model, isUnplannedFix, ...body } = input;
        const { namespace, name } = pathOf(model);
        return {
          output: toPromotionOutput(
            dataOf(
              await clients.for(credentials).POST('/promotions', {
                body: {
                  ...body,
                  model: `model:${namespace}/${name}`,
                  reason: isUnplannedFix ? 'unplanned-fix' : 'planned',
                  note: reason,
                  agent: clients.agentOf(credentials),
                },
              }),
            ),
          ),
        };
      }),
  });

  actions.register({
    name: 'roll-back',
    title: 'Roll a model back',
    description:
      'Returns an environment to the version that served before, or to a named one that is ready; what is rolling out there is aborted first',
    attributes: { destructive: true, idempotent: false, readOnly: false },
    schema: {
      input: z =>
        z.object({
          model: modelField(z),
          environment: environmentField(z),
          version: versionField(z).optional(),
          reason: reasonField(z),
          idempotencyKey: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .describe('The same key gives the same rollback, not a second one'),
        }),
      output: promotionOutput,
    },
    action: async ({ input, credentials }) =>
      inItsWords(async () => {
        const { model, ...body } = input;
        return {
          output: toPromotionOutput(
            dataOf(
              await clients
                .for(credentials)
                .POST('/models/{namespace}/{name}/rollbacks', {
                  params: { path: pathOf(model) },
                  body: { ...body, agent: clients.agentOf(credentials) },
                }),
            ),
          ),
        };
      }),
  });

  const register = (action: {
    name: string;
    title: string;
    description: string;
    destructive: boolean;
    eventOf: (
      promotion: Promotion,
    ) => 'pause' | 'abort' | 'cancel' | 're-evaluate';
  }) =>
    actions.register({
      name: action.name,
      title: action.title,
      description: action.description,
      attributes: {
        destructive: action.destructive,
        idempotent: false,
        readOnly: false,
      },
      schema: {
        input: z =>
          z.object({
            promotion: promotionField(z),
            reason: reasonField(z),
            revision: z
              .number()
              .int()
              .min(1)
              .optional()
              .describe(
                'The revision that was read; when it has changed since, nothing is done. The present one unless set',
              ),
          }),
        output: promotionOutput,
      },
      action: async ({ input, credentials }) =>
        inItsWords(async () => {
          const agent = clients.agentOf(credentials);
          const client = clients.for(credentials);
          const now = await readPromotion(client, input.promotion);
          return {
            output: toPromotionOutput(
              dataOf(
                await client.POST('/promotions/{id}/transitions', {
                  params: { path: { id: input.promotion } },
                  body: {
                    event: action.eventOf(now),
                    revision: input.revision ?? now.revision,
                    reason: input.reason,
                    agent,
                  },
                }),
              ),
            ),
          };
        }),
    });

  register({
    name: 'pause-promotion',
    title: 'Pause a rollout',
    description:
      'Leaves the traffic of a rollout as it is until a person resumes or aborts it',
    destructive: false,
    eventOf: () => 'pause',
  });
  register({
    name: 'abort-promotion',
    title: 'Abort a promotion',
    description:
      'Ends a promotion: traffic that it moved goes back to the version before, and one that has moved none is taken back',
    destructive: true,
    eventOf: ({ allowedEvents }) =>
      allowedEvents.includes('abort') ? 'abort' : 'cancel',
  });
  register({
    name: 're-evaluate-promotion',
    title: 'Judge a promotion anew',
    description:
      'Sends a promotion back to its gates, which are judged on the evidence that there is now',
    destructive: false,
    eventOf: () => 're-evaluate',
  });
}

async function readPromotion(
  client: ModelDeliveryClient,
  id: string,
): Promise<Promotion> {
  return dataOf(
    await client.GET('/promotions/{id}', { params: { path: { id } } }),
  );
}
