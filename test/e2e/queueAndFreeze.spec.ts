/**
 * What keeps a promotion waiting is said where it waits: another one that goes first, and a freeze with its end. A canary
 * that too few requests reach is never passed; a person decides.
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
const ROLE = 'model risk manager';

test.use({ actionTimeout: 30_000 });

test('a canary without enough requests is inconclusive, and the next in the queue waits for it', async ({
  browser,
  request,
}) => {
  test.setTimeout(300_000);
  const model = new ServedModel(request, 'returns-volume');
  await model.arrange(['v1', 'v2', 'v3']);
  const engineer = await openAs(browser, 'ML engineer', '/', WIDE);
  const manager = await openAs(browser, 'Model risk manager', '/', WIDE);
  const ask = async (version: string) => {
    await requestPromotion(engineer, {
      model: model.name,
      version,
      environment: 'production',
    });
    await expectStatement(engineer, /Waiting for approval by/);
    await approve(manager, {
      title: new RegExp(`Returns volume ${version}`),
      role: ROLE,
      reason: 'Fewer people wait for parcels',
    });
    return engineer.url();
  };

  const first = await ask('v2');
  const traffic = startTraffic({
    endpoint: await model.endpoint(),
    bodies: REQUESTS,
    rate: 2,
    folder: SCRATCH,
  });
  const second =
    await test.step('The next one waits, and says for which', async () => {
      const url = await ask('v3');
      await expectStatement(
        engineer,
        /Scheduled: it waits for promotion \d+, which moves traffic of production/,
        60_000,
      );
      return url;
    });

  await test.step('Two requests a second are too few: it pauses, and a person decides', async () => {
    await engineer.goto(first);
    await expectStatement(
      engineer,
      /Paused at 50 % .* A person decides: resume or abort/,
      90_000,
    );
    await lookAtScreen(
      engineer,
      'inconclusive',
      engineer.getByRole('button', { name: 'Abort' }),
    );
    await engineer.getByRole('button', { name: 'Abort' }).click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill('Too quiet tonight to tell');
    await dialog.getByRole('button', { name: 'Abort' }).click();
    await expectStatement(engineer, /Rolled back: v1 has served all traffic/);
  });

  await test.step('Then the next one goes on by itself', async () => {
    await engineer.goto(second);
    await expectStatement(engineer, /50 %/, 60_000);
  });

  await test.step('Whoever the policy names skips its step, for a reason that stays with it', async () => {
    const why = 'Two hours of last night were as quiet, and fine';
    await expect(
      engineer.getByRole('button', { name: 'Skip step' }),
    ).toHaveCount(0);
    await manager.goto(second);
    await manager.getByRole('button', { name: 'Skip step' }).click();
    const dialog = manager.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill(why);
    await dialog.getByRole('button', { name: 'Skip step' }).click();
    await expectStatement(engineer, /100 %/, 60_000);
    const steps = engineer.getByRole('region', { name: 'Rollout steps' });
    await expect(steps.getByText(why)).toBeVisible();
    await lookAtScreen(engineer, 'skipped', steps.getByText(why));
    await expect(steps.getByText('Pass', { exact: true })).toHaveCount(0);
  });
  await traffic.stop();
  for (const page of [engineer, manager]) {
    await page.context().close();
  }
});

test('a freeze keeps an approved version out, and says until when', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const model = new ServedModel(request, 'store-energy');
  await model.arrange(['v1', 'v2']);
  const engineer = await openAs(browser, 'ML engineer', '/', WIDE);
  const manager = await openAs(browser, 'Model risk manager', '/', WIDE);
  await requestPromotion(engineer, {
    model: model.name,
    version: 'v2',
    environment: 'production',
  });
  await expectStatement(engineer, /Waiting for approval by/);
  await approve(manager, {
    title: /Store energy v2/,
    role: ROLE,
    reason: 'It buys less for Sundays',
  });
  await expectStatement(engineer, /Scheduled: .*Stock-taking/);
  await lookAtScreen(
    engineer,
    'frozen',
    engineer.getByText(/Scheduled: .*Stock-taking/).first(),
  );
  expect(await model.serving('production')).toBe('v1');
  for (const page of [engineer, manager]) {
    await page.context().close();
  }
});
