import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  breakGlassPreview,
  creditDefault,
  emergency,
  modelPage,
  Refusal,
} from '../../dev/fixtures';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import { renderPage } from '../../dev/testing/renderPage';
import { ApprovalsPage } from '../approvals/ApprovalsPage';
import { ModelHeader } from '../modelPage/ModelHeader';
import { ModelsPage } from '../models/ModelsPage';
import { PromotionPage } from '../promotions/PromotionPage';

// A whole page under a person's hands takes its time on a busy machine
jest.setTimeout(60_000);

const reason = 'Every answer is an error';
const mayBreak = {
  ...creditDefault,
  viewer: {
    mayRequestPromotion: false,
    mayRollBack: true,
    mayBreakGlassIn: ['production'],
  },
};

/** The model's page of somebody who may break the glass. */
const openModel = (
  more: { preview?: object; viewer?: object; post?: () => never } = {},
) =>
  renderModelScreen(<ModelHeader tabs={[]} />, {
    at: '/overview',
    model: 'credit-default',
    handler: ({ path, method }) => {
      if (method === 'POST') {
        return more.post?.();
      }
      if (path.endsWith('/break-glass')) {
        return { ...breakGlassPreview, ...more.preview };
      }
      return path === '/models/default/credit-default'
        ? { ...mayBreak, viewer: { ...mayBreak.viewer, ...more.viewer } }
        : undefined;
    },
  });

const openDialog = async () => {
  await userEvent.click(
    await screen.findByRole('button', { name: 'Emergency (break-glass)…' }),
  );
  return screen.findByRole('dialog', {
    name: 'Break the glass for credit-default',
  });
};

describe('Breaking the glass', () => {
  it('shows exactly what it goes past, and is done once, with a reason', async () => {
    const { sent } = await openModel();
    const dialog = await openDialog();
    const list = await within(dialog).findByRole('list', {
      name: /^What v\d+ goes past$/,
    });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      'Approval1 approval by Model risk manager',
      'GateThe fairness gap is below 5 %: failed',
      'Environment beforeA verified deployment in staging',
      'Stepwise rolloutThe canary at 5, 25, 50 and 100 %',
    ]);
    expect(dialog).toHaveTextContent(
      'right after promotion 418, which moves traffic there now and is not stopped',
    );
    expect(dialog).toHaveTextContent(
      'a compliance officer has to review it within',
    );

    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'Version' }),
      'v15',
    );
    const confirm = await within(dialog).findByRole('button', {
      name: 'Put v15 into production now',
    });
    const field = within(dialog).getByRole('textbox', { name: /Reason/ });
    await userEvent.type(field, 'too short');
    expect(confirm).toBeDisabled();
    await userEvent.clear(field);
    await userEvent.type(field, reason);
    await waitFor(() => expect(confirm).toBeEnabled());
    await userEvent.dblClick(confirm);

    expect(await screen.findByText('The promotion’s page')).toBeInTheDocument();
    expect(sent().map(each => each.body)).toEqual([
      {
        model: 'model:default/credit-default',
        version: 'v15',
        environment: 'production',
        reason: 'unplanned-fix',
        breakGlass: { reason },
        idempotencyKey: expect.any(String),
      },
    ]);
  });

  it('is not possible where even an emergency may not, and says why', async () => {
    await openModel({
      preview: { refusedBecause: 'v16 already serves in production' },
    });
    const dialog = await openDialog();
    expect(
      await within(dialog).findByText(/v16 already serves in production/),
    ).toBeInTheDocument();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      reason,
    );
    expect(
      within(dialog).getByRole('button', { name: /into production now/ }),
    ).toBeDisabled();
  });

  it('shows what the server refuses', async () => {
    await openModel({
      post: () => {
        throw new Refusal(409, 'Promotion 418 already takes v16 there');
      },
    });
    const dialog = await openDialog();
    await userEvent.type(
      await within(dialog).findByRole('textbox', { name: /Reason/ }),
      reason,
    );
    const confirm = within(dialog).getByRole('button', {
      name: /into production now/,
    });
    await waitFor(() => expect(confirm).toBeEnabled());
    await userEvent.click(confirm);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Promotion 418 already takes v16 there',
    );
  });

  it('is a way out of the request dialog, with the version picked there', async () => {
    await openModel({ viewer: { mayRequestPromotion: true } });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Request a promotion…' }),
    );
    const request = await screen.findByRole('dialog', {
      name: 'Request a promotion of credit-default',
    });
    await userEvent.selectOptions(
      await within(request).findByRole('combobox', { name: 'Version' }),
      'v15',
    );
    await userEvent.click(
      within(request).getByRole('button', { name: 'Emergency (break-glass)…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Break the glass for credit-default',
    });
    expect(
      await within(dialog).findByRole('combobox', { name: 'Version' }),
    ).toHaveValue('v15');
  });

  it('is offered to nobody else', async () => {
    await openModel({
      viewer: { mayRequestPromotion: true, mayBreakGlassIn: [] },
    });
    await screen.findByRole('button', { name: 'Request a promotion…' });
    expect(
      screen.queryByRole('button', { name: /break-glass/ }),
    ).not.toBeInTheDocument();
  });
});

