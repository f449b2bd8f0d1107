import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import type { Deployment } from '@slipway/backstage-plugin-model-delivery-common';
import { ago, askedWaiver, deployments } from '../../dev/fixtures';
import { DeploymentsContent, GatesContent, VersionsContent } from '.';

// A whole page under a person's hands takes its time on a busy machine
jest.setTimeout(60_000);

const open = (tab: JSX.Element, model = 'credit-default') =>
  renderModelScreen(tab, { at: '/tab', model });

describe('Versions', () => {
  it('shows each version against the one in production, and its parts when it is opened', async () => {
    await open(<VersionsContent />);
    const v16 = await screen.findByRole('row', { name: /v16/ });
    await waitFor(() =>
      expect(
        within(v16).getAllByRole('img', { name: 'Better than production:' }),
      ).toHaveLength(2),
    );
    expect(v16).toHaveTextContent('0.9020.899 to 0.905');
    expect(screen.getByRole('row', { name: /v12/ })).toHaveTextContent(
      'Nowhere',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Parts and evaluations of v14' }),
    );
    expect(await screen.findByText('bureau-scores')).toBeVisible();
    expect(screen.getByText('n_estimators')).toBeVisible();
    expect(await screen.findByText(/6 measurements/)).toBeInTheDocument();
    const auc = await screen.findByRole('row', { name: /ROC AUC.*Better/ });
    expect(auc).toHaveTextContent('0.859');
    expect(screen.getByRole('link', { name: /^m-14/ })).toBeVisible();
    expect(
      await screen.findByRole('link', { name: /^1,204 traces/ }),
    ).toBeVisible();
    expect(
      screen.getByText('Parameters in the registry, where they differ'),
    ).toBeVisible();
    expect(screen.getByText('scaler')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Parts and evaluations of v12' }),
    );
    expect(await screen.findByText('Could not be read')).toBeVisible();
    expect(screen.getByText(/MLflow failed \(500\)/)).toBeVisible();
  });

  it('compares a version with any other', async () => {
    const { requests } = await open(<VersionsContent />);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Parts and evaluations of v14',
      }),
    );
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'Compare v14 with' }),
      'v12',
    );
    await waitFor(() =>
      expect(
        requests.some(
          ({ path, query }) =>
            path.endsWith('/versions/v14/changes') &&
            query.get('against') === 'v12',
        ),
      ).toBe(true),
    );
    expect(
      await screen.findByRole('region', {
        name: 'Metrics of v14 against v12',
      }),
    ).toBeInTheDocument();
  });

  it('asks for versions as the columns and filters say', async () => {
    const { requests } = await open(<VersionsContent />);
    const asked = () =>
      requests.filter(({ path }) => path.endsWith('/versions')).at(-1)!.query;
    await userEvent.click(
      await screen.findByRole('button', { name: 'ROC AUC' }),
    );
    await waitFor(() => expect(asked().get('sort')).toBe('metric:roc_auc'));
    expect(
      await screen.findByRole('columnheader', { name: 'ROC AUC' }),
    ).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(screen.getByRole('button', { name: 'Metrics' }));
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Metric' }),
      'roc_auc',
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Value' }),
      '0.85{Enter}',
    );
    await waitFor(() =>
      expect(asked().getAll('measured')).toEqual(['roc_auc>=0.85']),
    );
    expect(screen.getByText('ROC AUC ≥ 0.85')).toBeInTheDocument();
  });

  it('puts versions side by side, read against the first', async () => {
    await open(<VersionsContent />);
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Compare v14' }),
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Compare v16' }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Compare v14, v16' }),
    );
    const table = await screen.findByRole('region', {
      name: 'Versions side by side',
    });
    const auc = within(table).getAllByRole('row', { name: /^ROC AUC/ })[0];
    expect(auc).toHaveTextContent(/Better.*intervals do not overlap/);
    const all = within(table).getAllByRole('row').length;
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Only what differs' }),
    );
    expect(within(table).getAllByRole('row').length).toBeLessThan(all);
    await userEvent.click(
      within(table).getByRole('button', { name: 'Read against it' }),
    );
    expect(
      await screen.findByText('Comparison of v16, v14'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'All versions' }));
    expect(
      await screen.findByRole('checkbox', { name: 'Compare v14' }),
    ).toBeInTheDocument();
  });
});

