import { join } from 'node:path';
import { expect, Page, test } from '@playwright/test';
import { expectAccessible, signInAs } from './support/portal';
import {
  approve,
  expectStatement,
  openAs,
  requestPromotion,
} from './support/promotions';

const IMAGES = join(__dirname, '../../docs/images');
const MODEL = 'fraud-card-present';
const WIDE = { viewport: { width: 1440, height: 1000 } };
const MINUTE = 60_000;

/** Writes a picture for the README, when SLIPWAY_WRITE_IMAGES=1 asks for it. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SLIPWAY_WRITE_IMAGES === '1') {
    await page.mouse.move(0, 0);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({
      path: join(IMAGES, `${name}.png`),
      animations: 'disabled',
    });
  }
}

test.describe.configure({ mode: 'serial' });
// A button that is not there is told in half a minute, not at the end of the test
test.use({ actionTimeout: 30_000 });

test('the list of models says what serves, and what waits', async ({
  browser,
}) => {
  const page = await openAs(browser, 'ML engineer', '/models', WIDE);
  const row = page.getByRole('row').filter({ hasText: MODEL });
  await expect(row).toContainText('v2');
  await expect(row).toContainText('High');
  await expect(
    page.getByRole('row').filter({ hasText: 'returns-fraud' }),
  ).toContainText('Incident');
  // The table holds the rows that the window shows: one that shows them all
  await page.setViewportSize({ width: 1440, height: 2400 });
  await expect(page.getByRole('row').filter({ hasText: 'Sample' })).toHaveCount(
    16,
  );
  await page.setViewportSize(WIDE.viewport);
  await picture(page, 'models');

  await page.getByRole('link', { name: MODEL }).click();
  await expect(
    page.getByRole('heading', { name: 'Card-present fraud' }),
  ).toBeVisible();
  const environments = page.getByRole('list', { name: 'Environments' });
  await expect(environments.getByRole('listitem')).toHaveCount(2);
  await expect(environments).toContainText('v3');
  await expect(environments).toContainText('v2');
  await picture(page, 'model');
  await page.context().close();
});

test('models are found by facets and text, and the list stays as one likes it', async ({
  browser,
}) => {
  const page = await openAs(browser, 'Team lead', '/models', WIDE);
  const table = page.getByRole('table', { name: 'Models' });
  const box = (facet: string, value: RegExp) =>
    page
      .getByRole('group', { name: facet, exact: true })
      .getByRole('checkbox', { name: value });
  await box('Risk', /^High/).check();
  await page.getByText('Framework', { exact: true }).click();
  await box('Framework', /^scikit-learn/).check();
  await expect(page).toHaveURL(/\?risk=high&framework=scikit-learn$/);
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table.getByRole('row').last()).toContainText(MODEL);
  // Under the other filters: what else there is among those of high risk
  await expect(box('Framework', /^xgboost/)).not.toBeChecked();

  await page.goto('/models?card=stale');
  await expect(box('Model card', /^Stale/)).toBeChecked();
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table.getByRole('row').last()).toContainText(
    'collections-priority',
  );
  await page.goto('/models?toBeCompleted=risk');
  const named = (name: string) =>
    table.getByRole('row').filter({ hasText: name });
  // Other journeys bring models along of which something is missing, too
  await expect(named('review-sentiment')).toHaveCount(1);
  await expect(named('collections-priority')).toHaveCount(0);
  await page.goto('/models?risk=high&framework=scikit-learn');

  await page.getByRole('button', { name: 'Columns' }).click();
  const heading = (name: string) =>
    table.getByRole('columnheader', { name, exact: true });
  await page.getByRole('checkbox', { name: 'Serving in', exact: true }).check();
  await page.getByRole('checkbox', { name: 'Health', exact: true }).uncheck();
  await page.getByRole('button', { name: 'Compact', exact: true }).click();
  await expect(heading('Serving in')).toBeVisible();
  await page.getByRole('button', { name: 'Save this view' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Risky and plain');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const view = page.getByRole('link', { name: 'Risky and plain' });
  await expect(view).toHaveAttribute('aria-current', 'page');

  await page.goto('/models');
  await expect(heading('Serving in')).toBeVisible();
  await expect(heading('Health')).toHaveCount(0);
  await view.click();
  await expect(page).toHaveURL(/\?risk=high&framework=scikit-learn$/);
  await expect(table.getByRole('row')).toHaveCount(2);

  // Two of one task side by side; one of another task cannot be chosen, and it is said why
  await page.goto('/models');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const choice = (name: string) =>
    table.getByRole('checkbox', { name: `Compare ${name}` });
  for (const name of ['credit-default', 'demand-forecast-fresh']) {
    await choice(name).focus();
    await page.keyboard.press('Space');
  }
  const bar = page.getByRole('region', { name: 'Compare models' });
  await expect(bar).toContainText(
    'demand-forecast-fresh is for time-series-forecasting',
  );
  await choice('payment-delay').click();
  await expectAccessible(page, { include: 'main' });
  await page.reload();
  await expect(choice('payment-delay')).toBeChecked();
  await bar.getByRole('button', { name: 'Compare 2 models' }).click();
  await expect(page).toHaveURL(/credit-default\/versions\?compare=/);
  await expect(
    page.getByRole('columnheader', { name: /payment-delay/ }).first(),
  ).toBeVisible();

  // By keyboard alone: to the search, down the list, to a model and back to where one was
  await page.goto('/models');
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect(table.getByRole('row').nth(9)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('fraud');
  await expect(page).toHaveURL(/q=fraud/);
  const first = table.getByRole('row').nth(1).getByRole('link').first();
  await expect(table.getByRole('row').last()).toContainText(/fraud/i);
  await first.focus();
  await page.keyboard.press('End');
  const last = table.getByRole('row').last().getByRole('link').first();
  await expect(last).toBeFocused();
  const name = (await last.textContent())!;
  await expect(table).toHaveAttribute(
    'aria-rowcount',
    String(await table.getByRole('row').count()),
  );
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/model/${name}$`));
  await page.goBack();
  await expect(table.getByRole('link', { name, exact: true })).toBeFocused();
  await expectAccessible(page, { include: 'main' });

  await page.getByRole('button', { name: 'Save this view' }).click();
  await expectAccessible(page, { include: '[role="dialog"]' });
  await dialog.getByRole('button', { name: /^Delete Risky/ }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(view).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('button', { name: 'As it was at first' }).click();
  await expect(heading('Health')).toBeVisible();
  await page.context().close();
});

test('delivery metrics of a year lead to the very events', async ({
  browser,
}) => {
  const page = await openAs(
    browser,
    'Team lead',
    '/model-delivery/metrics',
    WIDE,
  );
  for (const measure of [
    'Deployment frequency',
    'Change failure rate',
    'Pipeline reliability',
  ]) {
    await expect(
      page.getByRole('heading', { name: measure }).first(),
    ).toBeVisible();
  }
  const teams = page.getByRole('row');
  await expect(teams.filter({ hasText: 'supply' })).toBeVisible();
  await expect(teams.filter({ hasText: 'fraud' })).toBeVisible();
  await picture(page, 'metrics');

  await page
    .getByRole('button', { name: /See the events/ })
    .first()
    .click();
  await expect(
    page.getByRole('link', { name: 'Demand forecast, fresh' }).first(),
  ).toBeVisible();
  await page.context().close();
});

test('a promotion is requested, approved by two, watched, and rolled back', async ({
  browser,
}) => {
  test.setTimeout(10 * MINUTE);
  const requester = await openAs(browser, 'ML engineer', '/', WIDE);
  await requestPromotion(requester, {
    model: MODEL,
    version: 'v3',
    environment: 'production',
  });
  await expectStatement(requester, /Waiting for approval by/);

  const reviewers = [
    { persona: 'Model risk manager', role: 'model risk manager' },
    { persona: 'Compliance officer', role: 'compliance officer' },
  ] as const;
  for (const { persona, role } of reviewers) {
    const page = await openAs(
      browser,
      persona,
      '/model-delivery/approvals',
      WIDE,
    );
    await expect(page.getByText('What changed since v2')).toBeVisible();
    if (persona === 'Model risk manager') {
      await picture(page, 'approvals');
    }
    await approve(page, {
      title: /Card-present fraud v3/,
      role,
      reason: 'The gain holds, and the gap between groups is below its limit',
    });
    await page.context().close();
  }

  await expectStatement(requester, /Serving \d+ %/, MINUTE);
  await expectStatement(requester, /Serving 25 %/, 2 * MINUTE);
  await picture(requester, 'promotion');
  await expectStatement(requester, /v3 took over all traffic/, 4 * MINUTE);

  const onCall = await openAs(browser, 'On-call engineer', '/', WIDE);
  await onCall.goto(`/catalog/default/model/${MODEL}`);
  const production = onCall
    .getByRole('list', { name: 'Environments' })
    .getByRole('listitem')
    .nth(1);
  await production.getByRole('button', { name: /Roll back/ }).click();
  const dialog = onCall.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Trying the way back');
  await dialog.getByRole('button', { name: /^Roll back/ }).click();
  await expectStatement(onCall, /v2 took over all traffic/, MINUTE);

  await onCall.goto(`/catalog/default/model/${MODEL}/deployments`);
  const history = onCall.getByRole('region', { name: 'Table of deployments' });
  await expect(
    history
      .getByRole('row')
      .filter({ hasText: /Rolled back/ })
      .first(),
  ).toContainText('v3');
  await picture(onCall, 'deployments');
  await onCall.context().close();
  await requester.context().close();
});

test('a version whose server fails comes back by itself', async ({
  browser,
}) => {
  test.setTimeout(10 * MINUTE);
  const requester = await openAs(browser, 'ML engineer', '/', WIDE);
  await requestPromotion(requester, {
    model: MODEL,
    version: 'v4',
    environment: 'staging',
  });
  await expectStatement(requester, /v4 took over all traffic/, 2 * MINUTE);
  await requestPromotion(requester, {
    model: MODEL,
    version: 'v4',
    environment: 'production',
  });
  await expectStatement(requester, /Waiting for approval by/);
  for (const [persona, role] of [
    ['Model risk manager', 'model risk manager'],
    ['Compliance officer', 'compliance officer'],
  ] as const) {
    const page = await openAs(
      browser,
      persona,
      '/model-delivery/approvals',
      WIDE,
    );
    await approve(page, {
      title: /Card-present fraud v4/,
      role,
      reason: 'Its numbers are better, and the canary will tell',
    });
    await page.context().close();
  }
  await expectStatement(
    requester,
    /Rolled back: v2 has served all traffic/,
    3 * MINUTE,
  );
  await expect(
    requester.getByRole('region', { name: 'Rollout steps' }),
  ).toContainText('Fail');
  await requester.context().close();
});

test('a large team at low risk shadows a version, then switches to it at once', async ({
  page,
}) => {
  const churn = { model: 'churn-retail', version: 'v3' };
  await signInAs(page, 'Platform engineer');
  await requestPromotion(page, { ...churn, environment: 'production' });
  await expectStatement(page, /v3 took over all traffic/, 2 * MINUTE);
  const shadow = page.getByRole('region', { name: 'Shadow', exact: true });
  await expect(shadow).toContainText('Pass');
  await expect(shadow).toContainText(/Answers that agree\d+(\.\d)?/);
  await expect(shadow).toContainText('Served by v3Nobody');
  await expect(
    page.getByRole('region', { name: 'Rollout steps' }),
  ).toContainText('Blue-green, all traffic in one switch');
  await expectAccessible(page, { include: 'main' });
});

test('a version that fails in its shadow serves nobody', async ({ page }) => {
  const churn = { model: 'churn-retail', version: 'v4' };
  await signInAs(page, 'Platform engineer');
  await requestPromotion(page, { ...churn, environment: 'staging' });
  await expectStatement(page, /v4 took over all traffic/, MINUTE);
  await requestPromotion(page, { ...churn, environment: 'production' });
  await expectStatement(
    page,
    /Stopped before it served.*v3 serves all traffic, v4 serves nobody/,
    2 * MINUTE,
  );
  await expect(
    page.getByRole('region', { name: 'Shadow', exact: true }),
  ).toContainText('Fail');
  await page.goto('/catalog/default/model/churn-retail/deployments');
  const table = page.getByRole('region', { name: 'Table of deployments' });
  await expect(
    table.getByRole('row').filter({ hasText: 'v3' }).first(),
  ).toBeVisible();
  await expect(
    table.getByRole('row', { name: /v4.*production|production.*v4/ }),
  ).toHaveCount(0);
});
