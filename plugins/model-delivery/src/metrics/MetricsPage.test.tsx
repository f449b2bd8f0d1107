import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { report } from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { MetricsPage } from './MetricsPage';

jest.setTimeout(30_000);

const open = (
  search = '',
  handler?: Parameters<typeof renderPage>[2]['handler'],
) =>
  renderPage('metrics', <MetricsPage />, {
    at: `/model-delivery/metrics${search}`,
    handler,
  });

describe('MetricsPage', () => {
  it('shows a measure with target, sample and coverage', async () => {
    open();
    const tile = await screen.findByRole('region', {
      name: 'Change failure rate',
    });
    expect(tile).toHaveTextContent('6.2 %');
    expect(tile).toHaveTextContent('Misses target');
    expect(tile).toHaveTextContent('target under 5 %');
    expect(tile).toHaveTextContent('26 of 418 deployments');
    expect(tile).toHaveTextContent('coverage 96 %');
    expect(
      within(tile).getByRole('img', { name: /Over 12 weeks from 9.7/ }),
    ).toBeInTheDocument();
  });

  it('says "No data" and what would fill it, and never draws it as zero', async () => {
    open();
    const tile = await screen.findByRole('region', { name: 'Rework rate' });
    expect(tile).toHaveTextContent('No data');
    expect(tile).toHaveTextContent('Give the reason when asking');
    expect(within(tile).queryByRole('img')).not.toBeInTheDocument();
    expect(tile).not.toHaveTextContent('0.0 %');
  });

  it('tells "none" from "no data" when nothing failed', async () => {
    open('', ({ path }) =>
      path === '/metrics'
        ? {
            ...report,
            measures: report.measures.map(measure => {
              if (measure.id === 'change-failure-rate') {
                return { ...measure, value: 0, count: 0 };
              }
              return measure.id === 'recovery-time'
                ? { ...measure, value: null, sampleSize: 0, p90: null }
                : measure;
            }),
          }
        : undefined,
    );
    const tile = await screen.findByRole('region', { name: 'Recovery time' });
    expect(tile).toHaveTextContent('None');
    expect(tile).toHaveTextContent('nothing to recover from');
    expect(tile).not.toHaveTextContent('No data');
  });

  it('takes the filter from the address and asks the server for just that', async () => {
    const user = userEvent.setup();
    const { requests } = open(
      '?from=2026-08-24&to=2026-11-16&owner=group%3Adefault%2Fsupply',
    );
    await screen.findByRole('region', { name: 'Lead time' });
    const asked = requests.find(request => request.path === '/metrics')!;
    expect(asked.query.get('from')).toBe('2026-08-24T00:00:00Z');
    expect(asked.query.getAll('owner')).toEqual(['group:default/supply']);

    await user.selectOptions(screen.getByLabelText('Risk'), 'high');
    await waitFor(() =>
      expect(
        requests.some(
          request =>
            request.path === '/metrics' &&
            request.query.get('risk') === 'high' &&
            request.query.get('owner') === 'group:default/supply',
        ),
      ).toBe(true),
    );
  });

  it('opens the events behind a number, with the way to each promotion', async () => {
    const user = userEvent.setup();
    const { requests } = open();
    const tile = await screen.findByRole('region', { name: 'Lead time' });
    await user.click(
      within(tile).getByRole('button', { name: /See the events/ }),
    );

    const drawer = await screen.findByRole('dialog', { name: 'Lead time' });
    const links = await within(drawer).findAllByRole('link', {
      name: 'Promotion 418',
    });
    expect(links[0]).toHaveAttribute('href', '/model-delivery/promotions/418');
    expect(
      requests
        .find(request => request.path === '/metrics/events')!
        .query.get('measure'),
    ).toBe('lead-time');
    expect(drawer).toHaveTextContent('These are all 6 events.');
  });

  it('groups by model, and a team narrows the page to it', async () => {
    const user = userEvent.setup();
    const { requests } = open();
    await user.click(await screen.findByRole('button', { name: 'Supply' }));
    await waitFor(() =>
      expect(
        requests.some(
          request =>
            request.path === '/metrics/groups' &&
            request.query.get('by') === 'model' &&
            request.query.get('owner') === 'group:default/supply',
        ),
      ).toBe(true),
    );
    expect(screen.getByLabelText('Team')).toHaveValue('group:default/supply');
  });

  it('refuses a period that is too long before asking the server', async () => {
    const { requests } = open('?from=2024-01-01&to=2026-11-16');
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'A period has at most 370 days.',
    );
    expect(requests.some(request => request.path === '/metrics')).toBe(false);
  });
});
