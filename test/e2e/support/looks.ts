import { join } from 'node:path';
import { expect, Locator, Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './portal';

const WIDE = { width: 1440, height: 1000 };
const PHONE = { width: 360, height: 800 };

/** The colour of the page, by which one sees that a theme is really the other one. */
const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/**
 * Looks at a screen in light on a desk and in dark on a phone: axe finds nothing, and nothing scrolls sideways. With
 * SLIPWAY_E2E_PICTURES, a folder, it leaves pictures of both themes at both widths there.
 * @param shows - what is on it once it has loaded
 * @param part - selects what axe looks at, where the rest of the page is not Slipway's
 */
export async function lookAtScreen(
  page: Page,
  name: string,
  shows: Locator,
  part?: string,
): Promise<void> {
  const light = await background(page);
  for (const [size, colorScheme] of [
    [WIDE, 'light'],
    [WIDE, 'dark'],
    [PHONE, 'light'],
    [PHONE, 'dark'],
  ] as const) {
    const isLookedAt = (size === WIDE) === (colorScheme === 'light');
    const folder = process.env.SLIPWAY_E2E_PICTURES;
    if (!isLookedAt && !folder) {
      continue;
    }
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await expect
      .poll(async () => (await background(page)) === light)
      .toBe(colorScheme === 'light');
    await expect(shows).toBeVisible();
    if (folder) {
      await page.screenshot({
        path: join(folder, `${name}-${size.width}-${colorScheme}.png`),
        fullPage: true,
        animations: 'disabled',
      });
    }
    if (isLookedAt) {
      await expectNoSidewaysScroll(page);
      await expectAccessible(page, { include: part });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(WIDE);
  await expect(shows).toBeVisible();
}
