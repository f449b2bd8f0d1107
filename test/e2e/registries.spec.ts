/**
 * Whoever runs the portal sees how fresh each registry is; what MLflow's webhooks tell is read at once, and one is read
 * when somebody asks.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIRequestContext, expect, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { signInAs } from './support/portal';

const MLFLOW_URL = process.env.SLIPWAY_E2E_MLFLOW_URL;
const SECRET = process.env.SLIPWAY_MLFLOW_WEBHOOK_SECRET;
const PAGE = '/model-delivery/registries';
const MODEL = `Journey’s own 🚀 ${Date.now().toString(36)}`;

/** In test/e2e/portal/models.yaml. */
const TRAINED = 'shelf-photo';
const STATE =
  process.env.SLIPWAY_E2E_STATE ??
  join(process.env.SLIPWAY_E2E_SCRATCH!, 'state');

test.use({ actionTimeout: 30_000 });
test.skip(
  !MLFLOW_URL || !SECRET,
  'needs MLflow: SLIPWAY_MLFLOW_VENV names no Python environment with it',
);

async function mlflow(
  request: APIRequestContext,
  path: string,
  data: Record<string, unknown>,
) {
  const answer = await request.post(`${MLFLOW_URL}/api/2.0/mlflow/${path}`, {
    data,
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.json();
}

/** Logged models by version. */
const loggedModels = new Map<string, string>();

/** Measures a version on data of its own, in a run of its own, and leaves a trace of it. */
async function measure(
  request: APIRequestContext,
  version: string,
): Promise<string> {
  const model_id = loggedModels.get(version)!;
  const { run } = await mlflow(request, 'runs/create', {
    experiment_id: '0',
    start_time: Date.now(),
  });
  const { run_id } = run.info;
  await mlflow(request, 'runs/log-inputs', { run_id, models: [{ model_id }] });
  await mlflow(request, 'runs/log-metric', {
    run_id,
    key: 'f1',
    value: 0.81,
    timestamp: Date.now(),
    model_id,
    dataset_name: 'held-out',
    dataset_digest: 'd1',
  });
  await mlflow(request, 'runs/update', {
    run_id,
    status: 'FINISHED',
    end_time: Date.now(),
  });
  const traced = await request.post(`${MLFLOW_URL}/api/3.0/mlflow/traces`, {
    data: {
      trace: {
        trace_info: {
          trace_id: `tr-${run_id}`,
          trace_location: {
            type: 'MLFLOW_EXPERIMENT',
            mlflow_experiment: { experiment_id: '0' },
          },
          request_time: new Date().toISOString(),
          state: 'OK',
          trace_metadata: { 'mlflow.modelId': model_id },
        },
      },
    },
  });
  expect(traced.ok(), await traced.text()).toBe(true);
  return model_id;
}

/** Trains a version of the model, as far as MLflow is told of it, and registers it there and in the portal. */
async function train(
  request: APIRequestContext,
  version: string,
  lossAt: (step: number) => number,
): Promise<void> {
  const { run } = await mlflow(request, 'runs/create', {
    experiment_id: '0',
    start_time: Date.now(),
  });
  const { run_id } = run.info;
  await mlflow(request, 'runs/log-batch', {
    run_id,
    metrics: Array.from({ length: 60 }, (_, step) => ({
      key: 'train/loss',
      value: lossAt(step),
      timestamp: Date.now(),
      step,
    })).concat({ key: 'f1', value: 0.9, timestamp: Date.now(), step: 0 }),
  });
  const { model } = await mlflow(request, 'logged-models', {
    experiment_id: '0',
    source_run_id: run_id,
    params: [{ key: 'depth', value: '4' }],
  });
  const { model_id } = model.info;
  loggedModels.set(version, model_id);
  const registered = await mlflow(request, 'model-versions/create', {
    name: TRAINED,
    source: `models:/${model_id}`,
    run_id,
    model_id,
  });
  const token = readFileSync(join(STATE, 'pipeline-token'), 'utf8').trim();
  const digest = Buffer.from(version).toString('hex').padEnd(64, '0');
  const answer = await request.post(
    `/api/model-delivery/models/default/${TRAINED}/versions`,
    {
      headers: { authorization: `Bearer ${token}` },
      data: {
        version,
        registryUri: `models:/${TRAINED}/${registered.model_version.version}`,
        parts: {
          code: { commit: digest.slice(0, 40) },
          data: [],
          artifact: { digest: `sha256:${digest}` },
          configuration: [],
          parameters: {},
          trainedBy: 'user:default/s.iyer',
        },
      },
    },
  );
  expect(answer.status(), await answer.text()).toBe(201);
}

test('a platform engineer sees that a registry is fresh, and what its webhooks bring', async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(60_000);
  await signInAs(page, 'Platform engineer', PAGE);
  const card = page.getByRole('region', { name: 'mlflow://main' });
  await expect(card).toContainText('Fresh');

  await mlflow(request, 'webhooks', {
    name: `slipway-${Date.now()}`,
    url: `${baseURL}/api/model-delivery/registry-hooks/mlflow/main`,
    secret: SECRET,
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
  });
  await mlflow(request, 'registered-models/create', { name: MODEL });
  await mlflow(request, 'model-versions/create', {
    name: MODEL,
    source: 's3://nowhere/model',
  });
  await expect(card).toContainText('model_version.created');
  await expect(card).toContainText(/[1-9][\d,]* versions? of/);
  const cards = page.getByRole('region', { name: 'Model cards sample' });
  await expect(cards).toContainText('Fresh');
  await expect(cards).toContainText(/Holds.*[1-9] models?/);
  await lookAtScreen(page, 'registries', card);

  const read = page.waitForResponse(
    answer =>
      answer.url().endsWith('/registries/mlflow/main/refreshes') &&
      answer.status() === 202,
  );
  await card.getByRole('button', { name: 'Read now' }).click();
  await read;
  await expect(card).toContainText('Fresh');
});

test('a data scientist sees how two versions trained', async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const suffix = Date.now().toString(36);
  await mlflow(request, 'registered-models/create', { name: TRAINED });
  await train(request, `calm-${suffix}`, step => 1 / (1 + step));
  await train(request, `wild-${suffix}`, step =>
    step === 30 ? 4.2 : 0.5 / (1 + step),
  );
  await signInAs(page, 'Platform engineer', PAGE);
  await page.getByRole('button', { name: 'Read now' }).click();
  await page.goto(
    `/catalog/default/model/${TRAINED}/versions?compare=calm-${suffix}&compare=wild-${suffix}`,
  );
  const curves = page.getByRole('region', { name: 'Curves while training' });
  const loss = curves.getByRole('img', { name: /^train\/loss/ });
  // What was read comes to the open page by itself
  await expect(loss).toBeVisible({ timeout: 30_000 });
  await expect(loss).toHaveAccessibleName(
    new RegExp(`wild-${suffix}: from 0.500 to .*highest 4.20`),
  );
  await expect(curves).toContainText('Logged once, so without a curve: f1');
  await lookAtScreen(page, 'versions-curves', loss);
  await curves.getByRole('button', { name: 'As a table' }).click();
  await expect(curves.getByRole('row', { name: /^step 30 / })).toContainText(
    '4.20',
  );

  // Somebody measures one of them, while it is used
  const loggedModel = await measure(request, `calm-${suffix}`);
  await page.goto(PAGE);
  await page.getByRole('button', { name: 'Read now' }).click();
  await page.goto(`/catalog/default/model/${TRAINED}/versions`);
  await page
    .getByRole('button', { name: `Parts and evaluations of calm-${suffix}` })
    .click();
  const table = page.getByRole('region', { name: 'Table of versions' });
  await expect(
    table.getByRole('link', { name: loggedModel, exact: false }),
  ).toBeVisible({ timeout: 30_000 });
  await expect(table.getByRole('link', { name: /^1 trace\b/ })).toBeVisible();
  const evaluation = table.getByText(/on held-out@d1/);
  await expect(evaluation).toBeVisible({ timeout: 40_000 });
  await evaluation.click();
  await expect(
    table.getByRole('row', { name: /^F1 .*0\.8/ }).last(),
  ).toBeVisible();
  await expect(
    table.getByText('Parameters in the registry, where they differ'),
  ).toBeVisible();
  await lookAtScreen(page, 'versions-logged-model', table);
});

test('whoever may not have it read is not offered to', async ({ page }) => {
  await signInAs(page, 'Auditor', PAGE);
  const card = page.getByRole('region', { name: 'mlflow://main' });
  await expect(card).toContainText('Fresh');
  await expect(card.getByRole('button')).toHaveCount(0);
});