describe('An emergency promotion', () => {
  beforeEach(() => window.sessionStorage.clear());
  const open = (more: object = {}) =>
    renderPage('promotion', <PromotionPage />, {
      at: '/model-delivery/promotions/440',
      handler: ({ path }) =>
        path === '/promotions/440' && Object.keys(more).length > 0
          ? { ...emergency, ...more }
          : undefined,
    });
  const notice = () =>
    screen.findByRole('region', { name: 'Emergency promotion' });

  it('says who, why, what was gone past, and by when it has to be reviewed', async () => {
    open();
    const region = await notice();
    expect(region).toHaveTextContent('broke the glass as on-call engineer');
    expect(region).toHaveTextContent('since the bureau changed its format');
    expect(region).toHaveTextContent('The fairness gap is below 5 %: failed');
    expect(region).toHaveTextContent('Review due');
    expect(region).toHaveTextContent('to be reviewed by a compliance officer,');
    // Saturday, at the time of its request plus what the policy gives
    expect(
      within(region).getByTitle(/2026-11-21 11:12:06 UTC/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/An emergency goes past approvals/),
    ).toBeInTheDocument();
  });

  it('is reviewed once, with an outcome and a reason', async () => {
    const { sent } = open();
    const form = await screen.findByRole('form', { name: 'Your review' });
    const send = within(form).getByRole('button', {
      name: 'Record the review',
    });
    expect(send).toBeDisabled();
    await userEvent.click(
      within(form).getByRole('radio', { name: 'Unjustified' }),
    );
    await userEvent.type(
      within(form).getByRole('textbox', { name: /Reason/ }),
      'A rollback would have done',
    );
    await userEvent.dblClick(send);
    await waitFor(() =>
      expect(
        screen.queryByRole('form', { name: 'Your review' }),
      ).not.toBeInTheDocument(),
    );
    const region = await notice();
    expect(region).toHaveTextContent('Reviewed');
    expect(region).toHaveTextContent('Unjustified by');
    expect(region).toHaveTextContent('“A rollback would have done”');
    expect(sent().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/promotions/440/review',
        body: { outcome: 'unjustified', reason: 'A rollback would have done' },
      },
    ]);
  });

  it('keeps what the reviewer wrote when the page is built anew', async () => {
    open();
    const form = () => screen.findByRole('form', { name: 'Your review' });
    await userEvent.click(
      within(await form()).getByRole('radio', { name: 'Unjustified' }),
    );
    await userEvent.click(
      within(await form()).getByRole('textbox', { name: /Reason/ }),
    );
    await userEvent.paste('A rollback would have done');
    cleanup();
    open();
    const kept = within(await form()).getByRole('radio', {
      name: 'Unjustified',
    });
    await waitFor(() => expect(kept).toBeChecked());
    expect(
      within(await form()).getByRole('textbox', { name: /Reason/ }),
    ).toHaveValue('A rollback would have done');
  });

  it('says so when its review is overdue, and why one may not give it', async () => {
    open({
      breakGlass: { ...emergency.breakGlass, overdue: true },
      review: { mayReview: false, barredBecause: 'You requested it' },
    });
    const region = await notice();
    expect(region).toHaveTextContent('Review overdue');
    expect(region).toHaveTextContent(
      'You may not review it: you requested it.',
    );
    expect(
      screen.queryByRole('form', { name: 'Your review' }),
    ).not.toBeInTheDocument();
  });

  it('is in the inbox of whoever has to review it, until it is reviewed', async () => {
    renderPage('approvals', <ApprovalsPage />, {
      at: '/model-delivery/approvals?selected=440',
    });
    const nav = await screen.findByRole('navigation', { name: 'Approvals' });
    expect(
      await within(nav).findByRole('heading', {
        name: 'Emergencies to review 1',
      }),
    ).toBeInTheDocument();
    const form = await screen.findByRole('form', { name: 'Your review' });
    await userEvent.click(
      within(form).getByRole('radio', { name: 'Justified' }),
    );
    await userEvent.type(
      within(form).getByRole('textbox', { name: /Reason/ }),
      'The outage was real',
    );
    await userEvent.click(
      within(form).getByRole('button', { name: 'Record the review' }),
    );
    await waitFor(() =>
      expect(
        within(nav).queryByRole('heading', { name: /Emergencies/ }),
      ).not.toBeInTheDocument(),
    );
  });

  it('marks its model in the list until it is reviewed', async () => {
    await renderModelScreen(<ModelsPage />, {
      handler: ({ path, query }) => {
        if (path !== '/models') {
          return undefined;
        }
        const page = modelPage(query);
        return {
          ...page,
          items: page.items.map(each =>
            each.name === 'credit-default'
              ? {
                  ...each,
                  reviewDue: {
                    promotionId: '440',
                    reviewBy: emergency.breakGlass!.reviewBy,
                    overdue: true,
                  },
                }
              : each,
          ),
        };
      },
    });
    const row = await screen.findByRole('row', { name: /credit-default/ });
    expect(
      within(row).getByRole('link', { name: 'Review overdue' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/440');
    expect(
      screen.getAllByRole('link', { name: 'Review overdue' }),
    ).toHaveLength(1);
  });
});
