import { Browser, BrowserContextOptions, expect, Page } from '@playwright/test';
import { Persona, signInAs } from './portal';

/** A person in a browser of their own, signed in. */
export async function openAs(
  browser: Browser,
  persona: Persona,
  path = '/',
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await signInAs(page, persona, path);
  return page;
}

/** Asks for a promotion from the model's page, and ends on the promotion's. */
export async function requestPromotion(
  page: Page,
  options: { model: string; version: string; environment: string },
): Promise<void> {
  const { model, version, environment } = options;
  await page.goto(`/catalog/default/model/${model}`);
  await page.getByRole('button', { name: 'Request a promotion…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Version').selectOption(version);
  await dialog.getByLabel('Into').selectOption(environment);
  await dialog
    .getByRole('button', { name: `Request ${version} to ${environment}` })
    .click();
  await expect(page).toHaveURL(/\/model-delivery\/promotions\/\d+$/);
}

/** Approves what waits in the person's inbox, with a reason. */
export async function approve(
  page: Page,
  options: { title: RegExp; role: string; reason: string },
): Promise<void> {
  const { title, role, reason } = options;
  await page.goto('/model-delivery/approvals');
  await page
    .getByRole('navigation', { name: 'Approvals' })
    .getByRole('button', { name: title })
    .first()
    .click();
  await page.getByLabel('Reason, compulsory').fill(reason);
  await page.getByRole('button', { name: `Approve as ${role}` }).click();
  await expect(
    page.getByRole('button', { name: `Approve as ${role}` }),
  ).toHaveCount(0);
}

/** Waits until the one sentence at the top of a promotion's page says so; the page keeps itself up to date. */
export async function expectStatement(
  page: Page,
  statement: RegExp,
  timeout = 30_000,
): Promise<void> {
  await expect(page.getByRole('region', { name: 'Now' })).toContainText(
    statement,
    { timeout },
  );
}
