/**
 * A gate keeps a version out; the engineer asks for a waiver, may not grant it, and somebody whom the policy names does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIRequestContext, expect, test } from '@playwright/test';
import { expectAccessible } from './support/portal';
import { openAs } from './support/promotions';

const STATE =
  process.env.SLIPWAY_E2E_STATE ??
  join(process.env.SLIPWAY_E2E_SCRATCH!, 'state');
const MODEL = 'dispute-summary';
const VERSION = `w${Date.now().toString(36)}`;
const GATE = 'Tests cover at least 80 % of the code';
const REASON = 'The uncovered part only prints a report';

const WIDE = { viewport: { width: 1440, height: 1000 } };

/** Registers a version of which only the coverage of its tests is known, and is too low. */
async function register(request: APIRequestContext): Promise<void> {
  const token = readFileSync(join(STATE, 'pipeline-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  const path = `/api/model-delivery/models/default/${MODEL}/versions`;
  const digest = Buffer.from(VERSION).toString('hex').padEnd(64, '0');
  const version = await request.post(path, {
    headers,
    data: {
      version: VERSION,
      parts: {
        code: { commit: digest.slice(0, 40) },
        data: [{ name: 'disputes', version: VERSION }],
        artifact: { digest: `sha256:${digest}` },
        configuration: [],
        parameters: {},
        trainedBy: 'user:default/s.iyer',
      },
      commits: [],
    },
  });
  expect(version.status(), await version.text()).toBe(201);
  const evaluation = await request.post(`${path}/${VERSION}/evaluations`, {
    headers,
    data: {
      id: `${VERSION}-tests`,
      fact: 'tests',
      measuredAt: new Date().toISOString(),
      metrics: [{ name: 'coverage', value: 0.71 }],
    },
  });
  expect(evaluation.status(), await evaluation.text()).toBe(201);
}

test('a gate is waived by somebody else, for a while and with a reason', async ({
  browser,
  request,
}) => {
  await register(request);
  const engineer = await openAs(
    browser,
    'ML engineer',
    `/catalog/default/model/${MODEL}/gates?environment=staging`,
    WIDE,
  );
  await engineer
    .getByRole('button', { name: `Failed: ${GATE}, ${VERSION}` })
    .click();
  const panel = engineer.getByRole('region', { name: 'Waiver' });
  await panel.getByRole('button', { name: 'Ask for a waiver…' }).click();
  const dialog = engineer.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(REASON);
  await dialog.getByRole('button', { name: 'Ask for the waiver' }).click();
  await expect(panel).toContainText('Waits for Model risk manager');
  await expect(panel.getByRole('button', { name: /^Waive/ })).toHaveCount(0);
  await expect(
    panel.getByRole('button', { name: 'Take it back…' }),
  ).toBeVisible();
  await expectAccessible(engineer);

  const manager = await openAs(
    browser,
    'Model risk manager',
    '/model-delivery/approvals',
    WIDE,
  );
  await manager
    .getByRole('region', { name: 'Waivers' })
    .getByRole('link', { name: new RegExp(VERSION) })
    .click();
  const decision = manager.getByRole('region', { name: 'Waiver' });
  await expect(decision).toContainText(REASON);
  await decision
    .getByRole('button', { name: 'Waive as model risk manager…' })
    .click();
  await manager
    .getByRole('dialog')
    .getByLabel('Reason')
    .fill('Agreed: nothing of it decides on a case');
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: 'Waive as model risk manager' })
    .click();
  await expect(
    manager.getByRole('button', { name: `Waived: ${GATE}, ${VERSION}` }),
  ).toBeVisible();
  await expect(decision).toContainText('Granted by M. Okafor');
  await expectAccessible(manager);

  // Whoever asked sees it without doing anything
  await expect(
    engineer.getByRole('button', { name: `Waived: ${GATE}, ${VERSION}` }),
  ).toBeVisible({ timeout: 30_000 });
});
