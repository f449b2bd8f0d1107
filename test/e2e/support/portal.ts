import { AxeBuilder } from '@axe-core/playwright';
import { Cookie, expect, Page } from '@playwright/test';

/** What the sign-in page of the demo calls the people that one can be. */
export type Persona =
  | 'Data scientist'
  | 'ML engineer'
  | 'Team lead'
  | 'Model risk manager'
  | 'Compliance officer'
  | 'Platform engineer'
  | 'Auditor'
  | 'On-call engineer'
  | 'Outsider';

/** Sessions by which the portal knows again who has signed in. */
const sessions = new Map<Persona, Cookie[]>();
const SESSION_PATH = '/api/auth/oidc';

/** Signs in from the portal's first page, and ends on `path`. */
export async function signInByHand(
  page: Page,
  persona: Persona,
  path = '/',
): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('button', { name: new RegExp(`^.. ${persona}|^${persona}`) })
    .click();
  await expectSignedIn(page);
}

/** Opens `path` as somebody: signs in, or comes back with the session of the last time, as most people do. */
export async function signInAs(
  page: Page,
  persona: Persona,
  path = '/',
): Promise<void> {
  const session = sessions.get(persona);
  if (session) {
    await page.context().addCookies(session);
    await page.goto(path);
    await expectSignedIn(page);
    return;
  }
  await signInByHand(page, persona, path);
  const cookies = await page.context().cookies();
  sessions.set(
    persona,
    cookies.filter(cookie => cookie.path === SESSION_PATH),
  );
}

async function expectSignedIn(page: Page): Promise<void> {
  await expect(
    page.getByRole('link', { name: 'Settings' }).first(),
  ).toBeVisible();
}

/** Signs out from the settings. */
export async function signOut(page: Page): Promise<void> {
  await page.goto('/settings');
  await page.getByTestId('user-settings-menu').click();
  await page.getByTestId('sign-out').click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
}

/** Backstage's own entry, whose label leaves out the number of unread notifications. */
const NOT_OURS = 'a[href="/notifications"]';

/** Looks for faults of accessibility (WCAG 2.2 AA) in the page, or in a part of it, as far as it is Slipway's own. */
export async function expectAccessible(
  page: Page,
  { include }: { include?: string } = {},
): Promise<void> {
  let axe = new AxeBuilder({ page })
    .options({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      // What is in order need not be described, which takes two fifths of the time
      resultTypes: ['violations'],
    })
    // The other way is for frames of other origins, and takes four times as long: it sends all that is in order to and fro
    .setLegacyMode();
  if (include) {
    axe = axe.include(include);
  }
  const { origin } = new URL(page.url());
  expect(
    page
      .frames()
      .map(frame => frame.url())
      .filter(url => url.startsWith('http') && !url.startsWith(origin)),
  ).toEqual([]);
  const { violations } = await axe.exclude(NOT_OURS).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`,
    ),
  ).toEqual([]);
}

/** Whether the page scrolls sideways, which it must not on a phone. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}
