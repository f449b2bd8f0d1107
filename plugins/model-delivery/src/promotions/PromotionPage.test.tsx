import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { signalGroup } from '@slipway/backstage-plugin-model-delivery-common';
import {
  digestOf,
  paused,
  Refusal,
  rollingOut,
  shadowed,
} from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { PromotionPage } from './PromotionPage';

jest.setTimeout(30_000);

const open = (
  id: string,
  handler?: Parameters<typeof renderPage>[2]['handler'],
) =>
  renderPage('promotion', <PromotionPage />, {
    at: `/model-delivery/promotions/${id}`,
    handler,
  });

describe('PromotionPage', () => {
  beforeEach(() => window.sessionStorage.clear());
  it('says in one sentence what is true, and shows the statistics with their verdicts', async () => {
    open('418');
    expect(
      await screen.findByText(/Serving 25 % for 12 min/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: /Promote v14 to production/ }),
    ).toBeInTheDocument();
    const rail = screen.getByRole('list', { name: 'State of this promotion' });
    expect(
      within(rail)
        .getByText(/Rolling out 25 %/)
        .closest('li'),
    ).toHaveAttribute('aria-current', 'step');

    const table = screen.getByRole('region', {
      name: 'Table: Statistics of step 25 %',
    });
    const latency = within(table).getByRole('row', { name: /Latency/ });
    expect(latency).toHaveTextContent('Too few');
    expect(latency).toHaveTextContent('340 more samples needed');
    expect(
      within(latency).getByRole('img', {
        name: /Latency: difference \+3.1 ms/,
      }),
    ).toBeInTheDocument();
  });

  it('shows a shadow: what agrees, by which tolerance, and that it served nobody', async () => {
    open('418', ({ path }) =>
      path === '/promotions/418' ? shadowed : undefined,
    );
    const card = await screen.findByRole('region', { name: 'Shadow' });
    expect(card).toHaveTextContent('Answers that agree99.0 %at least 98.0 %');
    expect(card).toHaveTextContent('Answers compared800of 500 needed');
    expect(card).toHaveTextContent('200 copies left out');
    expect(card).toHaveTextContent('Largest difference0.02tolerance 0.01');
    expect(card).toHaveTextContent('Served by v14Nobody');
    expect(
      screen.getByRole('region', { name: 'Table: Statistics of the shadow' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Blue-green, all traffic in one switch, fails closed'),
    ).toBeInTheDocument();
  });

  it('says how a version does after full traffic, and what would bring the one before back', async () => {
    const { analysis } = rollingOut.rollout!.steps[1];
    open(rollingOut.id, ({ path }) =>
      path === `/promotions/${rollingOut.id}`
        ? {
            ...rollingOut,
            state: 'succeeded',
            rollout: {
              ...rollingOut.rollout!,
              previousKeptUntil: '2026-11-23T08:00:00Z',
              watch: {
                state: 'watching',
                since: '2026-11-21T08:00:00Z',
                until: '2026-11-23T08:00:00Z',
                windowSeconds: 1800,
                windows: 0,
                windowsPassed: 0,
                samples: 900,
                analysis,
                lookedAt: '2026-11-21T08:10:00Z',
                unseenSince: '2026-11-21T08:20:00Z',
                endedAt: null,
                endedBecause: null,
              },
            },
          }
        : undefined,
    );
    const watch = await screen.findByRole('region', {
      name: 'After full traffic',
    });
    expect(watch).toHaveTextContent(
      /every 30 min until .*: nothing is judged yet\. Errors beyond their margin bring v13 back/,
    );
    expect(watch).toHaveTextContent(/v13 is kept ready until/);
    expect(watch).toHaveTextContent(/Nothing can be measured since/);
    expect(
      within(watch).getByRole('row', { name: /Error rate/ }),
    ).toHaveTextContent('Pass');
  });

  it('leads to its policy, and says when a newer one is in force', async () => {
    const newer = { name: 'high', digest: digestOf('policy-high-newer') };
    open('418', ({ path }) =>
      path === '/promotions/418'
        ? { ...rollingOut, newerPolicy: newer }
        : undefined,
    );
    const { digest } = rollingOut.policy;
    expect(
      await screen.findByRole('link', { name: 'high-risk' }),
    ).toHaveAttribute(
      'href',
      `/model-delivery/policies?${new URLSearchParams({
        risk: 'high',
        policy: digest,
      })}`,
    );
    expect(screen.getByText(/A newer policy/)).toHaveTextContent(
      'goes by the one that it began with',
    );
    const { searchParams } = new URL(
      screen.getByRole<HTMLAnchorElement>('link', {
        name: 'see what differs',
      }).href,
    );
    expect(searchParams.get('before')).toBe(digest);
    expect(searchParams.get('after')).toBe(newer.digest);
  });

  it('is brought up to date by a signal', async () => {
    let promotion = rollingOut;
    const { signal } = open('418', ({ path }) =>
      path === '/promotions/418' ? promotion : undefined,
    );
    await screen.findByText(/Serving 25 %/);

    promotion = { ...paused, id: '418' };
    await signal({
      type: 'promotion',
      id: '418',
      models: signalGroup(rollingOut.model),
      revision: promotion.revision,
    });

    expect(await screen.findByText(/Paused at 25 %/)).toBeInTheDocument();
    expect(screen.getByText(/measures the step anew/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Resume' })).toBeInTheDocument();
  });

  it('aborts only after confirmation with a reason, with the revision that was seen', async () => {
    const user = userEvent.setup();
    const { sent } = open('418');
    await user.click(await screen.findByRole('button', { name: 'Abort…' }));

    const dialog = await screen.findByRole('dialog', {
      name: 'Abort the promotion of v14 to production?',
    });
    expect(dialog).toHaveTextContent('sends all traffic back to v13');
    const confirm = within(dialog).getByRole('button', { name: 'Abort v14' });
    expect(confirm).toBeDisabled();
    expect(sent()).toHaveLength(0);

    await user.click(within(dialog).getByRole('textbox', { name: /Reason/ }));
    await user.paste('Complaints from the branches');
    await user.dblClick(confirm);

    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(sent().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/promotions/418/transitions',
        body: {
          event: 'abort',
          revision: rollingOut.revision,
          reason: 'Complaints from the branches',
        },
      },
    ]);
    expect(await screen.findByText(/Now rolling-back/)).toBeInTheDocument();
  });

  it('keeps why one wants to abort when the page is built anew, as long as nothing moved', async () => {
    const asked = async () => {
      await userEvent.click(
        await screen.findByRole('button', { name: 'Abort…' }),
      );
      return within(await screen.findByRole('dialog')).getByRole('textbox', {
        name: /Reason/,
      });
    };
    open('418');
    await userEvent.click(await asked());
    await userEvent.paste('Complaints from the branches');

    cleanup();
    open('418', ({ path }) =>
      path === '/promotions/418' ? { ...rollingOut, share: 50 } : undefined,
    );
    expect(await asked()).toHaveValue('');

    cleanup();
    open('418');
    expect(await asked()).toHaveValue('Complaints from the branches');
    await userEvent.click(
      screen.getByRole('button', { name: 'Keep as it is' }),
    );

    cleanup();
    open('418');
    expect(await asked()).toHaveValue('');
  });

  it('sends a double click once', async () => {
    const user = userEvent.setup();
    const { sent } = open('418');
    await user.dblClick(await screen.findByRole('button', { name: 'Pause' }));
    expect(await screen.findByText(/Now paused/)).toBeInTheDocument();
    expect(sent()).toHaveLength(1);
  });

  it('tells what the state is now when somebody else was faster', async () => {
    const user = userEvent.setup();
    let isPaused = false;
    open('418', ({ path, method }) => {
      if (method === 'POST') {
        isPaused = true;
        throw new Refusal(409, 'The promotion is paused since 14:12.', {
          state: 'paused',
        });
      }
      return path === '/promotions/418' && isPaused
        ? { ...paused, id: '418' }
        : undefined;
    });
    await user.click(await screen.findByRole('button', { name: 'Pause' }));

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Not done: The promotion is paused');
    await waitFor(() => expect(alert).toHaveTextContent('now Paused'));
    expect(await screen.findByText(/Paused at 25 %/)).toBeInTheDocument();
  });

  it('rolls back after confirmation, once for one opening of the dialog', async () => {
    const user = userEvent.setup();
    const { sent } = open('418', ({ path }) =>
      path.endsWith('/rollbacks') ? rollingOut : undefined,
    );
    await user.click(
      await screen.findByRole('button', { name: 'Roll back to v13…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('textbox'));
    await user.paste('Errors');
    await user.dblClick(
      within(dialog).getByRole('button', { name: 'Roll back to v13' }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(sent().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/models/default/credit-default/rollbacks',
        body: {
          environment: 'production',
          promotion: '418',
          version: 'v13',
          reason: 'Errors',
          idempotencyKey: expect.any(String),
        },
      },
    ]);
  });

  it('offers the way back from a rollback to the version before, and not to what failed', async () => {
    const user = userEvent.setup();
    const { sent } = open('418', ({ path }) =>
      path === '/promotions/418'
        ? { ...rollingOut, kind: 'rollback', state: 'succeeded' }
        : undefined,
    );
    await user.click(await screen.findByRole('button', { name: 'Roll back…' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('All traffic goes to the version before');
    await user.click(within(dialog).getByRole('textbox'));
    await user.paste('Errors');
    await user.click(within(dialog).getByRole('button', { name: 'Roll back' }));
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0].body).toEqual({
      environment: 'production',
      promotion: '418',
      reason: 'Errors',
      idempotencyKey: expect.any(String),
    });
  });

  it('says that trouble is technical, and when it is tried again', async () => {
    open('421');
    expect(
      await screen.findByText(/did not become healthy within 60 s/),
    ).toBeInTheDocument();
    expect(screen.getByText(/not a verdict on v14/)).toHaveTextContent(
      'Tried 2 times; tried again',
    );
  });

  it('says why nothing is drawn while the metrics source does not answer', async () => {
    const missingBecause = 'The metrics source does not answer now';
    open('418', ({ path }) =>
      path === '/promotions/418/series'
        ? { bucketSeconds: 1, points: [], missingBecause }
        : undefined,
    );
    expect(await screen.findByText(`${missingBecause}.`)).toBeInTheDocument();
    expect(
      screen.queryByRole('region', { name: 'Canary against control' }),
    ).not.toBeInTheDocument();
  });

  it('says so when it is a first deployment', async () => {
    open('432');
    expect(
      await screen.findByText(/First deployment: nothing serves in production/),
    ).toBeInTheDocument();
  });

  it('lists what holds it back, with the reason', async () => {
    open('434');
    const gates = await screen.findByRole('list', {
      name: 'Gates that did not simply pass',
    });
    const [first, second] = within(gates).getAllByRole('listitem');
    expect(first).toHaveTextContent('Failed');
    expect(first).toHaveTextContent('The gap by language is 6.1 %');
    expect(second).toHaveTextContent('No evidence');
  });

  it('offers nothing that this person may not do', async () => {
    open('420');
    await screen.findByText(/v13 serves 100 % again/);
    for (const name of [/Pause/, /Abort/, /Roll back/, /Cancel/]) {
      expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
    }
  });
});
