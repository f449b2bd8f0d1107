/**
 * What a model was made of, down to a faulty data set: which versions it affects and what their policies do is seen, the owners are told, and
 * evaluations revoked.
 */
import { expect, Page, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { openAs } from './support/promotions';

const TAB = '/catalog/default/model/credit-default/lineage';
const PRICES =
  '/catalog/default/model/price-elasticity/lineage?node=resource%3Adefault%2Fprice-changes&impact=yes';
const REASON = 'A third of the incomes is in cents';

test.use({ actionTimeout: 30_000 });

const nodeOf = (page: Page, name: RegExp) =>
  page
    .getByRole('region', { name: /^Graph of the lineage/ })
    .getByRole('group', { name });

test('the lineage of a model leads to what a faulty data set affects', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const page = await openAs(browser, 'Team lead', TAB, {
    viewport: { width: 1440, height: 1000 },
  });
  const model = nodeOf(page, /^Model Credit default risk/);
  await expect(model).toBeVisible();
  await lookAtScreen(
    page,
    'lineage',
    page.getByRole('button', { name: /^Versions \d/ }),
  );

  // By keyboard from the model to what was trained, and by jumping to the data
  await page.getByRole('button', { name: 'Graph', exact: true }).click();
  await model.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/node=/);
  await page.getByLabel('Jump to').fill('loan applications 20');
  await page.keyboard.press('Enter');
  const details = page.getByRole('region', { name: 'Loan applications' });
  await expect(details).toContainText('gross_income_eur');

  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await expect(
    page.getByRole('row', { name: /train_credit_default/ }).first(),
  ).toBeVisible();
  await page.getByRole('button', { name: /^Runs/ }).click();
  await expect(
    page.getByRole('row', { name: /train_credit_default/ }),
  ).toHaveCount(0);

  await details.getByRole('button', { name: 'What would be affected' }).click();
  await expect(details).toContainText(
    /It went into \d+ versions? of \d+ models?/,
  );
  // Said before anybody presses, and by which field of which policy; what other journeys rest on stays as it is
  await expect(details).toContainText(
    /revokes \d+ evaluations of \d+ versions?, by faultyData: revoke-possible/,
  );
  await details.getByRole('button', { name: /^It is faulty/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('faultyData: revoke-possible');
  await expect(dialog.getByRole('checkbox')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Keep as it is' }).click();

  // Prices, of which only a model is made that no other journey looks at
  await page.goto(PRICES);
  const prices = page.getByRole('region', { name: 'Price changes' });
  await expect(prices).toContainText(/revokes \d+ evaluations/);
  await prices.getByRole('button', { name: /^It is faulty/ }).click();
  await dialog.getByLabel('Reason').fill(REASON);
  const tell = dialog.getByRole('button', {
    name: /^Tell the owners and revoke \d+ evaluations$/,
  });
  // It comes about, and its answer gets lost: whoever presses again does it no second time
  await page.route(
    '**/lineage/faults',
    async route => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await tell.click();
  await expect(dialog.getByRole('alert')).toContainText(
    'It may not have been recorded. The portal did not answer',
  );
  await dialog.getByRole('button', { name: /^Tell the owners/ }).click();
  await expect(dialog).toBeHidden();
  await expect(prices.getByText('was found faulty')).toHaveCount(1);
  await expect(prices).toContainText(REASON);
  await expect(prices).toContainText(
    /revoked \d+ evaluations of \d+ versions?, by faultyData: revoke/,
  );
  await expect(prices).toContainText('It stands');
  await lookAtScreen(page, 'lineage-impact', prices.getByText(REASON));
  await prices.getByRole('button', { name: 'Take it back…' }).click();
  await dialog.getByLabel('Reason').fill('The incomes are in euros after all');
  await dialog.getByRole('button', { name: 'Take it back' }).click();
  await expect(dialog).toBeHidden();
  await expect(prices).toContainText(/Taken back .* in euros after all/);

  // The data set's own page says who trains on it
  await page.goto('/catalog/default/resource/loan-applications');
  const trained = page.getByRole('region', { name: 'Models trained on it' });
  await expect(
    trained.getByRole('listitem').filter({ hasText: 'Credit default risk' }),
  ).toContainText(/in production for/);
  await page.context().close();
});
