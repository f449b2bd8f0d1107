import { expect, test } from '@playwright/test';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  signInByHand,
  signOut,
} from './support/portal';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 360]) {
    test(`signing in works in ${colorScheme}, ${width} pixels wide`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
      });
      const page = await context.newPage();

      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);

      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(
        page.getByRole('heading', { name: 'Who are you today?' }),
      ).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);

      await page.getByRole('button', { name: 'Model risk manager' }).click();
      await expect(page).toHaveURL(/\/models$/);
      await context.close();
    });
  }
}

test('one stays signed in over a reload, and signs out to become somebody else', async ({
  page,
}) => {
  await signInByHand(page, 'ML engineer', '/settings');
  await page.reload();
  await expect(page.getByText('s.iyer@harbour.example')).toBeVisible();

  await signOut(page);
  await signInByHand(page, 'Auditor', '/settings');
  await expect(page.getByText('r.castellano@harbour.example')).toBeVisible();
});

test('cancelling leads back, and says so', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Cancel and go back' }).click();

  await expect(page.getByRole('alert')).toContainText(
    'Signing in did not work',
  );
  await page.reload();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the address with another name of this machine leads to the same portal', async ({
  page,
  baseURL,
}) => {
  const other = new URL(baseURL!);
  other.hostname = 'localhost';
  await page.goto(`${other.origin}/catalog`);
  await expect(page).toHaveURL(new RegExp(`^${baseURL}/catalog`));
});

test('whoever holds no role sees no model', async ({ page }) => {
  await signInByHand(page, 'Outsider', '/catalog');
  const answer = await page.request.get('/api/model-delivery/models');
  expect(answer.status()).toBe(401);
  await expect(page.getByText('fraud-card-present')).toHaveCount(0);
});
