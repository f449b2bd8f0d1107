import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { OutsideChange } from '@slipway/backstage-plugin-model-delivery-common';
import { ago, creditDefault } from '../../dev/fixtures';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import { OverviewContent } from '../modelPage';

jest.setTimeout(60_000);

const change: OutsideChange = {
  id: '5',
  model: 'model:default/credit-default',
  environment: 'production',
  kind: 'traffic',
  state: 'open',
  statement: 'v12 serves in production, where v13 should',
  alias: null,
  expected: [{ version: 'v13', share: 100 }],
  found: [{ version: 'v12', share: 100 }],
  firstSeenAt: ago(4, 'min'),
  raisedAt: ago(3, 'min'),
  closed: null,
  revert: null,
  promotionId: null,
};

const open = (shown: OutsideChange) =>
  renderModelScreen(<OverviewContent />, {
    at: '/tab',
    model: 'credit-default',
    handler: ({ method, path }) => {
      if (method === 'POST') {
        return shown;
      }
      return path.endsWith('/models/default/credit-default')
        ? { ...creditDefault, outsideChanges: [shown] }
        : undefined;
    },
  });

describe('What was changed without Slipway', () => {
  it('is set back with a reason, or adopted by a promotion', async () => {
    const { sent } = await open(change);
    expect(
      await screen.findByText(`Changed without Slipway: ${change.statement}`),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Adopt it by a promotion' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Set it back…' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Set production back to v13?',
    });
    await userEvent.type(
      within(dialog).getByLabelText(/Reason/),
      'Nobody agreed to that',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Set it back' }),
    );
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent().map(({ path }) => path.split('/').slice(-2))).toEqual([
      ['5', 'adopt'],
      ['5', 'revert'],
    ]);
  });

  it('says what is under way', async () => {
    await open({
      ...change,
      promotionId: '9',
      revert: {
        by: 'user:default/d.sorensen',
        reason: 'Nobody agreed to that',
        error: 'the target does not answer',
      },
    });
    expect(
      await screen.findByRole('link', { name: 'Promotion 9' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/It failed: the target does not answer/),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Adopt it by a promotion' }),
    ).toBeNull();
  });
});
