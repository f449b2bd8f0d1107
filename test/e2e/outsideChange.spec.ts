/**
 * Somebody moves traffic at the target itself. It is seen, shown and counted; once it is set back, once it is adopted
 * through approval, without taking traffic away from what serves.
 */
import { expect, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import {
  approve,
  expectStatement,
  openAs,
  requestPromotion,
} from './support/promotions';
import { REQUESTS, ServedModel } from './support/servedModel';
import { startTraffic } from './support/traffic';

const WIDE = { viewport: { width: 1440, height: 1000 } };
const SCRATCH = process.env.SLIPWAY_E2E_SCRATCH!;
const CHANGED = 'Changed without Slipway: v1 serves in production';

test.use({ actionTimeout: 30_000 });

test('a change made outside is set back, and another one adopted', async ({
  browser,
  request,
}) => {
  test.setTimeout(300_000);
  const model = new ServedModel(request, 'parcel-arrival');
  await model.arrange(['v1', 'v2']);
  const engineer = await openAs(browser, 'ML engineer', '/', WIDE);
  const manager = await openAs(browser, 'Model risk manager', '/', WIDE);
  const onCall = await openAs(browser, 'On-call engineer', model.page, WIDE);

  await test.step('v2 serves, as was approved', async () => {
    await requestPromotion(engineer, {
      model: model.name,
      version: 'v2',
      environment: 'production',
    });
    await approve(manager, {
      title: /Parcel arrival v2/,
      role: 'model risk manager',
      reason: 'The hours are closer now',
    });
    const traffic = startTraffic({
      endpoint: await model.endpoint(),
      bodies: REQUESTS,
      rate: 40,
      folder: SCRATCH,
    });
    await expectStatement(engineer, /v2 took over all traffic/, 60_000);
    await traffic.stop();
  });

  await test.step('Somebody gives v1 all traffic at the target; it is raised, and set back', async () => {
    await model.moveOutside('v1');
    const notice = onCall.getByText(CHANGED);
    await expect(notice).toBeVisible({ timeout: 60_000 });
    await lookAtScreen(onCall, 'outside-change', notice);
    await onCall.getByRole('button', { name: 'Set it back…' }).click();
    const dialog = onCall.getByRole('dialog', {
      name: 'Set production back to v2?',
    });
    await dialog.getByLabel(/Reason/).fill('Nobody has let v1 through');
    await dialog.getByRole('button', { name: 'Set it back' }).click();
    await expect(notice).toHaveCount(0);
    expect(await model.answering()).toBe('v2');
  });

  await test.step('It happens again, and is adopted through approval', async () => {
    await model.moveOutside('v1');
    await engineer.goto(model.page);
    await expect(engineer.getByText(CHANGED)).toBeVisible({ timeout: 60_000 });
    await engineer
      .getByRole('button', { name: 'Adopt it by a promotion' })
      .click();
    await engineer.getByRole('link', { name: /^Promotion \d+$/ }).click();
    await expectStatement(engineer, /Waiting for approval by/);
    await manager.goto('/model-delivery/approvals');
    await manager
      .getByRole('navigation', { name: 'Approvals' })
      .getByRole('button', { name: /Parcel arrival v1/ })
      .click();
    await lookAtScreen(
      manager,
      'adoption',
      manager.getByText('Adopt the 100 % it has, nothing moves').first(),
    );
    await expect(
      manager.getByText('Rejecting ends the promotion and sets production'),
    ).toBeVisible();
    await approve(manager, {
      title: /Parcel arrival v1/,
      role: 'model risk manager',
      reason: 'v2 fails in the mountains; v1 is right there',
    });
    await expectStatement(engineer, /v1 took over all traffic/);
    expect(await model.answering()).toBe('v1');
    await expect(onCall.getByText(CHANGED)).toHaveCount(0);
  });

  await test.step('Both are counted, down to what became of them', async () => {
    await manager.goto(
      `/model-delivery/metrics?model=model%3Adefault%2F${model.name}`,
    );
    const tile = manager.getByRole('region', { name: 'Changes made outside' });
    await expect(tile).toContainText('2 changes');
    await lookAtScreen(manager, 'outside-metrics', tile);
    await tile.getByRole('button', { name: /See the events/ }).click();
    const events = manager.getByRole('dialog', {
      name: 'Changes made outside',
    });
    await expect(events).toContainText('where v2 should; set back');
    await expect(events).toContainText('where v2 should; adopted');
  });
  for (const page of [engineer, manager, onCall]) {
    await page.context().close();
  }
});
