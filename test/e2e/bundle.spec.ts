/** Versions of two models that only work together are approved once, take traffic in step, and are taken back as one. */
import { expect, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { expectStatement, openAs } from './support/promotions';
import { REQUESTS, ServedModel } from './support/servedModel';
import { startTraffic, Traffic } from './support/traffic';

const WIDE = { viewport: { width: 1440, height: 1000 } };
const SCRATCH = process.env.SLIPWAY_E2E_SCRATCH!;
const NAME = `Search ${Date.now().toString(36)}`;

test.use({ actionTimeout: 30_000 });

test('two models are promoted and rolled back as one', async ({
  browser,
  request,
}) => {
  test.setTimeout(300_000);
  const retriever = new ServedModel(request, 'search-retriever');
  const ranker = new ServedModel(request, 'search-ranker');
  await retriever.arrange(['v1', 'v2']);
  await ranker.arrange(['v1', 'v2']);
  const engineer = await openAs(
    browser,
    'ML engineer',
    `${retriever.page}/versions`,
    WIDE,
  );
  const manager = await openAs(browser, 'Model risk manager', '/', WIDE);

  await test.step('They are asked for together', async () => {
    await engineer
      .getByRole('button', { name: 'Promote as a bundle…' })
      .click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel('Name').fill(NAME);
    await dialog
      .getByRole('group', { name: 'Member 1' })
      .getByLabel('Version')
      .selectOption('v2');
    const other = dialog.getByRole('group', { name: 'Member 2' });
    await other.getByLabel('Model').fill('Search ranker');
    await engineer.getByRole('option', { name: 'Search ranker' }).click();
    await other.getByLabel('Version').selectOption('v2');
    await dialog.getByLabel('Into').selectOption('production');
    await dialog
      .getByRole('button', { name: 'Request all to production' })
      .click();
    await expect(engineer).toHaveURL(/\/model-delivery\/promotions\/\d+$/);
    await expectStatement(engineer, /Waiting for approval by/);
  });

  await test.step('One decision in the inbox covers both', async () => {
    await manager.goto('/model-delivery/approvals');
    const entry = manager
      .getByRole('navigation', { name: 'Approvals' })
      .getByRole('button', { name: new RegExp(NAME) });
    await expect(entry).toHaveCount(1);
    await entry.click();
    await lookAtScreen(
      manager,
      'bundle-inbox',
      manager.getByText('One decision covers all of these').first(),
    );
    for (const name of ['Search retriever', 'Search ranker']) {
      await expect(
        manager.getByRole('heading', {
          name: `What ${name} v2 changes from v1`,
        }),
      ).toBeVisible();
    }
    await manager
      .getByLabel('Reason, compulsory')
      .fill('The ranker knows what the retriever finds');
    await manager
      .getByRole('button', { name: 'Approve as model risk manager' })
      .click();
    // Among what was decided, once for both
    await expect(entry).toContainText('Approved');
    await expect(entry).toHaveCount(1);
  });

  const traffic: Traffic[] = [];
  await test.step('Both take traffic in step', async () => {
    for (const model of [retriever, ranker]) {
      traffic.push(
        startTraffic({
          endpoint: await model.endpoint(),
          bodies: REQUESTS,
          rate: 40,
          folder: SCRATCH,
        }),
      );
    }
    await expectStatement(engineer, /v2 took over all traffic/, 90_000);
    await lookAtScreen(
      engineer,
      'bundle-served',
      engineer.getByRole('region', { name: `Bundle ${NAME}` }),
    );
    expect(await ranker.answering()).toBe('v2');
  });
  await Promise.all(traffic.map(each => each.stop()));

  await test.step('Both go back at once, from the page of either model', async () => {
    const onCall = await openAs(browser, 'On-call engineer', ranker.page, WIDE);
    await onCall.getByRole('button', { name: 'Roll the bundle back…' }).click();
    const dialog = onCall.getByRole('dialog');
    await expect(dialog).toContainText('Search retriever to v1');
    await dialog.getByLabel(/Reason/).fill('Nobody finds shoes any more');
    await dialog.getByRole('button', { name: 'Roll all back' }).click();
    await expectStatement(onCall, /v1 took over all traffic/, 60_000);
    expect(await retriever.answering()).toBe('v1');
    expect(await ranker.answering()).toBe('v1');
    await onCall.context().close();
  });
  for (const page of [engineer, manager]) {
    await page.context().close();
  }
});
