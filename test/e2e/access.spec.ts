import { expect, Page, test } from '@playwright/test';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  signInAs,
} from './support/portal';

const MODEL = '/catalog/default/model/fraud-card-present';

/** Each screen with what is on it once it has loaded. */
const SCREENS: readonly { path: string; shows: string }[] = [
  { path: '/models', shows: 'demand-forecast-fresh' },
  { path: MODEL, shows: 'staging' },
  { path: `${MODEL}/versions`, shows: 'Card transactions' },
  { path: `${MODEL}/deployments`, shows: 'Superseded' },
  { path: `${MODEL}/gates`, shows: 'The fairness gap is below 5 %' },
  { path: '/model-delivery/approvals', shows: 'Waiting for you' },
  { path: '/model-delivery/metrics', shows: 'Change failure rate' },
  { path: '/model-delivery/policies', shows: 'The fairness gap is below 5 %' },
  { path: '/model-delivery/promotions/1', shows: 'took over all traffic' },
];

const SCHEMES = ['light', 'dark'] as const;

/** The colour of the page, by which one sees that a theme is really the other one. */
const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const width of [1440, 360]) {
  test(`every screen can be used by everybody in light and dark, ${width} pixels wide`, async ({
    browser,
  }) => {
    test.setTimeout(10 * 60_000);
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    await signInAs(page, 'Model risk manager', '/models');
    await page.setViewportSize({ width, height: 900 });
    for (const { path, shows } of SCREENS) {
      await test.step(path, async () => {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(path);
        await expect(
          // Charts say the same to who does not see them
          page
            .getByText(shows, { exact: false })
            .filter({ visible: true })
            .first(),
        ).toBeVisible();
        const backgrounds = new Set<string>();
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          await expect
            .poll(async () => backgrounds.has(await background(page)))
            .toBe(false);
          backgrounds.add(await background(page));
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
        }
      });
    }
    await context.close();
  });
}

test('whoever holds no role sees nothing, and is told why', async ({
  page,
}) => {
  await signInAs(page, 'Outsider', '/models');
  const others = [
    `${MODEL}/card`,
    `${MODEL}/lineage`,
    '/model-delivery/registries',
    '/search?query=fraud&types[]=model-card',
  ];
  for (const path of [...SCREENS.map(each => each.path), ...others]) {
    await page.goto(path);
    // Backstage's own search has an article in place of a main part
    await expect(
      page.getByRole('main').or(page.getByRole('article')).first(),
    ).toBeVisible();
    await page.waitForLoadState('networkidle');
    // The address itself may be repeated; nothing that the portal knows of it
    await expect(page.getByText('Card-present fraud')).toHaveCount(0);
    await expect(page.getByText('demand-forecast-fresh')).toHaveCount(0);
    await expect(page.getByText('A. Novak')).toHaveCount(0);
    await expect(
      page.getByRole('button', { name: 'Request a promotion…' }),
    ).toHaveCount(0);
  }
  await page.goto('/models');
  await expect(
    page.getByText(/permission|may not|not allowed/i).first(),
  ).toBeVisible();
});

test('an auditor reads everything and can change nothing', async ({ page }) => {
  await signInAs(page, 'Auditor', MODEL);
  await expect(page.getByRole('list', { name: 'Environments' })).toBeVisible();
  await expect(
    page.getByRole('button', { name: /Request a promotion|Roll back/ }),
  ).toHaveCount(0);
  await page.goto('/model-delivery/promotions/1');
  await expect(page.getByText('took over all traffic').first()).toBeVisible();
  await expect(
    page.getByRole('button', { name: /Approve|Reject|Abort|Roll back/ }),
  ).toHaveCount(0);
});
