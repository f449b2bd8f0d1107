/**
 * Who may not approve a high-risk promotion, and why: each refusal where the person meets it. What may be decided is
 * decided once, on what was seen.
 */
import { expect, Page, test } from '@playwright/test';
import { lookAtScreen } from './support/looks';
import { expectAccessible } from './support/portal';
import {
  expectStatement,
  openAs,
  requestPromotion,
} from './support/promotions';
import { ServedModel } from './support/servedModel';

const WIDE = { viewport: { width: 1440, height: 1000 } };
const INBOX = '/model-delivery/approvals';
const TITLE = /Instalment limit v2/;
const APPROVE = 'Approve as model risk manager';
/** As in test/e2e/portal/app-config.yaml. */
const MESH_PASSWORD = 'for-the-mesh-of-the-shop';
const REASON = 'Checked the groups and the intervals';

test.use({ actionTimeout: 30_000 });

/** Chooses the promotion in the inbox of whoever looks at it. */
async function choose(page: Page): Promise<void> {
  await page.goto(INBOX);
  await page
    .getByRole('navigation', { name: 'Approvals' })
    .getByRole('button', { name: TITLE })
    .first()
    .click();
}

/** Keeps what changes at the server from the page, like a laptop that was asleep. Returns what wakes it up. */
async function freeze(page: Page): Promise<() => Promise<void>> {
  const promotion = /\/api\/model-delivery\/promotions\/\d+$/;
  await page.route(promotion, route => route.abort());
  return () => page.unroute(promotion);
}

test('a high-risk promotion is approved by nobody who may not, and by nobody twice', async ({
  browser,
  request,
}) => {
  test.setTimeout(300_000);
  const model = new ServedModel(
    request,
    'instalment-limit',
    'user:default/t.brandt',
  );
  await model.arrange(['v1', 'v2']);
  const engineer = await openAs(browser, 'ML engineer', '/', WIDE);
  await requestPromotion(engineer, {
    model: model.name,
    version: 'v2',
    environment: 'production',
  });
  await expectStatement(engineer, /Waiting for approval by/);
  const promotion = engineer.url();
  const buttons = (page: Page) =>
    page.getByRole('button', { name: /^(Approve|Reject)/ });

  await test.step('Whoever requested it has nothing to decide, and is told why', async () => {
    await expect(
      engineer.getByText('You may not decide: you requested it.'),
    ).toBeVisible();
    await expect(buttons(engineer)).toHaveCount(0);
  });

  await test.step('An administrator is not exempt', async () => {
    const administrator = await openAs(
      browser,
      'Platform engineer',
      new URL(promotion).pathname,
      WIDE,
    );
    await expectStatement(administrator, /Waiting for approval by/);
    await expect(buttons(administrator)).toHaveCount(0);
    await administrator.context().close();
  });

  await test.step('Whoever trained it holds the role, and is told why that is not enough', async () => {
    const trainer = await openAs(browser, 'Compliance officer', INBOX, WIDE);
    await choose(trainer);
    const why = trainer.getByText('You may not decide: you trained it.');
    await lookAtScreen(trainer, 'barred', why);
    await expect(buttons(trainer)).toHaveCount(0);
    await trainer.context().close();
  });

  const manager = await openAs(browser, 'Model risk manager', INBOX, WIDE);
  await choose(manager);
  const reason = manager.getByLabel('Reason, compulsory');

  await test.step('Nobody approves without a reason', async () => {
    await manager.getByRole('button', { name: APPROVE }).click();
    await expect(
      manager.getByText('Say why: it is recorded with your decision.'),
    ).toBeVisible();
    await expect(reason).toHaveAttribute('aria-invalid', 'true');
  });

  await test.step('Nobody approves what has changed since they looked', async () => {
    await reason.fill(REASON);
    const wake = await freeze(manager);
    await model.reportCoverage('v2', 0.93);
    await engineer.reload();
    await expectStatement(engineer, /Waiting for approval by/);
    await manager.getByRole('button', { name: APPROVE }).click();
    await expect(manager.getByRole('alert').first()).toContainText(
      'Not recorded.',
    );
    await wake();
    const changed = manager
      .getByRole('alert')
      .filter({ hasText: 'What you decide on has changed' });
    await expect(changed).toBeVisible();
    await expectAccessible(manager);
    await expect(changed).toContainText('Evidence: ');
    await expect(manager.getByRole('button', { name: APPROVE })).toBeDisabled();
    await changed
      .getByRole('button', { name: 'I have looked at what changed' })
      .click();
    await expect(manager.getByRole('button', { name: APPROVE })).toBeEnabled();
  });

  await test.step('Two tabs and a double click make one decision', async () => {
    const other = await manager.context().newPage();
    await choose(other);
    await other.getByLabel('Reason, compulsory').fill(REASON);
    await reason.fill(REASON);
    // Whichever is second may find no button any more
    await Promise.all(
      [manager, other].map(tab =>
        tab
          .getByRole('button', { name: APPROVE })
          .dblclick({ timeout: 10_000 })
          .catch(() => undefined),
      ),
    );
    for (const tab of [manager, other]) {
      await expect(buttons(tab)).toHaveCount(0);
    }
    await other.close();
  });

  await test.step('One of two slots is filled, and it waits for the other', async () => {
    await engineer.reload();
    await expectStatement(engineer, /1 of 2 approvals given/);
    const approvals = engineer.getByRole('region', { name: 'Approvals' });
    await expect(approvals.getByText(REASON)).toHaveCount(1);
  });
  await test.step('A cluster that asks hears no, and the page says that it asked', async () => {
    const answer = await request.post(
      '/api/model-delivery/release-hooks/flagger/mesh/confirm-rollout',
      {
        headers: {
          authorization: `Basic ${Buffer.from(`mesh:${MESH_PASSWORD}`).toString(
            'base64',
          )}`,
        },
        data: {
          name: model.name,
          namespace: 'shop',
          phase: 'Progressing',
          metadata: {
            model: `model:default/${model.name}`,
            environment: 'production',
            version: 'v2',
          },
        },
      },
    );
    expect(answer.ok()).toBe(false);
    await engineer.goto(`${model.page}/gates`);
    const asked = engineer.getByRole('region', {
      name: 'Asked by other tools',
    });
    await lookAtScreen(engineer, 'asked', asked.getByText('Flagger mesh'));
    await expect(asked).toContainText('Waits');
    await expect(asked).toContainText(/approval/i);
  });
  await test.step('Whoever requested it takes it back', async () => {
    await engineer.goto(promotion);
    await engineer.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill('Asked for to see who may not');
    await dialog.getByRole('button', { name: 'Cancel v2' }).click();
    await expectStatement(engineer, /^Cancelled/);
  });
  expect(await model.serving('production')).toBe('v1');
  for (const page of [engineer, manager]) {
    await page.context().close();
  }
});
