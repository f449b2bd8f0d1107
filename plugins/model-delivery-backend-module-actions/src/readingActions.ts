import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { CallerClients, inItsWords } from './callerClients';
import {
  environmentField,
  modelField,
  pathOf,
  promotionField,
  promotionOutput,
  toPromotionOutput,
  versionField,
} from './fields';

const READS = { readOnly: true, destructive: false, idempotent: true };

/** Registers the actions that change nothing. They need the permission to see the model. */
export function registerReadingActions(
  actions: ActionsRegistryService,
  clients: CallerClients,
): void {
  actions.register({
    name: 'read-model',
    title: 'Read a model',
    description:
      'What a machine-learning model is, which version serves in each environment, how healthy it is, and what is under way',
    attributes: READS,
    schema: {
      input: z => z.object({ model: modelField(z) }),
      output: z =>
        z.object({
          model: z.string(),
          title: z.string(),
          owner: z.string(),
          risk: z.string(),
          lifecycle: z.string(),
          latestVersion: z.string().nullable(),
          health: z.string(),
          policy: z.string(),
          environments: z.array(
            z.object({
              name: z.string(),
              serving: z.array(
                z.object({ version: z.string(), trafficPercent: z.number() }),
              ),
            }),
          ),
          openPromotions: z.array(
            z.object({
              id: z.string(),
              version: z.string(),
              environment: z.string(),
              state: z.string(),
              statement: z.string(),
            }),
          ),
        }),
    },
    action: async ({ input, credentials }) =>
      inItsWords(async () => {
        const model = dataOf(
          await clients.for(credentials).GET('/models/{namespace}/{name}', {
            params: { path: pathOf(input.model) },
          }),
        );
        return {
          output: {
            model: model.ref,
            title: model.title,
            owner: model.owner,
            risk: model.risk,
            lifecycle: model.lifecycle,
            latestVersion: model.latestVersion,
            health: model.health.detail ?? model.health.state,
            policy: model.policy.name,
            environments: model.environments.map(each => ({
              name: each.name,
              serving: each.serving.map(({ version, share }) => ({
                version,
                trafficPercent: share,
              })),
            })),
            openPromotions: model.openPromotions.map(each => ({
              id: each.id,
              version: each.version,
              environment: each.environment,
              state: each.state,
              statement: each.statement,
            })),
          },
        };
      }),
  });

  actions.register({
    name: 'read-promotion',
    title: 'Read a promotion',
    description:
      'Where the promotion of a model version stands: its state, what it waits for, its traffic and its approvals',
    attributes: READS,
    schema: {
      input: z => z.object({ promotion: promotionField(z) }),
      output: promotionOutput,
    },
    action: async ({ input, credentials }) =>
      inItsWords(async () => ({
        output: toPromotionOutput(
          dataOf(
            await clients.for(credentials).GET('/promotions/{id}', {
              params: { path: { id: input.promotion } },
            }),
          ),
        ),
      })),
  });

  actions.register({
    name: 'evaluate-gates',
    title: 'Evaluate the gates of a version',
    description:
      'Judges a model version for an environment as everything stands now, by the gates of its policy, approvals and the environment before. Changes nothing',
    attributes: READS,
    schema: {
      input: z =>
        z.object({
          model: modelField(z),
          version: versionField(z),
          environment: environmentField(z),
        }),
      output: z =>
        z.object({
          verdict: z.string().describe('allowed, waiting or refused'),
          allowed: z.boolean(),
          statement: z.string(),
          versionDigest: z.string(),
          policy: z.string(),
          blocking: z.array(
            z.object({
              gate: z.string(),
              title: z.string(),
              verdict: z.string(),
              explanation: z.string(),
            }),
          ),
        }),
    },
    action: async ({ input, credentials }) =>
      inItsWords(async () => {
        const { model, version, environment } = input;
        const verdict = dataOf(
          await clients
            .for(credentials)
            .GET('/models/{namespace}/{name}/versions/{version}/verdict', {
              params: {
                path: { ...pathOf(model), version },
                query: { environment },
              },
            }),
        );
        return {
          output: {
            verdict: verdict.verdict,
            allowed: verdict.allowed,
            statement: verdict.statement,
            versionDigest: verdict.versionDigest,
            policy: verdict.policy.name,
            blocking: verdict.blocking,
          },
        };
      }),
  });
}
