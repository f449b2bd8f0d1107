import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  ModelRegistry,
  modelRegistriesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import modelDeliveryModuleSagemaker from '../../plugins/model-delivery-backend-module-sagemaker/src';
import { readSagemakerConnections } from '../../plugins/model-delivery-backend-module-sagemaker/src/config';
import { SagemakerRegistry } from '../../plugins/model-delivery-backend-module-sagemaker/src/SagemakerRegistry';
import {
  describeRegistryContract,
  readAll,
} from '../../plugins/model-delivery-node/src/testUtils';
import { FaultyProxy } from './FaultyProxy';
import { describeWithMoto, MotoServer, startMoto } from './motoPeer';

const SECRET = 'nobody may see this';
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET };

// What moto does not do, and the module's own tests do: its Search compares times by equality, so that it finds no change of
// a version; it throttles nobody; it knows neither ModelLifeCycle nor a version's source.
describeWithMoto('moto as SageMaker, emptied before each promise', () => {
  let moto: MotoServer;
  let client: SageMakerClient;
  beforeAll(async () => {
    moto = await startMoto();
    client = new SageMakerClient({
      region: 'eu-west-1',
      endpoint: moto.url,
      credentials: CREDENTIALS,
    });
  }, 90_000);
  afterAll(() => moto?.stop());

  const connect = (endpoint: string, settings: object = {}) =>
    new SagemakerRegistry(
      readSagemakerConnections(
        new ConfigReader({
          modelDelivery: {
            sagemaker: {
              main: { region: 'eu-west-1', endpoint, ...settings },
            },
          },
        }),
      )[0],
      async () => CREDENTIALS,
    );

  const create = (group: string, details: object = {}) =>
    client.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: group,
        ...details,
      }),
    );

  describeRegistryContract('SageMaker', {
    models: ['churn', 'credit-default', 'Fraud2'],
    manyVersions: 120,
    secrets: [SECRET],
    async start() {
      await moto.reset();
      const groups = new Set<string>();
      const proxy = await FaultyProxy.start(moto.url);
      const open = () => connect(proxy.url, { attempts: 1 });
      const trouble = async (what: 'down' | 'nonsense') => {
        proxy.trouble = what;
        return async () => {
          proxy.trouble = undefined;
        };
      };
      return {
        registry: open(),
        async addVersions(name, count, { tags = {} } = {}) {
          const group = { ModelPackageGroupName: name };
          if (!groups.has(name)) {
            groups.add(name);
            await client.send(new CreateModelPackageGroupCommand(group));
          }
          const names: string[] = [];
          for (let index = 0; index < count; index++) {
            const { ModelPackageArn } = await create(name, {
              CustomerMetadataProperties: tags,
            });
            names.push(ModelPackageArn!.split('/').at(-1)!);
          }
          return names;
        },
        beDown: () => trouble('down'),
        answerNonsense: () => trouble('nonsense'),
        countRequests: async () => proxy.requests,
        restart: async () => open(),
        end: () => proxy.stop(),
      };
    },
  });

  it('gives what SageMaker knows of a version, also after it was changed', async () => {
    await moto.reset();
    await client.send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName: 'churn',
        Tags: [{ Key: 'team', Value: 'crm' }],
      }),
    );
    const { ModelPackageArn: arn } = await create('churn', {
      ModelApprovalStatus: 'PendingManualApproval',
      CustomerMetadataProperties: {
        reviewed: 'yes',
        'parameter.depth': '6',
        'metric.f1': '0.91',
      },
      MetadataProperties: {
        CommitId: 'abc1234',
        Repository: 'https://git.example.com/churn',
      },
      InferenceSpecification: {
        Containers: [
          {
            Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1',
            ImageDigest: `sha256:${'a'.repeat(64)}`,
            ModelDataUrl: 's3://models/churn/1.tar.gz',
          },
        ],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
      ModelMetrics: {
        ModelQuality: {
          Statistics: {
            ContentType: 'application/json',
            S3Uri: 's3://models/churn/quality.json',
          },
        },
      },
    });
    const first = await readAll(connect(moto.url));
    expect(first.versions).toEqual([
      expect.objectContaining({
        model: 'churn',
        version: '1',
        uri: arn,
        user: 'fake-user-profile-name',
        parameters: { depth: '6' },
        metrics: { f1: 0.91 },
        tags: expect.objectContaining({
          team: 'crm',
          reviewed: 'yes',
          'mlflow.source.git.commit': 'abc1234',
          'sagemaker.ModelApprovalStatus': 'PendingManualApproval',
          'sagemaker.ImageDigest': `sha256:${'a'.repeat(64)}`,
          'sagemaker.ModelMetrics.ModelQuality.Statistics':
            's3://models/churn/quality.json',
        }),
      }),
    ]);
    await client.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'Approved',
      }),
    );
    const whole = await readAll(
      connect(moto.url, { fullReadInterval: '0s' }),
      first.cursor,
    );
    expect(whole.versions[0].tags['sagemaker.ModelApprovalStatus']).toBe(
      'Approved',
    );
    expect(whole.versions[0].updatedAt.getTime()).toBeGreaterThan(
      whole.versions[0].createdAt.getTime(),
    );
  });

  it('is added by the module, with the credentials of the configuration', async () => {
    const added: ModelRegistry[] = [];
    const engine = createBackendPlugin({
      pluginId: 'model-delivery',
      register(env) {
        env.registerExtensionPoint(modelRegistriesExtensionPoint, {
          addRegistry: registry => added.push(registry),
        });
        env.registerInit({ deps: {}, async init() {} });
      },
    });
    const main = {
      region: 'eu-west-1',
      accountId: '123456789012',
      endpoint: moto.url,
    };
    const backend = await startTestBackend({
      features: [
        engine,
        modelDeliveryModuleSagemaker,
        mockServices.rootConfig.factory({
          data: {
            modelDelivery: { sagemaker: { main } },
            aws: { accounts: [{ accountId: main.accountId, ...CREDENTIALS }] },
          },
        }),
      ],
    });
    await backend.stop();
    expect(added.map(({ type, id }) => `${type}://${id}`)).toEqual([
      'sagemaker://main',
    ]);
    await moto.reset();
    expect((await readAll(added[0])).versions).toEqual([]);
  });

  it('says that the credentials are refused, or that nobody is there', async () => {
    await moto.checkCredentialsAfter(0);
    try {
      await expect(readAll(connect(moto.url))).rejects.toMatchObject({
        trouble: 'refused',
        message: expect.stringMatching(/'main'.* refused the AWS credentials/),
      });
    } finally {
      await moto.checkCredentialsAfter(1_000_000);
    }
    await expect(
      readAll(connect('http://127.0.0.1:1', { attempts: 1 })),
    ).rejects.toMatchObject({
      trouble: 'unreachable',
      message: expect.stringMatching(/cannot be reached: ECONNREFUSED/),
    });
  });
});
