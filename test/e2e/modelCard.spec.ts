/**
 * What an auditor asks of a model's card: what it says, what changed since the last version, a copy to take away; and what a team
 * does that has its card elsewhere.
 */
import { readFile } from 'node:fs/promises';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, Page, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { signInAs } from './support/portal';

const CARD = '/catalog/default/model/credit-default/card';
const SEARCH = '/search?query=months%20of%20history&types[]=model-card';
const HOSTILE = [
  '## Limitations',
  'Never <script>window.stolen = true</script> again.',
  '<img src="https://evil.invalid/html.png" onerror="window.stolen = true">',
  '![a picture](https://evil.invalid/seen.png) [a link](javascript:window.stolen=true)',
  '## Notes of the team 🚢',
  'مرحبا',
].join('\n\n');

async function exported(page: Page, label: string) {
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: label }).click(),
  ]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

test('a card is read, compared, taken away and brought along', async ({
  browser,
  page,
}) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  // Found by what its team wrote, whatever the model is called
  await signInAs(page, 'Auditor', SEARCH);
  const result = page
    .getByRole('listitem')
    .filter({ hasText: 'Model card of Credit default risk' });
  await expect(async () => {
    // Not loaded again: for a moment, the search takes what is searched out of its address
    await page.goto(SEARCH);
    await expect(result).toContainText(/Limitations: .*months of history/, {
      timeout: 10_000,
    });
  }).toPass();
  // What a result shows; the list around it is Backstage's
  await lookAtScreen(page, 'search', result, 'article li > *');
  await result.getByRole('link', { name: /^Model card of/ }).click();
  await expect(page).toHaveURL(new RegExp(`${CARD}$`));
  // Backstage's search leaves styles of the dark theme behind once it was seen in both
  await page.reload();
  const card = page.getByRole('region', { name: 'Model card', exact: true });
  await expect(card).toContainText(/days? old; policy asks ≤ 90/);
  await expect(
    card.getByRole('region', { name: 'Limitations', exact: true }),
  ).toContainText('six months of history');
  await expect(
    card.getByRole('row', { name: /^F1 age: 18 to 30/ }),
  ).toContainText('at 95 %');
  await expect(page.getByRole('button', { name: 'Import…' })).toHaveCount(0);
  await lookAtScreen(page, 'card', card);

  const bom = await exported(page, 'CycloneDX 1.7 ML-BOM');
  expect(bom.name).toMatch(/^credit-default-v\d+\.cdx\.json$/);
  expect(
    await new Validation.JsonStrictValidator(Spec.Version.v1dot7).validate(
      await readFile(bom.path, 'utf8'),
    ),
  ).toBeNull();
  const readme = await exported(page, 'Hugging Face README.md');
  expect(await readFile(readme.path, 'utf8')).toContain('model-index:');
  const pdf = await exported(page, 'PDF');
  expect((await readFile(pdf.path)).toString('latin1', 0, 5)).toBe('%PDF-');

  await page.getByRole('combobox', { name: 'Against' }).selectOption('v12');
  await expect(page).toHaveURL(/version=v\d+&against=v12/);
  const evaluations = card.getByRole('region', { name: /^Evaluations of v12/ });
  await expect(
    evaluations.getByRole('row', { name: /^F1/ }).first(),
  ).toContainText('added:');
  await lookAtScreen(page, 'card-diff', evaluations);

  // Another one, on the page of a model whose team wrote nothing
  const colleague = await browser.newContext();
  const other = await colleague.newPage();
  other.on('request', request => asked.push(request.url()));
  await signInAs(
    other,
    'Platform engineer',
    '/catalog/default/model/payment-delay/card',
  );
  await expect(
    other.getByRole('region', { name: /fields missing/ }),
  ).toContainText('Limitations');
  await other.getByRole('button', { name: 'Import…' }).click();
  const dialog = other.getByRole('dialog', { name: 'Import a model card' });
  const file = dialog.locator('input[type=file]');
  await file.setInputFiles(bom.path);
  await expect(dialog).toContainText('neither .json');
  await file.setInputFiles({
    name: 'card.pdf',
    mimeType: 'application/pdf',
    buffer: await readFile(pdf.path),
  });
  await expect(dialog).toContainText('This is a card as Slipway exports it.');
  await expect(dialog).toContainText('six months of history');
  await file.setInputFiles({
    name: 'README.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from(HOSTILE),
  });
  await expect(dialog).toContainText('This is what the file says.');
  await dialog.getByRole('button', { name: /^Complete the card of/ }).click();
  await expect(dialog).toBeHidden();
  const limitations = other.getByRole('region', {
    name: 'Limitations',
    exact: true,
  });
  await expect(limitations).toContainText(
    'Never <script>window.stolen = true</script> again.',
  );
  await expect(limitations.getByRole('link')).toHaveText([/Image: a picture/]);
  await lookAtScreen(other, 'card-imported', limitations);
  expect(await other.evaluate(() => 'stolen' in window)).toBe(false);
  expect(asked.filter(url => url.includes('evil.invalid'))).toEqual([]);
  await colleague.close();
});
