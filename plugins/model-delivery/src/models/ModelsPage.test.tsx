import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { signalGroup } from '@slipway/backstage-plugin-model-delivery-common';
import { models, modelPage, Refusal } from '../../dev/fixtures';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import { ModelsPage } from './ModelsPage';

// A whole page under a person's hands takes its time on a busy machine
jest.setTimeout(60_000);

const row = (name: string) =>
  screen.findByRole('row', { name: new RegExp(name) });

describe('ModelsPage', () => {
  beforeEach(() => {
    // Nothing is laid out here, so nothing can be scrolled
    jest.spyOn(window, 'scrollTo').mockImplementation();
  });
  afterEach(() => jest.restoreAllMocks());

  it('says of each model what serves, whether it is healthy and what it waits for', async () => {
    await renderModelScreen(<ModelsPage />);
    expect(
      await screen.findByRole('heading', { name: '11 models' }),
    ).toBeInTheDocument();
    const fraud = await row('fraud-card-present');
    expect(fraud).toHaveTextContent('v40 for');
    expect(fraud).toHaveTextContent('Latency118 ms, limit 100');
    expect(
      within(fraud).getByRole('link', { name: 'Approval' }),
    ).toHaveAttribute('href', '/model-delivery/promotions/432');
    expect(
      within(fraud).getByRole('img', {
        name: '7 deployments in 90 days, 1 rolled back',
      }),
    ).toBeInTheDocument();
    expect(within(fraud).getByText('Sample')).toBeInTheDocument();
    const unreleased = await row('sepsis-early-warning');
    expect(unreleased).toHaveTextContent('Nothing yet');
    expect(unreleased).toHaveTextContent('Never');
    expect(await row('credit-default')).toHaveTextContent('v14 25 %');
  });

  it('keeps search, facets and order in the address, and asks the server for them', async () => {
    const { requests } = await renderModelScreen(<ModelsPage />);
    await userEvent.click(
      await screen.findByRole('checkbox', { name: /High/ }),
    );
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search models' }),
      'clinical',
    );
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Sort' }),
      'Name',
    );
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(
        '/models?q=clinical&risk=high&sort=name',
      ),
    );
    await waitFor(() =>
      expect(screen.getAllByRole('row').slice(1)).toHaveLength(2),
    );
    const last = requests[requests.length - 1];
    expect(last.query.getAll('risk')).toEqual(['high']);
    expect(last.query.get('q')).toBe('clinical');
  });

  it('opens what an address says', async () => {
    await renderModelScreen(<ModelsPage />, {
      at: '/models?owner=group%3Adefault%2Fsupply&risk=low&nonsense=1',
    });
    await row('store-footfall');
    expect(screen.getAllByRole('row').slice(1)).toHaveLength(1);
    expect(screen.getByRole('checkbox', { name: /^Low/ })).toBeChecked();
    expect(
      await screen.findByRole('checkbox', { name: /Supply/ }),
    ).toBeChecked();
  });

  it('holds no more rows than the window shows, says how many there are, and is walked by keys', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      ...models[0],
      ref: `model:default/model-${index}`,
      name: `model-${index}`,
    }));
    const { requests } = await renderModelScreen(<ModelsPage />, {
      handler: ({ path, query }) =>
        path === '/models' ? modelPage(query, many) : undefined,
    });
    expect(await screen.findByText('All 120 shown')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Models' })).toHaveAttribute(
      'aria-rowcount',
      '121',
    );
    const rows = screen.getAllByRole('row');
    expect(rows[1]).toHaveAttribute('aria-rowindex', '2');
    expect(rows.length).toBeLessThan(50);
    act(() => screen.getByRole('link', { name: 'model-0' }).focus());
    await userEvent.keyboard('{ArrowDown}');
    expect(screen.getByRole('link', { name: 'model-1' })).toHaveFocus();
    expect(
      requests.filter(({ query }) => query.get('cursor') !== null),
    ).toEqual([]);
  });

  it('keeps columns and views of a person', async () => {
    const { unmount } = await renderModelScreen(<ModelsPage />);
    await row('credit-default');
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Health' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Versions' }));
    const headings = () =>
      screen.getAllByRole('columnheader').map(each => each.textContent);
    expect(headings()).toEqual([
      'Starred',
      'Model',
      'Owner',
      'Risk, tier',
      'In production',
      'Waiting',
      'Versions',
      'Deployed',
      'Last 90 days',
    ]);
    await userEvent.click(screen.getByRole('checkbox', { name: /^High/ }));
    await userEvent.click(
      screen.getByRole('button', { name: 'Save this view' }),
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Name' }),
      'Risky{Enter}',
    );
    expect(await screen.findByRole('link', { name: 'Risky' })).toHaveAttribute(
      'aria-current',
      'page',
    );
    unmount();

    await renderModelScreen(<ModelsPage />);
    await row('store-footfall');
    expect(headings()).toContain('Versions');
    await userEvent.click(await screen.findByRole('link', { name: 'Risky' }));
    expect(screen.getByTestId('address')).toHaveTextContent(
      '/models?risk=high',
    );
  });

  it('stars a model, and lists the starred ones', async () => {
    await renderModelScreen(<ModelsPage />);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Star credit-default' }),
    );
    expect(
      await screen.findByRole('button', { name: 'Star credit-default' }),
    ).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(
      await screen.findByRole('link', { name: 'Starred 1' }),
    );
    await row('credit-default');
    await waitFor(() =>
      expect(screen.getAllByRole('row').slice(1)).toHaveLength(1),
    );
  });

  it('reads the list again when a signal comes', async () => {
    let version = 'v13';
    const { signal } = await renderModelScreen(<ModelsPage />, {
      handler: ({ path, query }) =>
        path === '/models'
          ? modelPage(query, [
              {
                ...models[0],
                production: { version, since: '2026-11-20T00:00:00Z' },
              },
            ])
          : undefined,
    });
    expect(await row('credit-default')).toHaveTextContent('v13 for');
    expect(screen.getByText(/^Live/)).toBeInTheDocument();
    version = 'v14';
    await signal({
      type: 'model',
      models: signalGroup('model:default/credit-default'),
    });
    await waitFor(async () =>
      expect(await row('credit-default')).toHaveTextContent('v14 for'),
    );
  });

  it('says what nothing fits, and clears it', async () => {
    await renderModelScreen(<ModelsPage />, { at: '/models?q=zzz' });
    expect(await screen.findByText('No model fits')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear search and filters' }),
    );
    await row('credit-default');
  });

  it('says how the first model comes to be', async () => {
    await renderModelScreen(<ModelsPage />, {
      handler: ({ path, query }) =>
        path === '/models' ? modelPage(query, []) : undefined,
    });
    expect(await screen.findByText('No models yet')).toBeInTheDocument();
  });

  it('tells a refusal from a failure, which can be tried again', async () => {
    let refuse: Refusal | undefined = new Refusal(
      403,
      'Reading models is for members of the company',
    );
    const { unmount } = await renderModelScreen(<ModelsPage />, {
      handler: () => {
        throw refuse;
      },
    });
    expect(
      await screen.findByText('You may not see models'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Reading models is for members of the company'),
    ).toBeInTheDocument();
    unmount();

    refuse = new Refusal(503, 'The database is being moved');
    await renderModelScreen(<ModelsPage />, {
      handler: () => {
        if (refuse) {
          throw refuse;
        }
        return undefined;
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Could not load models. The database is being moved',
    );
    refuse = undefined;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await row('credit-default');
  });
});
