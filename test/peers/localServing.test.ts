import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ConfigReader } from '@backstage/config';
import { OperationStatus } from '@slipway/backstage-plugin-model-delivery-node';
import { readLocalServingConfig } from '../../plugins/model-delivery-backend-module-local-serving/src/config';
import { LocalServing } from '../../plugins/model-delivery-backend-module-local-serving/src/LocalServing';
import { LocalServingDeployer } from '../../plugins/model-delivery-backend-module-local-serving/src/LocalServingDeployer';
import { LocalServingMetricsSource } from '../../plugins/model-delivery-backend-module-local-serving/src/LocalServingMetricsSource';
import {
  describeWithMlflow,
  MlflowServer,
  mlflowVenv,
  startMlflow,
} from './mlflowPeer';

/** Two versions of one model on data that ship in scikit-learn: one that works, one that does not survive its input. */
const TRAIN = `
import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

x, y = load_breast_cancer(return_X_y=True, as_frame=True)
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
mlflow.sklearn.log_model(model, name="model", registered_model_name="cell classifier")

class Broken(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input["column that nobody sends"]

mlflow.pyfunc.log_model(name="model", python_model=Broken(), registered_model_name="cell classifier")
print(x.head(3).to_json(orient="split", index=False))
`;

const target = {
  model: 'model:default/cell-classifier',
  environment: 'production',
};
const quiet = () => {};
const logger = { info: quiet, warn: quiet, error: quiet, debug: quiet };

describeWithMlflow('local serving with mlflow models serve', () => {
  let mlflow: MlflowServer;
  let folder: string;
  let body: string;
  let serving: LocalServing;
  let deployer: LocalServingDeployer;
  let keys = 0;

  async function start() {
    const config = readLocalServingConfig(
      new ConfigReader({
        modelDelivery: {
          localServing: {
            enabled: true,
            directory: folder,
            launchers: [
              {
                scheme: 'models',
                command: [
                  path.join(mlflowVenv!, 'bin/mlflow'),
                  ...['models', 'serve', '--env-manager', 'local'],
                  ...['-m', '${artifactUri}', '-h', '${host}', '-p', '${port}'],
                ],
                env: {
                  MLFLOW_TRACKING_URI: mlflow.url,
                  // It starts uvicorn by its name
                  PATH: mlflow.env.PATH!,
                },
                // MLflow's answer when a model raises
                failureStatus: 400,
                startTimeoutSeconds: 120,
              },
            ],
          },
        },
      }),
    )!;
    serving = await LocalServing.start({
      config,
      logger: { ...logger, child: () => ({ ...logger } as any) },
    });
    deployer = new LocalServingDeployer(serving);
  }

  async function settle(
    ask: (operationKey: string) => Promise<OperationStatus>,
  ): Promise<OperationStatus> {
    keys += 1;
    for (;;) {
      const status = await ask(`key-${keys}`);
      if (status.state !== 'pending') return status;
      await delay(200);
    }
  }
  const prepare = (version: string) =>
    settle(operationKey =>
      deployer.prepare({
        operationKey,
        target,
        version: {
          version,
          digest: `sha256:${version.repeat(64)}`,
          artifactUri: `models:/cell classifier/${version}`,
          artifactDigest: `sha256:${version.repeat(64)}`,
          parameters: {},
        },
      }),
    );
  const setTraffic = (shares: Record<string, number>) =>
    settle(operationKey =>
      deployer.setTraffic({
        operationKey,
        target,
        shares: Object.entries(shares).map(([version, share]) => ({
          version,
          share,
        })),
      }),
    );
  /** The server processes that run, with their ids and when they began. */
  const processes = async (): Promise<unknown[]> =>
    JSON.parse(await readFile(path.join(folder, 'processes.json'), 'utf8'));
  const predict = async () => {
    const { endpoint } = await deployer.observe(target);
    const response = await fetch(endpoint!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return {
      status: response.status,
      version: response.headers.get('x-slipway-version'),
      answer: (await response.json()) as { predictions?: number[] },
    };
  };

  beforeAll(async () => {
    mlflow = await startMlflow();
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-serving-'));
    const { stdout } = await promisify(execFile)(
      path.join(mlflowVenv!, 'bin/python'),
      ['-c', TRAIN],
      { env: mlflow.env, cwd: folder },
    );
    const split = JSON.parse(
      stdout.split('\n').find(line => line.startsWith('{'))!,
    );
    body = JSON.stringify({ dataframe_split: split });
    await start();
  }, 300_000);

  afterAll(async () => {
    await serving?.servers.close(true);
    await serving?.stop();
    await mlflow?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('serves a real model, finds it again, and measures the errors of a broken one', async () => {
    expect(await prepare('1')).toEqual({ state: 'done' });
    expect(await setTraffic({ '1': 100 })).toEqual({ state: 'done' });
    const prediction = { predictions: [0, 0, 0] };
    expect(await predict()).toEqual({
      status: 200,
      version: '1',
      answer: prediction,
    });

    const before = await processes();
    await serving.stop();
    await start();
    while (!serving.isReady(target, '1')) await delay(50);
    // Found again, not started again
    expect(before).toHaveLength(1);
    expect(await processes()).toEqual(before);
    expect((await predict()).answer).toEqual(prediction);

    expect(await prepare('2')).toEqual({ state: 'done' });
    const from = new Date(Math.ceil(Date.now() / 1000) * 1000);
    await delay(from.getTime() - Date.now());
    await setTraffic({ '1': 50, '2': 50 });
    const answers = [];
    for (let i = 0; i < 40; i++) answers.push(await predict());
    const broken = answers.filter(({ version }) => version === '2');
    const signals = await new LocalServingMetricsSource(serving).read({
      target,
      version: '2',
      from,
      to: new Date(Date.now() + 1000),
    });
    expect(broken.length).toBeGreaterThan(5);
    expect(signals).toMatchObject({
      requests: broken.length,
      errors: broken.length,
    });
    expect(new Set(broken.map(({ status }) => status))).toEqual(new Set([400]));

    await setTraffic({ '1': 100 });
    expect(
      await settle(operationKey =>
        deployer.release({ operationKey, target, version: '2' }),
      ),
    ).toEqual({ state: 'done' });
    expect(await predict()).toMatchObject({ status: 200, version: '1' });
  });
});
