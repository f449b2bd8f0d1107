/**
 * Somebody who approves goes away, hands on the role, and takes it back; the other one sees for whom they stand in.
 */
import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/portal';
import { openAs } from './support/promotions';

const INBOX = '/model-delivery/approvals';
const REASON = 'On leave until Monday';

// A button that is not there is told in half a minute, not at the end of the test
test.use({ actionTimeout: 30_000 });

test('a role is handed on, seen by both, and taken back', async ({
  browser,
}) => {
  const manager = await openAs(browser, 'Model risk manager', INBOX);
  const mine = manager.getByRole('region', { name: 'Standing in' });
  await mine.getByRole('button', { name: 'Hand on a role…' }).click();
  const dialog = manager.getByRole('dialog');
  await expect(dialog.getByLabel('Role')).toHaveText('Model risk manager');
  await dialog.getByLabel('To').fill('brandt');
  await manager.getByRole('option', { name: 'T. Brandt' }).click();
  await expectAccessible(manager);
  await dialog.getByLabel('Reason').fill(REASON);
  await dialog.getByRole('button', { name: 'Hand it on' }).click();
  await expect(mine).toContainText(
    'T. Brandt decides for you as Model risk manager',
  );
  await expect(mine).toContainText(REASON);

  const officer = await openAs(browser, 'Compliance officer', INBOX);
  const theirs = officer.getByRole('region', { name: 'Standing in' });
  await expect(theirs).toContainText('You decide for M. Okafor');
  await expectAccessible(officer);

  await mine.getByRole('button', { name: 'Take it back' }).click();
  await expect(mine).toContainText('Away for a while?');
  await officer.reload();
  await expect(theirs).not.toContainText('M. Okafor');
  await officer.context().close();
  await manager.context().close();
});
