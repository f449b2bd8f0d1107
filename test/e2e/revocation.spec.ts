/**
 * Evidence turns out to be wrong: it is revoked having seen what rests on it, and that travels to what serves and to the
 * next environment, until somebody lets it serve on and the pipeline measures anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIRequestContext, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './support/portal';
import { openAs } from './support/promotions';

const STATE =
  process.env.SLIPWAY_E2E_STATE ??
  join(process.env.SLIPWAY_E2E_SCRATCH!, 'state');
const MODEL = 'churn-retail';
const MODEL_PAGE = `/catalog/default/model/${MODEL}`;
const API = `/api/model-delivery/models/default/${MODEL}/versions/v3/evaluations`;
const GATE = 'Tests cover at least 80 % of the code';
const REASON = 'The coverage was counted with the generated code';

const WIDE = { viewport: { width: 1440, height: 1000 } };

test.use({ actionTimeout: 30_000 });

const headers = () => ({
  authorization: `Bearer ${readFileSync(
    join(STATE, 'pipeline-token'),
    'utf8',
  ).trim()}`,
});

/** Measures again what was revoked, so that the version is as good as before. */
async function measureAnew(
  request: APIRequestContext,
  evaluation: string,
): Promise<void> {
  const { items } = await (
    await request.get(`${API}?limit=50`, { headers: headers() })
  ).json();
  const { fact, metrics } = items.find(
    (each: { id: string }) => each.id === evaluation,
  );
  const response = await request.post(API, {
    headers: headers(),
    data: {
      id: `again-${Date.now().toString(36)}`,
      fact,
      metrics,
      measuredAt: new Date().toISOString(),
    },
  });
  expect(response.status(), await response.text()).toBe(201);
}

test('evidence that was wrong is revoked, and that travels downstream', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const manager = await openAs(
    browser,
    'Model risk manager',
    `${MODEL_PAGE}/gates?environment=staging`,
    WIDE,
  );
  await manager.getByRole('button', { name: `Passed: ${GATE}, v3` }).click();
  const revoke = manager.getByRole('button', { name: /^Revoke / });
  const evaluation = (await revoke.getAttribute('aria-label'))!.slice(7);

  await test.step('It shows what rests on the evidence before it is revoked', async () => {
    await revoke.click();
    const dialog = manager.getByRole('dialog');
    await expect(dialog).toContainText(
      'Affected: 1 deployment that serves now',
    );
    await expect(
      dialog.getByRole('list', { name: 'What rests on it' }),
    ).toContainText('v3 in staging');
    await dialog.getByLabel('Reason').fill(REASON);
    await expectAccessible(manager, { include: '[role=dialog]' });
    await dialog.getByRole('button', { name: 'Revoke the evidence' }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step('The verdict stays in the history, struck through', async () => {
    await expect(
      manager.getByRole('button', {
        name: `Passed on revoked evidence: ${GATE}, v3`,
      }),
    ).toBeVisible();
    await expect(manager.getByText(REASON).first()).toBeVisible();
    await expectAccessible(manager);
  });

  const platform = await openAs(browser, 'Platform engineer', MODEL_PAGE, WIDE);
  await test.step('What serves on it is marked, and goes no further', async () => {
    await expect(
      platform.getByText('v3 in staging rests on evidence that was revoked'),
    ).toBeVisible();
    await expectAccessible(platform);
    await platform
      .getByRole('button', { name: 'Request a promotion…' })
      .click();
    const dialog = platform.getByRole('dialog');
    await dialog.getByLabel('Version').selectOption('v3');
    await dialog.getByLabel('Into').selectOption('production');
    await dialog
      .getByRole('button', { name: 'Request v3 to production' })
      .click();
    await expect(dialog).toContainText(
      `v3 went to staging on the evaluation ${evaluation}, which was revoked: ${REASON}`,
    );
    await platform.keyboard.press('Escape');
  });

  await test.step('Somebody lets it serve on, with a reason', async () => {
    const phone = await openAs(browser, 'Compliance officer', MODEL_PAGE, WIDE);
    await phone.setViewportSize({ width: 360, height: 780 });
    await phone
      .getByRole('button', { name: 'Let v3 serve on in staging…' })
      .click();
    await phone
      .getByRole('dialog')
      .getByLabel('Reason')
      .fill('Nobody but testers uses staging');
    await phone
      .getByRole('dialog')
      .getByRole('button', { name: 'Let it serve on' })
      .click();
    await expect(
      phone.getByText('v3 in staging rests on evidence that was revoked'),
    ).toHaveCount(0);
    await expectNoSidewaysScroll(phone);
    // Whoever looks elsewhere sees it without doing anything
    await expect(
      platform.getByText('v3 in staging rests on evidence that was revoked'),
    ).toHaveCount(0, { timeout: 30_000 });
    await platform.goto(`${MODEL_PAGE}/deployments`);
    await expect(platform.getByText(/Nobody but testers/)).toBeVisible();
  });

  await measureAnew(request, evaluation);
});
