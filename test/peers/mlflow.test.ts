import { ConfigReader } from '@backstage/config';
import {
  RegistryChanges,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { readMlflowConnections } from '../../plugins/model-delivery-backend-module-mlflow/src/config';
import { MlflowRegistry } from '../../plugins/model-delivery-backend-module-mlflow/src/MlflowRegistry';
import { toEvaluationReports } from '../../plugins/model-delivery-backend/src/registries/toEvaluationReports';
import { FaultyProxy } from './FaultyProxy';
import {
  describeWithMlflow,
  MlflowServer,
  mlflowVenv,
  startMlflow,
} from './mlflowPeer';

const run = promisify(execFile);

/** Registers models as a person would, through MLflow's own client. */
const PRELUDE = `
import mlflow
from mlflow import MlflowClient
client = MlflowClient()
`;

describeWithMlflow('a real MLflow server', () => {
  let mlflow: MlflowServer;
  beforeAll(async () => {
    mlflow = await startMlflow();
  }, 180_000);
  afterAll(() => mlflow?.stop());

  const python = (script: string) =>
    run(path.join(mlflowVenv!, 'bin/python'), ['-c', PRELUDE + script], {
      env: mlflow.env,
    });

  const connect = (settings: Record<string, string> = {}) =>
    new MlflowRegistry(
      readMlflowConnections(
        new ConfigReader({
          modelDelivery: {
            mlflow: {
              main: { baseUrl: mlflow.url, evaluations: true, ...settings },
            },
          },
        }),
      )[0],
    );

  async function readAll(registry: MlflowRegistry, cursor?: string) {
    const versions: RegistryVersion[] = [];
    let last = cursor;
    for await (const page of registry.readChanges({ cursor })) {
      versions.push(...page.versions);
      last = page.cursor;
    }
    return { versions, cursor: last };
  }

  it('is read in full, then by what changed', async () => {
    const registry = connect({ aliasInterval: '0s' });
    await expect(readAll(registry)).resolves.toMatchObject({ versions: [] });

    await python(`
import pandas as pd
mlflow.set_experiment("peers")
with mlflow.start_run() as run:
    mlflow.log_params({"C": "0.1", "solver": "lbfgs"})
    mlflow.log_metrics({"f1": 0.91, "undefined": float("nan")})
    from mlflow.entities import Metric
    losses = [Metric("train/loss", 2.5 if step == 4_321 else 0.5, 1_700_000_000_000 + step, step) for step in range(6_000)]
    for start in range(0, len(losses), 1_000):
        client.log_batch(run.info.run_id, metrics=losses[start:start + 1_000])
    mlflow.set_tag("git_commit", "abc1234")
    frame = pd.DataFrame({"a": [1, 2, 3]})
    mlflow.log_input(mlflow.data.from_pandas(frame, name="cells"), context="training")
client.create_registered_model("cell classifier")
client.create_model_version("cell classifier", "runs:/%s/model" % run.info.run_id, run.info.run_id, tags={"reviewed": "yes"})
client.set_registered_model_alias("cell classifier", "champion", "1")
mlflow.genai.register_prompt(name="greeting", template="Hello {{name}}")
`);
    const first = await readAll(registry);
    const [version] = first.versions;
    expect(version).toMatchObject({
      model: 'cell classifier',
      version: '1',
      uri: 'models:/cell classifier/1',
      aliases: ['champion'],
      parameters: { C: '0.1', solver: 'lbfgs' },
      metrics: { f1: 0.91 },
      datasets: [
        { name: 'cells', digest: expect.any(String), context: 'training' },
      ],
    });
    expect(version.tags).toMatchObject({
      git_commit: 'abc1234',
      reviewed: 'yes',
    });
    expect(Math.abs(Date.now() - version.createdAt.getTime())).toBeLessThan(
      120_000,
    );
    const [loss, f1, none] = await registry.readMetricHistory({
      runId: version.runId,
      metrics: ['train/loss', 'f1', 'nothing'],
      maxPoints: 100,
    });
    expect(loss).toMatchObject({ metric: 'train/loss', sampled: true });
    expect(loss.points.length).toBeLessThanOrEqual(100);
    expect(loss.points[0]).toEqual({
      step: 0,
      at: new Date(1_700_000_000_000),
      value: 0.5,
    });
    expect(loss.points.at(-1)?.step).toBe(5_999);
    expect(loss.points.find(({ step }) => step === 4_321)?.value).toBe(2.5);
    expect(f1.points).toEqual([{ step: 0, at: expect.any(Date), value: 0.91 }]);
    expect(none).toEqual({ metric: 'nothing', points: [], sampled: false });
    expect(first.versions.map(({ model }) => model)).not.toContain('greeting');
    const page = await fetch(version.url!);
    expect(page.status).toBe(200);

    await python(`
client.create_model_version("cell classifier", "s3://nowhere/model")
client.set_registered_model_alias("cell classifier", "champion", "2")
`);
    const second = await readAll(registry, first.cursor);
    expect(
      Object.fromEntries(second.versions.map(v => [v.version, v.aliases])),
    ).toEqual({ 1: [], 2: ['champion'] });
    await expect(readAll(registry, second.cursor)).resolves.toMatchObject({
      versions: [],
    });

    // Set back from here, as when somebody had moved it who should not have
    await registry.setAlias({
      model: 'cell classifier',
      alias: 'champion',
      version: '1',
    });
    const third = await readAll(registry, second.cursor);
    expect(
      Object.fromEntries(third.versions.map(v => [v.version, v.aliases])),
    ).toEqual({ 1: ['champion'], 2: [] });
    await expect(
      registry.setAlias({
        model: 'cell classifier',
        alias: 'champion',
        version: '99',
      }),
    ).rejects.toThrow(/rejected registered-models\/alias/);

    // What was deleted is not there any more, whether it is asked for or everything is read again
    await fetch(`${mlflow.url}/api/2.0/mlflow/model-versions/delete`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'cell classifier', version: '2' }),
    });
    const asked = await registry.readModel({
      model: 'cell classifier',
      versions: ['1', '2'],
    });
    expect(asked.map(each => each.version)).toEqual(['1']);
    const pages: RegistryChanges[] = [];
    for await (const page of connect().readChanges({})) {
      pages.push(page);
    }
    expect(pages[0]).toMatchObject({
      complete: true,
      versions: [{ version: '1' }],
    });
  });

  it('tells of logged models, later evaluations of them and their traces', async () => {
    const registry = connect();
    await python(`
import pandas as pd
train, held_out = (mlflow.data.from_pandas(pd.DataFrame({"a": [1.0 * i, 2.0]}), name=name) for i, name in enumerate(("loans", "loans-held-out")))
mlflow.set_experiment("training of loans")
with mlflow.start_run():
    mlflow.log_param("C", "0.1")
    mlflow.log_input(train, context="training")
    model = mlflow.pyfunc.log_model(name="scorer", python_model=lambda model_input: model_input, params={"depth": "4"}, pip_requirements=["mlflow"])
    mlflow.log_metrics({"f1": 0.99}, model_id=model.model_id, dataset=train)
    mlflow.log_metrics({"f1": 0.81, "broken": float("nan"), "errors": 0.0}, model_id=model.model_id, dataset=held_out)
mlflow.register_model(model.model_uri, "loan scorer")
`);
    const first = await readAll(registry);
    const version = first.versions.find(({ model }) => model === 'loan scorer');
    const id = version?.loggedModel?.id;
    expect(version).toMatchObject({
      parameters: { C: '0.1', depth: '4' },
      datasets: [{ name: 'loans', context: 'training' }],
      loggedModel: { id: expect.stringMatching(/^m-/), state: 'read' },
    });
    const measured = (of: RegistryVersion | undefined) =>
      Object.fromEntries(
        (of?.evaluations ?? []).map(each => [
          each.dataset?.name ?? 'whatever it is given',
          [each.metrics, each.onTrainingData],
        ]),
      );
    const inTraining = {
      loans: [{ f1: 0.99 }, true],
      'loans-held-out': [{ errors: 0, f1: 0.81 }, false],
    };
    expect(measured(version)).toEqual(inTraining);
    expect(await registry.readTraces({ loggedModel: id })).toMatchObject({
      count: 0,
    });

    // By another person, in another experiment, with MLflow's own evaluation, which leaves a trace of each prediction
    await python(`
from mlflow.genai import scorer
@scorer
def is_short(outputs):
    return len(outputs) < 5
mlflow.set_experiment("evaluations of loans")
mlflow.genai.evaluate(
    data=[{"inputs": {"text": text}, "expectations": {}} for text in ("yes", "perhaps")],
    predict_fn=lambda text: text,
    scorers=[is_short],
    model_id="${id}",
)
mlflow.flush_trace_async_logging()
`);
    const second = await readAll(registry, first.cursor);
    expect(second.versions).toHaveLength(1);
    const [later] = second.versions;
    expect(later).toMatchObject({ model: 'loan scorer', version: '1' });
    expect(measured(later)).toEqual({
      ...inTraining,
      'whatever it is given': [{ 'is_short/mean': 0.5 }, false],
    });
    expect(later.datasets).toEqual(version?.datasets);
    const traces = await registry.readTraces({ loggedModel: id });
    expect(traces?.count).toBe(2);
    expect((await readAll(registry, second.cursor)).versions).toEqual([]);

    // As people evaluate classifiers: by what was logged, on data that have a name, or by the name of the version and the model's id
    const { stdout } = await python(`
import numpy, pandas as pd
from sklearn.linear_model import LogisticRegression
rows = pd.DataFrame(numpy.random.default_rng(0).normal(size=(300, 2)), columns=["amount", "age"])
rows["late"] = (rows["amount"] + 0.5 * rows["age"] > 0).astype(int)
held_out = mlflow.data.from_pandas(rows[200:], name="invoices-held-out", targets="late")
with mlflow.start_run():
    mlflow.log_input(mlflow.data.from_pandas(rows[:200], name="invoices", targets="late"), context="training")
    model = mlflow.sklearn.log_model(LogisticRegression().fit(rows[:200][["amount", "age"]], rows[:200]["late"]), name="late")
mlflow.register_model(model.model_uri, "late payment")
told = mlflow.models.evaluate(model.model_uri, held_out, model_type="classifier")
mlflow.models.evaluate("models:/late payment/1", rows[200:250], targets="late", model_type="classifier", model_id=model.model_id)
import json; print("told " + json.dumps({name: float(value) for name, value in told.metrics.items()}))
`);
    const told: Record<string, number> = JSON.parse(
      /^told (.+)$/m.exec(stdout)![1],
    );
    expect(told).toMatchObject({ example_count: 100 });
    const { versions } = await readAll(registry, second.cursor);
    const judged = versions.find(({ model }) => model === 'late payment');
    expect(judged?.datasets.map(({ name }) => name)).toEqual(['invoices']);
    const evaluated = new Map(
      judged?.evaluations?.map(each => [each.dataset?.name, each]),
    );
    expect([...evaluated.keys()].sort()).toEqual([
      'dataset',
      'invoices-held-out',
    ]);
    expect(evaluated.get('dataset')?.metrics.example_count).toBe(50);
    const named = evaluated.get('invoices-held-out')!;
    expect(named).toMatchObject({
      onTrainingData: false,
      metrics: told,
      confusionMatrix: {
        counts: [
          [told.true_negatives, told.false_positives],
          [told.false_negatives, told.true_positives],
        ],
      },
    });
    // What gates can ask for
    const [report] = toEvaluationReports('mlflow', [named], new Date());
    expect(report).toMatchObject({
      fact: 'candidate',
      dataset: { name: 'invoices-held-out' },
      metrics: expect.arrayContaining([
        ...['f1_score', 'accuracy_score', 'roc_auc'].map(name => ({
          name,
          value: told[name],
          higherIsBetter: true,
        })),
        ...['log_loss', 'false_positives'].map(name => ({
          name,
          value: told[name],
          higherIsBetter: false,
        })),
        { name: 'example_count', value: 100 },
      ]),
    });
  });

  it('is read page by page, each version once, when it holds many', async () => {
    await python(`
from time import time
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
experiments = [client.create_experiment("many %d" % i) for i in range(3)]
def create_run(i):
    id = client.create_run(experiments[i % 3], tags={"note": '''it's "quoted" 🚀 in parts''' + str(i)}).info.run_id
    client.log_batch(
        id,
        params=[Param("C", str(i)), Param("empty", "")],
        metrics=[Metric(name, value, int(time() * 1000), 0) for name, value in (("f1", i / 7), ("none", float("nan")), ("endless", float("inf")))],
    )
    client.log_inputs(id, [DatasetInput(Dataset("cells", "d%d" % n, "local", "x"), [InputTag("mlflow.data.context", "training")][n:]) for n in range(2)])
    return id
runs = [create_run(i) for i in range(20)]
client.create_registered_model("many")
for i in range(230):
    client.create_model_version("many", "s3://nowhere/%d" % i, run_id=runs[i // 4] if i % 4 == 0 and i < 80 else None)
client.delete_run(runs[0])
client.delete_experiment(experiments[2])
`);
    const registry = connect();
    const pages: RegistryVersion[][] = [];
    let cursor: string | undefined;
    for await (const page of registry.readChanges({})) {
      pages.push(page.versions);
      cursor = page.cursor;
      if (pages.length === 2) {
        break;
      }
    }
    for await (const page of connect().readChanges({ cursor })) {
      pages.push(page.versions);
    }
    const read = pages.flat().filter(({ model }) => model === 'many');
    expect(new Set(read.map(({ version }) => Number(version)))).toEqual(
      new Set(Array.from({ length: 230 }, (_, i) => i + 1)),
    );

    // Runs of experiments that are not known yet are read by themselves, then searched: both tell the same of them
    const proxy = await FaultyProxy.start(mlflow.url);
    try {
      const again = connect({ baseUrl: proxy.url, fullReadInterval: '0s' });
      // What is told twice counts as told last
      const byUri = (versions: RegistryVersion[]) =>
        new Map(versions.map(each => [each.uri, each]));
      const byThemselves = await readAll(again);
      const requests = proxy.requests;
      const searched = await readAll(again, byThemselves.cursor);
      expect(proxy.requests - requests).toBeLessThanOrEqual(requests - 13);
      const versions = byUri(searched.versions);
      expect(versions).toEqual(byUri(byThemselves.versions));
      const deleted = versions.get('models:/many/1');
      expect(deleted).toMatchObject({
        version: '1',
        parameters: { C: '0', empty: '' },
        metrics: { f1: 0 },
        tags: { note: 'it\'s "quoted" 🚀 in parts0' },
      });
      expect(deleted?.datasets).toHaveLength(2);
    } finally {
      await proxy.stop();
    }
  });

  it('being down is said', async () => {
    const gone = await startMlflow();
    const registry = new MlflowRegistry(
      readMlflowConnections(
        new ConfigReader({
          modelDelivery: { mlflow: { main: { baseUrl: gone.url } } },
        }),
      )[0],
    );
    const { cursor } = await readAll(registry);
    await gone.stop();
    await expect(readAll(registry, cursor)).rejects.toMatchObject({
      trouble: 'unreachable',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
