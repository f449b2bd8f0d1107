import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  Entity,
} from '@backstage/catalog-model';
import { defaultCatalogEntityModel } from '@backstage/catalog-model/alpha';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { provideStaticCatalogModel } from '@backstage/plugin-catalog-node/alpha';
import request from 'supertest';
import catalogModuleModel from '.';
import { modelEntityModel } from './alpha';

const LOCATION = 'url:https://example.com/catalog-info.yaml';

function model(spec: Record<string, unknown> = {}): Entity {
  return {
    apiVersion: 'slipway.dev/v1alpha1',
    kind: 'Model',
    metadata: {
      name: 'credit-default',
      annotations: {
        [ANNOTATION_LOCATION]: LOCATION,
        [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
        'slipway.dev/registry': 'mlflow://main/credit-default',
      },
    },
    spec: {
      type: 'classifier',
      task: 'tabular-classification',
      lifecycle: 'production',
      owner: 'group:default/credit-risk',
      risk: 'high',
      teamSize: 'medium',
      intendedUse: 'Rank new loan applications by probability of default.',
      ...(spec as Entity['spec']),
    },
  };
}

async function startCatalog(
  entities: Entity[],
  modelKind: BackendFeature = catalogModuleModel,
) {
  const { server } = await startTestBackend({
    features: [
      catalogPlugin,
      modelKind,
      createBackendModule({
        pluginId: 'catalog',
        moduleId: 'test-entities',
        register(registration) {
          registration.registerInit({
            deps: { catalog: catalogProcessingExtensionPoint },
            async init({ catalog }) {
              catalog.addEntityProvider({
                getProviderName: () => 'test-entities',
                connect: async connection =>
                  connection.applyMutation({
                    type: 'full',
                    entities: entities.map(entity => ({ entity })),
                  }),
              });
            },
          });
        },
      }),
      mockServices.rootConfig.factory({
        data: { catalog: { processingInterval: { seconds: 1 } } },
      }),
    ],
  });
  return server;
}

async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const value = await read();
    if (value !== undefined) {
      return value;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('It did not happen within 15 s');
}

describe('the Model kind in a catalog', () => {
  jest.setTimeout(60_000);

  it.each([
    ['by the processor', catalogModuleModel],
    [
      'by the layer of the model',
      provideStaticCatalogModel({
        layers: [defaultCatalogEntityModel, modelEntityModel],
      }),
    ],
  ])(
    'relates a model to what it names, in both directions, %s',
    async (_, modelKind) => {
      const built = (kind: string, name: string): Entity => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: {
          name,
          annotations: {
            [ANNOTATION_LOCATION]: LOCATION,
            [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
          },
        },
        spec: {
          type: 'any',
          lifecycle: 'production',
          owner: 'credit-risk',
          ...(kind === 'Group' && { children: [] }),
        },
      });
      const server = await startCatalog(
        [
          model({
            system: 'lending',
            trainedOn: ['loan-applications'],
            usesFeatures: ['resource:default/applicant-features'],
            derivedFrom: ['base-scorer'],
            builtBy: 'credit-default-pipeline',
            servedBy: ['credit-scoring-api'],
            configuration: ['scoring-thresholds'],
            dependsOn: ['component:default/currency-rates'],
          }),
          built('Group', 'credit-risk'),
          built('System', 'lending'),
          built('Resource', 'loan-applications'),
          built('Resource', 'applicant-features'),
          built('Resource', 'scoring-thresholds'),
          built('Component', 'credit-default-pipeline'),
          built('Component', 'credit-scoring-api'),
          built('Component', 'currency-rates'),
        ],
        modelKind,
      );

      const relationsOf = async (kind: string, name: string) => {
        const { body } = await request(server)
          .get(`/api/catalog/entities/by-name/${kind}/default/${name}`)
          .ok(() => true);
        return ((body as Entity).relations ?? []).map(
          ({ type, targetRef }) => `${type} ${targetRef}`,
        );
      };

      await expect(
        eventually(async () => {
          const relations = await relationsOf('model', 'credit-default');
          return relations.length >= 9 ? relations.sort() : undefined;
        }),
      ).resolves.toEqual([
        'builtBy component:default/credit-default-pipeline',
        'dependsOn component:default/currency-rates',
        'dependsOn resource:default/scoring-thresholds',
        'derivedFrom model:default/base-scorer',
        'ownedBy group:default/credit-risk',
        'partOf system:default/lending',
        'servedBy component:default/credit-scoring-api',
        'trainedOn resource:default/loan-applications',
        'usesFeatures resource:default/applicant-features',
      ]);

      const self = 'model:default/credit-default';
      for (const [kind, name, relation] of [
        ['group', 'credit-risk', `ownerOf ${self}`],
        ['system', 'lending', `hasPart ${self}`],
        ['resource', 'loan-applications', `trains ${self}`],
        ['resource', 'applicant-features', `featuresUsedBy ${self}`],
        ['resource', 'scoring-thresholds', `dependencyOf ${self}`],
        ['component', 'credit-default-pipeline', `builds ${self}`],
        ['component', 'credit-scoring-api', `serves ${self}`],
        ['component', 'currency-rates', `dependencyOf ${self}`],
      ]) {
        await eventually(async () =>
          (await relationsOf(kind, name)).includes(relation) ? true : undefined,
        );
      }
    },
  );

  describe('refusals', () => {
    let server: Awaited<ReturnType<typeof startCatalog>>;
    beforeAll(async () => {
      server = await startCatalog([]);
    });

    const validate = (entity: unknown) =>
      request(server)
        .post('/api/catalog/validate-entity')
        .send({ entity, location: LOCATION });

    it('accepts the least that a model needs', async () => {
      await expect(validate(model({ task: undefined }))).resolves.toMatchObject(
        { status: 200 },
      );
    });

    it.each([
      ['an unknown field', { rsik: 'low' }, 'spec.rsik is not a known field'],
      ['an unknown risk', { risk: 'severe' }, 'spec.risk must be one of low'],
      ['no risk', { risk: undefined }, 'spec.risk is missing'],
      ['a wrong type', { trainedOn: 'x' }, 'spec.trainedOn must be array'],
      [
        'a malformed reference',
        { trainedOn: ['ok', 'a b'] },
        "spec.trainedOn[0] 'a b' does not have the right form",
      ],
      [
        'a reference to the wrong kind',
        { trainedOn: ['component:default/x'] },
        'spec.trainedOn[0] must refer to a Resource, not to a component',
      ],
      [
        'a dependency without a kind',
        { dependsOn: ['rates'] },
        "spec.dependsOn[0] 'rates' must name its kind",
      ],
      [
        'an owner that is no group',
        { owner: 'component:default/x' },
        'spec.owner must refer to a Group or User',
      ],
      ['an empty intended use', { intendedUse: ' ' }, 'spec.intendedUse'],
      ['no spec fields at all', { type: undefined }, 'spec.type is missing'],
    ])('refuses %s', async (_, spec, message) => {
      const { status, text } = await validate(model(spec));
      expect(status).toBe(400);
      expect(JSON.parse(text).errors[0].message).toContain(message);
    });

    it('lists every mistake at once', async () => {
      const { text } = await validate(model({ risk: 'x', colour: 'red' }));
      expect(text).toContain('spec.risk');
      expect(text).toContain('spec.colour');
    });

    it('refuses a malformed registry annotation', async () => {
      const entity = model();
      entity.metadata.annotations!['slipway.dev/registry'] = 'credit-default';
      const { status, text } = await validate(entity);
      expect(status).toBe(400);
      expect(JSON.parse(text).errors[0].message).toContain(
        'metadata.annotations["slipway.dev/registry"]',
      );
    });

    it('refuses a version of the kind that it does not know', async () => {
      const { status, text } = await validate({
        ...model(),
        apiVersion: 'slipway.dev/v9',
      });
      expect(status).toBe(400);
      expect(JSON.parse(text).errors[0].message).toContain(
        'apiVersion must be slipway.dev/v1alpha1',
      );
    });

    it('leaves the Model kind of another vendor alone', async () => {
      const { text } = await validate({
        ...model(),
        apiVersion: 'example.com/v1',
      });
      expect(text).toContain('No processor recognized the entity');
    });
  });
});
