import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import { digestOf, rollingOut } from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { PromotionPage } from '../promotions/PromotionPage';

jest.setTimeout(60_000);

const promotion: Promotion = {
  ...rollingOut,
  bundle: { id: '3', name: 'Lending', promotionId: '7' },
  mayRollBack: false,
  together: {
    id: '7',
    bundle: { id: '3', name: 'Lending', digest: digestOf('lending') },
    environment: 'production',
    kind: 'promotion',
    state: 'rolling-out',
    statement: 'Rolling out: Credit default 25 %, Affordability 10 %',
    requestedBy: 'user:default/dana',
    requestedAt: '2026-11-21T09:00:00.000Z',
    note: null,
    members: [
      {
        model: 'model:default/affordability',
        modelTitle: 'Affordability',
        version: 'v7',
        digest: digestOf('v7'),
        from: 'v6',
        promotion: {
          id: '419',
          state: 'rolling-out',
          statement: 'Serving 10 %',
          share: 10,
        },
      },
      {
        model: 'model:default/prompt',
        modelTitle: 'Prompt',
        version: 'p2',
        digest: digestOf('p2'),
        from: 'p2',
        promotion: null,
      },
    ],
    mayRollBack: true,
  },
};

it('shows where each member of a bundle is, and takes all back at once', async () => {
  const { sent } = renderPage('promotion', <PromotionPage />, {
    at: '/model-delivery/promotions/418',
    handler: ({ path }) => {
      if (path === '/promotions/418') {
        return promotion;
      }
      return path === '/bundle-promotions/7/rollbacks'
        ? promotion.together
        : undefined;
    },
  });
  const card = await screen.findByRole('region', { name: 'Bundle Lending' });
  const other = within(card).getByRole('row', { name: /Affordability/ });
  expect(other).toHaveTextContent('v7v6');
  expect(other).toHaveTextContent('10 %');
  expect(
    within(card).getByRole('link', { name: 'Affordability' }),
  ).toHaveAttribute('href', '/model-delivery/promotions/419');
  expect(within(card).getByRole('row', { name: /Prompt/ })).toHaveTextContent(
    'Serves already and stays',
  );
  await userEvent.click(
    within(card).getByRole('button', { name: 'Roll the bundle back…' }),
  );
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('Affordability to v6');
  await userEvent.type(within(dialog).getByRole('textbox'), 'Wrong answers');
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Roll all back' }),
  );
  await waitFor(() => expect(sent()).toHaveLength(1));
  expect(sent()[0]).toMatchObject({
    path: '/bundle-promotions/7/rollbacks',
    body: { reason: 'Wrong answers' },
  });
});
