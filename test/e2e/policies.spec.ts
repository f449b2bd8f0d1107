import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible, signInAs } from './support/portal';

const PAGE = '/model-delivery/policies';

test.use({ actionTimeout: 30_000, viewport: { width: 1440, height: 1000 } });

test('the matrix leads to what a policy asks for, and to what differs', async ({
  page,
}) => {
  await signInAs(page, 'Model risk manager', PAGE);
  const matrix = page.getByRole('region', {
    name: 'Policies by risk and size of team',
  });
  // The demo's six, and the quick one of these tests
  await expect(matrix.getByRole('button')).toHaveCount(7);
  await matrix.getByRole('button', { name: /^low-demo/ }).click();
  await expect(page).toHaveURL(/risk=low&team=small/);
  await expect(
    page.getByRole('region', { name: 'What low-demo asks for' }),
  ).toContainText('No test fails');

  await matrix.getByRole('button', { name: /^high-demo/ }).click();
  const table = page.getByRole('region', { name: 'What high-demo asks for' });
  await expect(table.getByRole('columnheader')).toContainText([
    'To get in, a version needs',
    '1. staging',
    '2. production',
  ]);
  await expect(
    table.getByRole('row', { name: /^Approvals Team|^Approvals None/ }),
  ).toContainText('Compliance officer');
  await expect(table.getByRole('row', { name: /^Rollout/ })).toContainText(
    'Canary 5, 25, 50, 100 %',
  );

  await page.getByLabel('Compare high-demo with').selectOption('medium-demo');
  const differences = page.getByRole('region', { name: 'What differs' });
  await expect(differences).toContainText('From medium-demo');
  await expect(
    differences.getByRole('row', { name: /Noise costs at most/ }).first(),
  ).toContainText('Tightened');
  const gates = page.getByRole('region', { name: 'Gates to choose from' });
  await gates.getByRole('button', { name: 'Show them' }).click();
  await expect(
    gates.getByRole('row', { name: /^equalised-odds/ }),
  ).toContainText('below: 0.05');
  await expectAccessible(page, { include: 'main' });

  // The address is all that it takes to see the same again
  await page.reload();
  await expect(differences).toContainText('From medium-demo');
});

test('a platform engineer tries a draft on past promotions', async ({
  page,
}) => {
  await signInAs(page, 'Platform engineer', `${PAGE}?risk=high&team=small`);
  const draft = page.getByRole('region', { name: 'Try a draft' });
  const text = draft.getByLabel('Policy, in YAML');
  const policy = readFileSync(
    join(process.env.SLIPWAY_E2E_POLICIES!, 'high.yaml'),
    'utf8',
  );
  await text.fill(policy.replace('atLeast: 0.8', 'atLeast: 0.99'));
  await draft.getByRole('button', { name: 'Try on past promotions' }).click();
  await expect(draft).toContainText('it could come into force');
  await expect(draft).toContainText(
    /\d of the last \d+ promotions of such models would have had another verdict/,
  );
  await expect(
    draft.getByRole('row', { name: /v2 to production/ }).first(),
  ).toContainText('Blocked');

  await text.fill(policy.replace('{ below: 0.05', '{ below: 0.5'));
  await draft.getByRole('button', { name: 'Check only' }).click();
  await expect(
    draft.getByRole('list', { name: 'What is wrong with the draft' }),
  ).toContainText('looser');
});

test('whoever may not try drafts is not offered to', async ({ page }) => {
  await signInAs(page, 'Data scientist', PAGE);
  await expect(
    page.getByRole('region', { name: 'What high-demo asks for' }),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: 'Try a draft' })).toHaveCount(
    0,
  );
});

test('a model and a promotion lead to their policy', async ({ page }) => {
  await signInAs(page, 'Auditor', '/catalog/default/model/fraud-card-present');
  await page.getByRole('link', { name: /^comprehensive \(/ }).click();
  await expect(
    page.getByRole('region', { name: 'What high-demo asks for' }),
  ).toBeVisible();
  await page.goto('/model-delivery/promotions/1');
  await page.getByRole('link', { name: /-demo$/ }).click();
  await expect(page).toHaveURL(/policies\?.*policy=sha256/);
  await expect(
    page.getByRole('region', { name: /What .*-demo asks for/ }),
  ).toBeVisible();
});