describe('Deployments', () => {
  it('tells in words what the bars draw', async () => {
    await open(<DeploymentsContent />);
    const bars = await screen.findByRole('list', {
      name: /Deployments to production/,
    });
    const bar = within(bars).getByRole('link', { name: /v12, rolled back/ });
    expect(bar.getAttribute('href')).toMatch(/^\/model-delivery\/promotions\//);
    // What was recorded from outside leads to its row
    const [outside] = within(bars).getAllByRole('link', {
      name: /v11, superseded/,
    });
    expect(document.querySelector(outside.getAttribute('href')!)?.tagName).toBe(
      'TR',
    );
    const table = await screen.findByRole('region', {
      name: 'Table of deployments',
    });
    const rolledBack = within(table).getByRole('row', { name: /v12/ });
    expect(rolledBack).toHaveTextContent('4 h 48 min');
    expect(rolledBack).toHaveTextContent('Rolled backunplanned fix');
    const [back, recorded] = within(table).getAllByRole('row', { name: /v11/ });
    expect(back).toHaveTextContent(
      /rolled back by .*“Twice as many errors”.*v11 was approved by .*M. Okafor/,
    );
    expect(
      within(back).getByRole('link', { name: 'Evidence of v11' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/47');
    expect(
      within(back).getByRole('link', { name: 'Rollback 411' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/411');
    expect(recorded).toHaveTextContent('Not recorded');
    expect(recorded).toHaveTextContent('None, recorded from outside');
  });

  it('names in a bar by whom it was, and for whom who stood in approved', async () => {
    await open(<DeploymentsContent />);
    const bars = await screen.findByRole('list', {
      name: /Deployments to production/,
    });
    expect(
      within(bars).getByRole('link', {
        name: /^v13, .*, requested by S. Iyer, approved by M. Okafor for T. Brandt$/,
      }),
    ).toBeInTheDocument();
    expect(
      within(bars).getByRole('link', {
        name: /^v11, serving|^v11, .*rolled back to by S. Iyer/,
      }),
    ).toBeInTheDocument();
    expect(
      within(bars).getByRole('link', {
        name: /^v11, .*not recorded by whom, without approval$/,
      }),
    ).toBeInTheDocument();
  });

  it('draws incidents at the deployment that caused them, and counts those without one', async () => {
    await open(<DeploymentsContent />);
    const bars = await screen.findByRole('list', {
      name: /Deployments to production/,
    });
    expect(
      await within(bars).findByText(
        /^Incident of v12, .*: Applications refused in error, resolved/,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('1 incident of this period is linked to no deployment'),
    ).toBeInTheDocument();
  });

  it('draws all of the chosen period, however many deployments there were, and says where it stops', async () => {
    const [one] = deployments;
    const many = (of: number, from: number): Deployment[] =>
      Array.from({ length: of }, (_, i) => ({
        ...one,
        id: `many-${from + i}`,
        version: `v${1000 - from - i}`,
        environment: 'production',
        startedAt: ago(from + i, 'h'),
        endedAt: ago(from + i - 1, 'h'),
        outcome: 'superseded',
      }));
    const asked: URLSearchParams[] = [];
    let pages = 3;
    const { requests } = await renderModelScreen(<DeploymentsContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ path, query }) => {
        if (!path.endsWith('/deployments')) {
          return undefined;
        }
        if (!query.has('since')) {
          return { items: many(100, 1), nextCursor: '1' };
        }
        asked.push(query);
        const page = Number(query.get('cursor') ?? 0);
        return {
          items: many(10, 1 + page * 10),
          ...(page + 1 < pages && { nextCursor: String(page + 1) }),
        };
      },
    });
    const bars = await screen.findByRole('list', {
      name: 'Deployments to production in 7 days',
    });
    await waitFor(() =>
      expect(within(bars).getAllByRole('listitem')).toHaveLength(30),
    );
    expect(screen.queryByText(/is left out/)).not.toBeInTheDocument();
    pages = 9;
    await userEvent.click(screen.getByRole('button', { name: '1 year' }));
    expect(
      await screen.findByText(/Only the latest 50 deployments of this period/),
    ).toHaveTextContent('is left out. Choose a shorter period');
    const since = Date.parse(asked[asked.length - 1].get('since')!);
    expect((Date.now() - since) / 86_400_000).toBeCloseTo(365, 0);
    expect(requests.filter(each => each.query.has('since'))).toHaveLength(8);
  });

  it('answers what served at a moment, and says when nothing did', async () => {
    await open(<DeploymentsContent />);
    const moment = await screen.findByLabelText('Moment, your time');
    fireEvent.change(moment, { target: { value: ago(60, 'd').slice(0, 16) } });
    expect(
      await screen.findByText(
        (_, element) =>
          element?.getAttribute('role') === 'status' &&
          /^v11, approved by M. Okafor, T. Brandt/.test(
            element.textContent ?? '',
          ),
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'this evidence of v11' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/47');
    fireEvent.change(moment, { target: { value: '2020-01-01T00:00' } });
    expect(
      await screen.findByText('Nothing served in production then'),
    ).toBeInTheDocument();
  });

  it('says of a new model that nothing was deployed', async () => {
    await open(<DeploymentsContent />, 'sepsis-early-warning');
    expect(
      await screen.findByText('Nothing was ever deployed'),
    ).toBeInTheDocument();
  });
});

describe('Gates', () => {
  it('explains a verdict, and returns by Escape to where it was opened', async () => {
    await open(<GatesContent />);
    const cell = await screen.findByRole('button', {
      name: 'Failed: Fairness gap under 5 %, v16',
    });
    await userEvent.click(cell);
    const panel = screen.getByRole('region', {
      name: 'Fairness gap under 5 %, v16',
    });
    expect(panel).toHaveTextContent('it has to be below 0.05');
    expect(panel).toHaveTextContent('candidate.metrics.fairness_gap < 0.05');
    expect(panel).toHaveTextContent('0.0610 (0.0430 to 0.0790)');
    expect(panel).toHaveTextContent('Fresh');
    await userEvent.keyboard('{Escape}');
    expect(
      screen.queryByRole('region', { name: 'Fairness gap under 5 %, v16' }),
    ).not.toBeInTheDocument();
    expect(cell).toHaveFocus();
  });

  it('tells what other tools asked and were answered', async () => {
    await open(<GatesContent />);
    const table = await screen.findByRole('region', {
      name: 'Table of what other tools asked',
    });
    expect(
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map(each => each.textContent),
    ).toEqual([
      expect.stringContaining(
        'GitHub acmerun 42 of acme/creditv16productionWaitsv16 to production waits',
      ),
      expect.stringContaining(
        'GitLab acmemerge request acme/credit!4Not known yetstagingNot deliveredNobody decided within 7 d.GitLab answered 404',
      ),
      expect.stringContaining(
        'Flagger meshconfirm-promotion of the canary ml/creditv14productionAllowed',
      ),
    ]);
  });

  it('leaves only what blocks the newest version', async () => {
    await open(<GatesContent />);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Blocking v16 2' }),
    );
    expect(
      within(screen.getByRole('region', { name: 'Gates by version' }))
        .getAllByRole('rowheader')
        .map(each => each.textContent),
    ).toEqual(['Fairness gap under 5 %', 'Robustness and invariance']);
  });

  it('asks for another environment', async () => {
    const { requests } = await open(<GatesContent />);
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'For' }),
      'staging',
    );
    await waitFor(() =>
      expect(requests[requests.length - 1].query.get('environment')).toBe(
        'staging',
      ),
    );
  });

  it('asks those whom the policy names to waive what blocks', async () => {
    const { requests } = await open(<GatesContent />);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Failed: Fairness gap under 5 %, v16',
      }),
    );
    const panel = await screen.findByRole('region', { name: 'Waiver' });
    expect(panel).toHaveTextContent(
      'Model risk manager may let v16 through to production all the same, for 7 d at most',
    );
    await userEvent.click(
      await within(panel).findByRole('button', { name: 'Ask for a waiver…' }),
    );
    const dialog = screen.getByRole('dialog');
    const confirm = within(dialog).getByRole('button', {
      name: 'Ask for the waiver',
    });
    const reason = within(dialog).getByRole('textbox', { name: /Reason/ });
    await userEvent.type(reason, 'Too short');
    expect(confirm).toBeDisabled();
    await userEvent.type(reason, ', now long enough');
    await userEvent.click(confirm);
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    const sent = requests.find(
      ({ method, path }) => method === 'POST' && path.endsWith('/waivers'),
    );
    expect(sent?.body).toMatchObject({
      version: 'v16',
      environment: 'production',
      gate: 'fairness',
      reason: 'Too short, now long enough',
    });
  });

  it('lets who may decide on a waiver see what it is about, and decide', async () => {
    const { requests } = await renderModelScreen(<GatesContent />, {
      at: '/tab?environment=production&gate=fairness&version=v16',
      model: 'credit-default',
      handler: ({ method, path }) => {
        if (path.endsWith('/waivers/4/decisions')) {
          return { ...askedWaiver, state: 'granted' };
        }
        return method === 'GET' && path.endsWith('/waivers')
          ? { items: [askedWaiver] }
          : undefined;
      },
    });
    const panel = await screen.findByRole('region', { name: 'Waiver' });
    expect(panel).toHaveTextContent('The gap is in a group of 40 people');
    await userEvent.click(
      within(panel).getByRole('button', {
        name: 'Waive as model risk manager…',
      }),
    );
    const dialog = screen.getByRole('dialog');
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'Small group, and it is watched',
    );
    await userEvent.dblClick(
      within(dialog).getByRole('button', {
        name: 'Waive as model risk manager',
      }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    const sent = requests.filter(({ path }) => path.endsWith('/decisions'));
    expect(sent.map(({ body }) => body)).toEqual([
      {
        decision: 'grant',
        role: 'model-risk-manager',
        reason: 'Small group, and it is watched',
        subjectDigest: askedWaiver.subjectDigest,
      },
    ]);
  });

  it('says why a waiver does not count, and lets one ask for another beside it', async () => {
    const notCounted = 'It does not count, since they trained it';
    const granted = {
      ...askedWaiver,
      state: 'granted',
      notCounted,
      viewer: { roles: [], barredBecause: null, mayEnd: false },
    };
    let items: object[] = [granted];
    await renderModelScreen(<GatesContent />, {
      at: '/tab?environment=production&gate=fairness&version=v16',
      model: 'credit-default',
      handler: ({ method, path }) => {
        if (!path.endsWith('/waivers')) {
          return undefined;
        }
        if (method === 'POST') {
          items = [{ ...askedWaiver, id: '5' }, granted];
          return items[0];
        }
        return { items };
      },
    });
    const panel = await screen.findByRole('region', { name: 'Waiver' });
    expect(panel).toHaveTextContent(`${notCounted}.`);
    await userEvent.click(
      within(panel).getByRole('button', { name: 'Ask for a waiver…' }),
    );
    await userEvent.type(
      within(screen.getByRole('dialog')).getByRole('textbox', {
        name: /Reason/,
      }),
      'Somebody else has to look',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Ask for the waiver' }),
    );
    await waitFor(() =>
      expect(panel).toHaveTextContent('Waits for Model risk manager'),
    );
    expect(panel).toHaveTextContent(`${notCounted}.`);
    expect(
      within(panel).queryByRole('button', { name: 'Ask for a waiver…' }),
    ).not.toBeInTheDocument();
  });

  it('says what fills an empty matrix', async () => {
    await open(<GatesContent />, 'sepsis-early-warning');
    expect(await screen.findByText('No versions yet')).toBeInTheDocument();
  });
});
