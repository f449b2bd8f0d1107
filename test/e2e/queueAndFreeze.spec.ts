/**
 * What keeps a promotion waiting is said where it waits: another one that goes first, and a freeze with its end. A canary
 * that too few requests reach is never passed; a person decides. One that answers fast and without errors, but otherwise than
 * before, goes back by itself.
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

/** Members who came less often than a year ago, in all other respects of all kinds. */
const FEWER_VISITS = Array.from({ length: 400 }, (_, i) => ({
  dataframe_records: [
    {
      days_since_last_visit: 1 + ((i * 37) % 60),
      visits_90d: 1 + ((i * 11) % 16),
      basket_value_mean: 10 + ((i * 53) % 70),
      visits_change_yoy: -0.9,
    },
  ],
}));

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
  const watching = await engineer.context().newPage();
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
    // The next one has as few requests, so that its step has to be skipped before it pauses as well
    await manager.goto(second);
    await watching.goto(second);
    await engineer.getByRole('button', { name: 'Abort' }).click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill('Too quiet tonight to tell');
    await dialog.getByRole('button', { name: 'Abort' }).click();
    // Looked at only later: of the next one's step, a few seconds are left to skip
  });

  const why = 'Two hours of last night were as quiet, and fine';
  await test.step('Then the next one goes on by itself, and whoever the policy names skips its step', async () => {
    await manager
      .getByRole('button', { name: 'Skip step' })
      .click({ timeout: 60_000 });
    const dialog = manager.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill(why);
    await expectStatement(watching, /50 %/);
    // A step in which the version has answered nothing cannot be skipped
    await expect(
      watching
        .getByRole('region', { name: 'Rollout steps' })
        .getByText(/^[1-9]\d* of 40 samples/),
    ).toBeVisible();
    await expect(
      watching.getByRole('button', { name: 'Skip step' }),
    ).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Skip step' }).click();
  });

  await test.step('The first one says how it ended', async () => {
    await expectStatement(engineer, /Rolled back: v1 has served all traffic/);
    await expect(engineer.getByText('Stopped before it served')).toHaveCount(0);
  });

  await test.step('The reason of the skip stays with the second one', async () => {
    await engineer.goto(second);
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

test('a canary that scores otherwise than its control goes back by itself', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const model = new ServedModel(request, 'loyalty-credit');
  // The last one serves in staging. The other looks at how often members came a year ago as well
  await model.arrange(['v3', 'v1']);
  const blind = new ServedModel(request, 'loyalty-limit');
  await blind.arrange(['v3', 'v1']);
  const engineer = await openAs(browser, 'ML engineer', blind.page, WIDE);

  await test.step('Its metrics source gives no scores, and the answer says what would', async () => {
    await engineer
      .getByRole('button', { name: 'Request a promotion…' })
      .click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel('Version').selectOption('v3');
    await dialog.getByLabel('Into').selectOption('staging');
    await dialog.getByRole('button', { name: 'Request v3 to staging' }).click();
    const refused = dialog.getByText(
      /Step 1 \(50 %\) would be judged by score-shift, score-ks and score-psi, but the metrics source 'prometheus:tests' .* gives no scores.*set modelDelivery\.prometheus\.tests\.queries\.scores/,
    );
    await expect(refused).toBeVisible();
  });

  await requestPromotion(engineer, {
    model: model.name,
    version: 'v3',
    environment: 'staging',
  });
  const traffic = startTraffic({
    endpoint: await model.endpoint('staging'),
    bodies: FEWER_VISITS,
    rate: 60,
    folder: SCRATCH,
  });
  await expectStatement(
    engineer,
    /Rolled back: v1 has served all traffic/,
    90_000,
  );
  const { statuses } = await traffic.stop();
  expect(Object.keys(statuses)).toEqual(['200']);
  const table = engineer.getByRole('region', {
    name: 'Table: Statistics of step 50 %',
  });
  const row = (title: string) => table.getByRole('row', { name: title });
  await expect(row('Error rate')).toContainText('Pass');
  for (const title of ['Shift of scores', 'Distance of scores']) {
    await expect(row(title)).toContainText('Fail');
  }
  await lookAtScreen(engineer, 'scores', row('Shift of scores'));
  await engineer.context().close();
});
