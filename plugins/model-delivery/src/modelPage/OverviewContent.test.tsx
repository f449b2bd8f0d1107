import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { signalGroup } from '@slipway/backstage-plugin-model-delivery-common';
import { creditDefault, Refusal, rollingOut } from '../../dev/fixtures';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import { ModelHeader } from './ModelHeader';
import { OverviewContent } from './OverviewContent';

// A whole page under a person's hands takes its time on a busy machine
jest.setTimeout(60_000);

const open = (
  options: Parameters<typeof renderModelScreen>[1] = {},
  tabs: Parameters<typeof ModelHeader>[0]['tabs'] = [],
) =>
  renderModelScreen(
    <>
      <ModelHeader tabs={tabs} />
      <OverviewContent />
    </>,
    { at: '/overview', model: 'credit-default', ...options },
  );

describe('A model’s overview', () => {
  it('says what serves in each environment, since when and who approved it', async () => {
    await open();
    const environments = await screen.findByRole('list', {
      name: 'Environments',
    });
    const cards = within(environments).getAllByRole('listitem');
    expect(
      cards.map(card => within(card).getByRole('heading').textContent),
    ).toEqual(['development', 'staging', 'production']);
    expect(cards[2]).toHaveTextContent('v13');
    await waitFor(() =>
      expect(cards[2]).toHaveTextContent('approved by M. Okafor for T. Brandt'),
    );
    expect(cards[2]).toHaveTextContent('v13 75 %, v14 25 %');
    expect(cards[2]).toHaveTextContent('v13 ready to return');
  });

  it('answers first what data scientist, manager and whoever is on call ask', async () => {
    await open();
    const [next, production, waiting, health] = within(
      await screen.findByLabelText('At a glance'),
    ).getAllByRole('definition');
    await waitFor(() =>
      expect(next).toHaveTextContent(
        'v14Behind v13 in 1 of 4 measures, ahead in 1',
      ),
    );
    await waitFor(() => expect(next).toHaveTextContent(/let it through/));
    expect(production).toHaveTextContent(/v13 for .*High risk/);
    expect(waiting).toHaveTextContent('Judgement');
    expect(health).toHaveTextContent('Way back: v13, ready to return');
  });

  it('shows the open promotion, the evaluation, the runs, and what the model is for', async () => {
    await open();
    const promotion = await screen.findByRole('region', {
      name: 'Open promotion: v14 to production',
    });
    expect(
      within(promotion).getByRole('link', { name: 'Open the promotion' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/418');
    const evaluation = await screen.findByRole('region', {
      name: 'Evaluation: v14 against v13 in production',
    });
    const auc = await within(evaluation).findByRole('row', { name: /ROC AUC/ });
    expect(auc).toHaveTextContent('Better');
    const runs = screen.getByRole('region', { name: 'Latest pipeline runs' });
    expect(
      await within(runs).findByRole('row', { name: /8792/ }),
    ).toHaveTextContent('Refusedevaluation: Fairness gap 6.1 %');
    expect(within(runs).getByRole('row', { name: /8791/ })).toHaveTextContent(
      'Error',
    );
    expect(
      screen.getByText(/Rank new loan applications by probability/),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Existing customers, business loans'),
    ).toBeInTheDocument();
  });

  it('offers what one may do with the open promotion, asked as on its own page', async () => {
    const { sent } = await open({
      handler: ({ method, path }) =>
        method === 'GET' && path === '/promotions/418'
          ? {
              ...rollingOut,
              allowedEvents: ['pause', 'skip', 'abort'],
              mayRollBack: true,
            }
          : undefined,
    });
    const card = await screen.findByRole('region', {
      name: 'Open promotion: v14 to production',
    });
    for (const name of ['Pause', 'Abort…', 'Roll back to v13…']) {
      expect(
        await within(card).findByRole('button', { name }),
      ).toBeInTheDocument();
    }
    await userEvent.click(
      within(card).getByRole('button', { name: 'Skip step…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Skip step in the promotion of v14 to production?',
    });
    expect(dialog).toHaveTextContent(
      'Leaves the rest of the step of 25 % out and moves 50 % of the traffic to v14. The step counts as skipped, never as passed; the last step is always judged.',
    );
    const confirm = within(dialog).getByRole('button', { name: 'Skip step' });
    expect(confirm).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'Seen enough',
    );
    await userEvent.dblClick(confirm);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(sent().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/promotions/418/transitions',
        body: {
          event: 'skip',
          revision: rollingOut.revision,
          reason: 'Seen enough',
        },
      },
    ]);
  });

  it('asks for a promotion once, however often one clicks, and opens it', async () => {
    const { sent } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Request a promotion…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Request a promotion of credit-default',
    });
    await userEvent.selectOptions(
      await within(dialog).findByRole('combobox', { name: 'Version' }),
      'v15',
    );
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'Into' }),
      'production',
    );
    await userEvent.click(
      within(dialog).getByRole('radio', { name: /Unplanned fix/ }),
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Note for the approvers' }),
      'Repairs the age bins',
    );
    expect(
      await within(dialog).findByText('Model risk manager, Compliance officer'),
    ).toBeInTheDocument();
    expect(within(dialog).getByText('5 → 25 → 50 → 100 %')).toBeInTheDocument();
    await userEvent.dblClick(
      within(dialog).getByRole('button', { name: 'Request v15 to production' }),
    );
    expect(await screen.findByText('The promotion’s page')).toBeInTheDocument();
    expect(screen.getByTestId('address')).toHaveTextContent(
      `/model-delivery/promotions/${rollingOut.id}`,
    );
    expect(sent()).toHaveLength(1);
    expect(sent()[0].body).toEqual({
      model: 'model:default/credit-default',
      version: 'v15',
      environment: 'production',
      reason: 'unplanned-fix',
      note: 'Repairs the age bins',
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('shows what the server refuses, and keeps the key when it is sent again', async () => {
    const { sent } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Request a promotion…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.selectOptions(
      await within(dialog).findByRole('combobox', { name: 'Into' }),
      'production',
    );
    const request = within(dialog).getByRole('button', {
      name: 'Request v16 to production',
    });
    await userEvent.click(request);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'The promotion was not requested. v16 has not been verified in staging',
    );
    await userEvent.click(request);
    await waitFor(() => expect(sent()).toHaveLength(2));
    const keys = sent().map(
      ({ body }) => (body as { idempotencyKey: string }).idempotencyKey,
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it('rolls back only with a reason, after saying what that means', async () => {
    const { sent } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back production…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Roll production back to v13?',
    });
    expect(dialog).toHaveTextContent(
      'v13 takes all of production’s traffic at once, without approval, and v14 stops serving',
    );
    const confirm = within(dialog).getByRole('button', {
      name: 'Roll back to v13',
    });
    expect(confirm).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'Answers are too slow',
    );
    await userEvent.dblClick(confirm);
    expect(await screen.findByText('The promotion’s page')).toBeInTheDocument();
    expect(sent()).toHaveLength(1);
    expect(sent()[0].body).toMatchObject({
      environment: 'production',
      version: 'v13',
      reason: 'Answers are too slow',
    });
  });

  it('rolls back to another version that served well, told how soon it could', async () => {
    const { sent } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back production…' }),
    );
    const dialog = await screen.findByRole('dialog');
    const choice = within(dialog).getByRole('combobox', {
      name: 'Version to return to',
    });
    expect(choice).toHaveValue('v13');
    expect(
      within(choice)
        .getAllByRole('option')
        .map(option => option.textContent),
    ).toEqual([
      'v13, the version before · ready now · serves now',
      expect.stringMatching(/^v11 · started first · served until /),
    ]);
    await userEvent.selectOptions(choice, 'v11');
    expect(dialog).toHaveTextContent(
      'v11 takes all of production’s traffic at once, without approval, and v13 and v14 stop serving',
    );
    expect(dialog).toHaveTextContent(
      'The server of v11 is not running and is started first',
    );
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'v13 is wrong too',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Roll back to v11' }),
    );
    expect(await screen.findByText('The promotion’s page')).toBeInTheDocument();
    expect(sent()[0].body).toMatchObject({
      environment: 'production',
      version: 'v11',
      reason: 'v13 is wrong too',
    });
  });

  it('offers neither to those who may not', async () => {
    await open({
      handler: ({ path }) => {
        if (path === '/promotions/418') {
          return { ...rollingOut, allowedEvents: [], mayRollBack: false };
        }
        return path === '/models/default/credit-default'
          ? {
              ...creditDefault,
              viewer: {
                mayRequestPromotion: false,
                mayRollBack: false,
                mayBreakGlassIn: [],
              },
            }
          : undefined;
      },
    });
    await screen.findByRole('list', { name: 'Environments' });
    expect(
      screen.queryByRole('button', { name: /Request a promotion/ }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Roll back/ }),
    ).not.toBeInTheDocument();
  });

  it('says of a new model what will fill its page', async () => {
    await open({ model: 'sepsis-early-warning' });
    const environments = await screen.findByRole('list', {
      name: 'Environments',
    });
    expect(
      within(environments).getAllByText('Nothing serves here yet'),
    ).toHaveLength(3);
    expect(await screen.findByText('Nothing measured yet')).toBeInTheDocument();
    expect(await screen.findByText('No runs yet')).toBeInTheDocument();
  });

  it('keeps what it had when the server is gone, and says since when', async () => {
    let gone = false;
    const { signal } = await open({
      handler: () => {
        if (gone) {
          throw new Refusal(503, 'Gone');
        }
        return undefined;
      },
    });
    await screen.findByRole('list', { name: 'Environments' });
    gone = true;
    await signal({
      type: 'model',
      models: signalGroup('model:default/credit-default'),
    });
    expect(await screen.findByText(/^Stale since/)).toBeInTheDocument();
    expect(
      screen.getByRole('list', { name: 'Environments' }),
    ).toBeInTheDocument();
  });
});
