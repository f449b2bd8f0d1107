/**
 * What a data scientist asks of a model's versions: which is the best by a metric, which fall short of a value, and how do some
 * of them differ; in an address that can be sent on.
 */
import { expect, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { signInAs } from './support/portal';

const VERSIONS = '/catalog/default/model/credit-default/versions';

test('versions are sorted, narrowed and put side by side', async ({
  browser,
  page,
}) => {
  await signInAs(page, 'Data scientist', VERSIONS);
  const table = page.getByRole('region', { name: 'Table of versions' });
  const names = table.getByRole('rowheader');
  await expect(names.first()).toContainText('v16');

  await table.getByRole('button', { name: 'Brier score' }).click();
  await expect(page).toHaveURL(/sort=metric%3Abrier_score/);
  await expect(names.first()).toContainText('v2');
  await table.getByRole('button', { name: 'Brier score' }).click();
  await expect(names.first()).toContainText('v16');

  await page.getByRole('button', { name: 'Metrics', exact: true }).click();
  await page.getByRole('checkbox', { name: 'ROC AUC' }).check();
  await page.getByRole('combobox', { name: 'Metric' }).selectOption('f1');
  await page.getByRole('textbox', { name: 'Value' }).fill('0.605');
  await page.getByRole('button', { name: 'Only these versions' }).click();
  await expect(page.getByText('F1 ≥ 0.605')).toBeVisible();
  await expect(names).toHaveText([/v16/, /v15/, /v14/, /v13/, /v12/]);
  await lookAtScreen(page, 'versions-narrowed', table);

  await table.getByRole('checkbox', { name: 'Compare v15' }).check();
  await table.getByRole('checkbox', { name: 'Compare v16' }).check();
  await page.getByRole('button', { name: 'Compare v15, v16' }).click();
  const comparison = page.getByRole('region', {
    name: 'Versions side by side',
  });
  await expect(
    comparison.getByRole('row', { name: /^Brier score/ }),
  ).toContainText(/Better.*intervals do not overlap/);
  await page.getByRole('checkbox', { name: 'Only what differs' }).check();
  await expect(
    comparison.getByRole('rowheader', { name: 'max_depth' }),
  ).toHaveCount(0);
  await expect(
    comparison.getByRole('row', { name: /^F1 age: 18 to 30/ }),
  ).toContainText(/intervals (do not )?overlap/);
  await expect(
    page.getByRole('region', { name: 'Confusion matrix of v16' }),
  ).toContainText(/defaulted/);

  // A model of the same task comes beside them, and its numbers are said to be of other data
  const others = page.getByRole('combobox', {
    name: /^Compare with a model for tabular-/,
  });
  const churn = others.getByRole('option', { name: /^Loyalty churn,/ });
  await others.selectOption(await churn.getAttribute('value'));
  // That of all, not one of its slices
  await expect(comparison.getByRole('row', { name: /^F1 \d/ })).toContainText(
    'not known to be measured on the same data',
  );
  await expect(page).toHaveURL(/compare=model%3Adefault%2F/);
  await lookAtScreen(page, 'versions-compared', comparison);

  // Somebody else sees the same by its address, and the way back leads to the list
  const colleague = await browser.newContext();
  const other = await colleague.newPage();
  await signInAs(other, 'Team lead', page.url());
  await expect(
    other
      .getByRole('region', { name: 'Versions side by side' })
      .getByRole('columnheader', { name: /^v16/ }),
  ).toBeVisible();
  await colleague.close();
  await page.getByRole('button', { name: 'All versions' }).click();
  await expect(page.getByText('F1 ≥ 0.605')).toBeVisible();

  // Whoever has only a commit finds the version by the portal's search
  const [commit] = /[0-9a-f]{7}/.exec(
    await table.getByRole('row', { name: /v15/ }).innerText(),
  )!;
  await page.goto(`/search?query=${commit}&types[]=model-version`);
  const result = page
    .getByRole('listitem')
    .filter({ hasText: 'Credit default risk, version v15' });
  await expect(result).toContainText(/Commit [0-9a-f]{40}/);
  await result.getByRole('link', { name: /version v15/ }).click();
  await expect(names).toHaveText([/v15/]);
});
