import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  digestOf,
  olderHighDigest,
  policies,
  policyStatus,
  Refusal,
} from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { PoliciesPage } from './PoliciesPage';

jest.setTimeout(30_000);

const open = (
  search = '',
  handler?: Parameters<typeof renderPage>[2]['handler'],
) =>
  renderPage('policies', <PoliciesPage />, {
    at: `/model-delivery/policies${search}`,
    handler,
  });

const asked = (name: string) =>
  screen.findByRole('region', { name: `What ${name} asks for` });

describe('PoliciesPage', () => {
  it('shows which policy is in force for which models, and what the chosen one asks for', async () => {
    open('?risk=high&team=large');
    const matrix = await screen.findByRole('region', {
      name: 'Policies by risk and size of team',
    });
    expect(within(matrix).getAllByRole('button')).toHaveLength(4);
    expect(
      within(matrix).getByRole('button', { pressed: true }),
    ).toHaveTextContent('high-large');
    expect(
      within(matrix).getByRole('button', { name: /^medium/ }),
    ).toHaveTextContent('teams of any size');

    const table = await asked('high-large');
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(header => header.textContent),
    ).toEqual([
      'To get in, a version needs',
      '1. development',
      '2. staging',
      '3. production',
      'Gates',
      'Approvals, rollout and exceptions',
      'In every environment',
    ]);
    const cells = (name: RegExp) =>
      within(within(table).getByRole('row', { name }))
        .getAllByRole('cell')
        .map(cell => cell.textContent);
    expect(cells(/fairness gap/)).toEqual(['Not asked', 'Blocks', 'Blocks']);
    expect(cells(/Tests cover/)).toEqual(['Not asked', 'Warns', 'Warns']);
    expect(cells(/^When data/)).toEqual([
      expect.stringMatching(/revoked.*faultyData: revoke-possible$/),
    ]);
    expect(cells(/^Soak/)).toEqual(['None', 'None', '1 d in staging']);
    expect(cells(/^Freeze windows/)[2]).toBe(
      'Weekendfri 16:00 to mon 07:00, Europe/Zurich',
    );
    expect(cells(/^Break-glass/)[2]).toMatch(
      /On-call engineer.*reviewed by Model risk manager within 1 d/,
    );
    expect(cells(/^Rollout/)[2]).toContain(
      '5 % for 40 min, at least 1,000 requests',
    );
    expect(cells(/^Rollout/)[2]).toContain(
      'Error rate: at most 0.5 points worse',
    );
    expect(
      within(table).getByText('candidate.metrics.fairness_gap < 0.05'),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'high' })).toHaveAttribute(
      'href',
      '/model-delivery/policies?risk=high&team=small',
    );
  });

  it('keeps the chosen cell in the address, and asks for the history of just that', async () => {
    const { requests } = open();
    // Without a choice in the address it is the strictest for small teams
    await asked('high');
    await userEvent.click(await screen.findByRole('button', { name: /^low/ }));
    await asked('low');
    expect(await screen.findByText('No history yet')).toBeInTheDocument();
    await waitFor(() =>
      expect(
        requests.some(
          ({ path, query }) =>
            path === '/policies/history' &&
            query.get('risk') === 'low' &&
            query.get('teamSize') === 'small',
        ),
      ).toBe(true),
    );
  });

  it('lists the gates that a policy may refer to, once they are asked for', async () => {
    const { requests } = open('?risk=high&team=large');
    const card = await screen.findByRole('region', {
      name: 'Gates to choose from',
    });
    expect(requests.map(({ path }) => path)).not.toContain('/gate-kinds');
    await userEvent.click(
      within(card).getByRole('button', { name: 'Show them', expanded: false }),
    );
    const row = await within(card).findByRole('row', {
      name: /^equalised-odds/,
    });
    expect(
      within(row)
        .getAllByRole('cell')
        .map(cell => cell.textContent),
    ).toEqual([
      'Protected groups are judged right and wrong equally often, within {below}',
      'below: 0.05Difference between groups from which on it fails',
      'candidate.metrics.equalized_odds_differenceAs Fairlearn computes itAt most 30 d old',
    ]);
    const added = within(card).getByRole('row', { name: /^surely-below/ });
    expect(added).toHaveTextContent('From a module');
    expect(added).toHaveTextContent('has to be given');
    await userEvent.click(
      within(card).getByRole('button', { name: 'Hide them', expanded: true }),
    );
    expect(within(card).queryByRole('table')).not.toBeInTheDocument();
  });

  it('says in words what a policy changed from the one before', async () => {
    const { requests } = open('?risk=high&team=small');
    await userEvent.click(
      await screen.findByRole('button', { name: 'What changed' }),
    );
    const card = await screen.findByRole('region', { name: 'What differs' });
    expect(
      await within(card).findByText('1 tightened, 1 loosened, 1 changed'),
    ).toBeInTheDocument();
    const row = (name: RegExp) => within(card).getByRole('row', { name });
    expect(row(/fairness gap/)).toHaveTextContent(/< 0.08.*< 0.05.*Tightened/);
    expect(row(/^Soak/)).toHaveTextContent('24hNot askedLoosened');
    const compared = requests.find(({ path }) => path === '/policies/compare');
    expect(compared?.query.get('before')).toBe(olderHighDigest);
    expect(compared?.query.get('after')).toBe(digestOf('policy-high'));

    await userEvent.click(
      within(card).getByRole('button', { name: 'Close the comparison' }),
    );
    expect(
      screen.queryByRole('region', { name: 'What differs' }),
    ).not.toBeInTheDocument();
  });

  it('compares a policy with another one in force', async () => {
    const { requests } = open('?risk=high&team=small');
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'Compare high with' }),
      'medium',
    );
    await screen.findByRole('region', { name: 'What differs' });
    const compared = requests.find(({ path }) => path === '/policies/compare');
    expect(compared?.query.get('before')).toBe(digestOf('policy-medium'));
  });

  it('leads from a policy that is not in force any more to the one in its place', async () => {
    open(`?risk=high&policy=${encodeURIComponent(olderHighDigest)}`);
    expect(
      await screen.findByText(/is not in force any more/),
    ).toBeInTheDocument();
    await asked('high');
    expect(
      await screen.findByText('1 tightened, 1 loosened, 1 changed'),
    ).toBeInTheDocument();
  });

  it('says why newer files are not in force', async () => {
    open('', ({ path }) =>
      path === '/policies'
        ? {
            items: policies,
            status: {
              ...policyStatus,
              problems: [
                {
                  file: 'high.yaml',
                  path: 'spec.gates[2].when',
                  message: 'is looser than before',
                },
              ],
            },
            viewer: { mayTry: false },
          }
        : undefined,
    );
    const notice = await screen.findByRole('alert');
    expect(notice).toHaveTextContent(
      'What is in ./policies now is not in force',
    );
    expect(notice).toHaveTextContent(
      'high.yaml: spec.gates[2].when is looser than before',
    );
    expect(
      screen.queryByRole('region', { name: 'Try a draft' }),
    ).not.toBeInTheDocument();
  });

  it('tries a draft on past promotions, page by page', async () => {
    const { sent } = open('?risk=high&team=large');
    const card = await screen.findByRole('region', { name: 'Try a draft' });
    const attempt = within(card).getByRole('button', {
      name: 'Try on past promotions',
    });
    expect(attempt).toBeDisabled();
    await userEvent.click(
      within(card).getByRole('button', {
        name: 'Begin with one that builds on high-large',
      }),
    );
    await userEvent.dblClick(attempt);

    expect(
      await within(card).findByText(
        '1 of the last 50 promotions of such models would have had another verdict.',
      ),
    ).toBeInTheDocument();
    expect(
      within(card).getByText('Nothing is wrong: it could come into force'),
    ).toBeInTheDocument();
    const row = within(card).getByRole('row', { name: /v13 to production/ });
    expect(row).toHaveTextContent('Blockedbefore: let through');
    expect(row).toHaveTextContent('at least 0.85 is asked for');
    expect(
      within(row).getByRole('link', { name: 'v13 to production' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/411');

    await userEvent.click(
      within(card).getByRole('button', { name: 'Look at earlier promotions' }),
    );
    expect(
      await within(card).findByText(/1 of the last 62 promotions.*all\./),
    ).toBeInTheDocument();
    expect(sent().map(({ query }) => query.get('cursor'))).toEqual([
      null,
      'earlier',
    ]);
    expect((sent()[0].body as { yaml: string }).yaml).toContain(
      'extends: built-in/high-large',
    );
  });

  it('says by path what is wrong with a draft, and forgets it when the draft changes', async () => {
    open('?risk=high&team=small');
    const text = await screen.findByLabelText('Policy, in YAML');
    await userEvent.type(text, 'nonsense');
    await userEvent.click(screen.getByRole('button', { name: 'Check only' }));
    expect(
      await screen.findByRole('list', { name: 'What is wrong with the draft' }),
    ).toHaveTextContent('spec.gates[0].when is not a condition');
    await userEvent.type(text, ' more');
    expect(
      screen.queryByRole('list', { name: 'What is wrong with the draft' }),
    ).not.toBeInTheDocument();
  });

  it('says what may not be seen, and what could not be loaded', async () => {
    open('', () => {
      throw new Refusal(403, 'You lack the permission');
    });
    expect(
      await screen.findByText('You may not see the policies'),
    ).toBeInTheDocument();
  });
});
