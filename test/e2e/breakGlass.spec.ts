import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './support/portal';
import { expectStatement, openAs } from './support/promotions';

const MODEL = 'fraud-card-present';
const MODEL_PAGE = `/catalog/default/model/${MODEL}`;
const WIDE = { viewport: { width: 1440, height: 1000 } };
const MINUTE = 60_000;
const REASON = 'Card fraud is let through since the network changed its codes';

// A button that is not there is told in half a minute, not at the end of the test
test.use({ actionTimeout: 30_000 });

test('the on-call engineer breaks the glass, and a model risk manager reviews it', async ({
  browser,
}) => {
  test.setTimeout(8 * MINUTE);
  const onCall = await openAs(browser, 'On-call engineer', MODEL_PAGE, WIDE);

  await test.step('It shows what it goes past before it is confirmed', async () => {
    await onCall
      .getByRole('button', { name: 'Emergency (break-glass)…' })
      .click();
    const dialog = onCall.getByRole('dialog');
    await dialog.getByLabel('Version').selectOption('v3');
    const list = dialog.getByRole('list', { name: 'What v3 goes past' });
    for (const title of [
      '1 approval by Model risk manager',
      '1 approval by Compliance officer',
      'The canary at 5, 25, 50 and 100 %',
    ]) {
      await expect(list).toContainText(title);
    }
    const confirm = dialog.getByRole('button', {
      name: 'Put v3 into production now',
    });
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel('Reason').fill(REASON);
    await expect(confirm).toBeEnabled();
    await expectAccessible(onCall, { include: '[role=dialog]' });
    await confirm.click();
    await expect(onCall).toHaveURL(/\/model-delivery\/promotions\/\d+$/);
  });

  await test.step('All traffic moves at once, and a notice stays', async () => {
    await expectStatement(onCall, /v3 took over all traffic/, 2 * MINUTE);
    const notice = onCall.getByRole('region', { name: 'Emergency promotion' });
    await expect(notice).toContainText(REASON);
    await expect(notice).toContainText('Review due');
    await expect(notice).toContainText(
      'You may not review it: you requested it.',
    );
    await expect(notice.getByRole('form', { name: 'Your review' })).toHaveCount(
      0,
    );
    await expectAccessible(onCall);
  });
  const address = onCall.url();

  const reviewer = await openAs(
    browser,
    'Model risk manager',
    '/model-delivery/approvals',
    WIDE,
  );
  await test.step('It waits for whoever has to review it, and marks the model', async () => {
    await reviewer
      .getByRole('navigation', { name: 'Approvals' })
      .getByRole('button', { name: /Card-present fraud v3.*Review due/ })
      .click();
    await expect(
      reviewer.getByRole('form', { name: 'Your review' }),
    ).toBeVisible();
    await expectAccessible(reviewer);
    await reviewer.setViewportSize({ width: 360, height: 800 });
    await expectNoSidewaysScroll(reviewer);
    await reviewer.setViewportSize(WIDE.viewport);

    await reviewer.goto('/models');
    const row = reviewer.getByRole('row').filter({ hasText: MODEL });
    await expect(row.getByRole('link', { name: 'Review due' })).toBeVisible();
    await expectAccessible(reviewer);
    await row.getByRole('link', { name: 'Review due' }).click();
    await expect(reviewer).toHaveURL(address);
  });

  await test.step('The review is written once, and ends it', async () => {
    const form = reviewer.getByRole('form', { name: 'Your review' });
    await form.getByRole('radio', { name: 'Justified', exact: true }).check();
    await form
      .getByLabel('Reason, compulsory')
      .fill('The losses were real, and v3 knows the new codes');
    await form.getByRole('button', { name: 'Record the review' }).click();
    const notice = reviewer.getByRole('region', {
      name: 'Emergency promotion',
    });
    await expect(notice).toContainText('Justified by');
    await expect(form).toHaveCount(0);
    await reviewer.goto('/models');
    const row = reviewer.getByRole('row').filter({ hasText: MODEL });
    await expect(row).toContainText('v3');
    await expect(row.getByRole('link', { name: 'Review due' })).toHaveCount(0);
    await reviewer.goto(
      `/model-delivery/metrics?model=model%3Adefault%2F${MODEL}`,
    );
    const tile = reviewer.getByRole('region', {
      name: 'Emergency deployments',
    });
    await expect(tile).toContainText(/1 of \d+ deployments/);
  });

  await test.step('What served before was kept ready, and comes back', async () => {
    await onCall.goto(MODEL_PAGE);
    const production = onCall
      .getByRole('list', { name: 'Environments' })
      .getByRole('listitem')
      .nth(1);
    await expect(production).toContainText('v2 ready to return');
    await production.getByRole('button', { name: /Roll back/ }).click();
    const dialog = onCall.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The network went back as well');
    await dialog.getByRole('button', { name: /^Roll back/ }).click();
    await expectStatement(onCall, /v2 took over all traffic/, MINUTE);
  });
  await onCall.context().close();
  await reviewer.context().close();
});
