/**
 * Whoever runs the portal sees how fresh each registry is; what MLflow's webhooks tell is read at once, and one is read
 * when somebody asks.
 */
import { APIRequestContext, expect, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { signInAs } from './support/portal';

const MLFLOW_URL = process.env.SLIPWAY_E2E_MLFLOW_URL;
const SECRET = process.env.SLIPWAY_MLFLOW_WEBHOOK_SECRET;
const PAGE = '/model-delivery/registries';
const MODEL = `Journey’s own 🚀 ${Date.now().toString(36)}`;

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

test('whoever may not have it read is not offered to', async ({ page }) => {
  await signInAs(page, 'Auditor', PAGE);
  const card = page.getByRole('region', { name: 'mlflow://main' });
  await expect(card).toContainText('Fresh');
  await expect(card.getByRole('button')).toHaveCount(0);
});
