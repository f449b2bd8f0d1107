import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Refusal, registryHealth } from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { RegistriesPage } from './RegistriesPage';

jest.setTimeout(30_000);

const open = (handler?: Parameters<typeof renderPage>[2]['handler']) =>
  renderPage('registries', <RegistriesPage />, {
    at: '/model-delivery/registries',
    handler,
  });
const answering = (answer: unknown) => (request: { path: string }) =>
  request.path === '/registries' ? answer : undefined;
const card = (name: string) => screen.findByRole('region', { name });

describe('RegistriesPage', () => {
  it('says of each connection how fresh it is, how much was read, and what is wrong', async () => {
    open();
    const main = await card('mlflow://main');
    expect(within(main).getByText('Fresh')).toBeInTheDocument();
    expect(main).toHaveTextContent('4,180 versions of 312 registered models');
    expect(main).toHaveTextContent('41 models matched to it');
    expect(main).toHaveTextContent('To be registered1,310 versions still');
    expect(main).toHaveTextContent('model_version_alias.created');
    expect(
      within(main).getByRole('link', { name: /Open mlflow/ }),
    ).toHaveAttribute('href', 'https://mlflow.example.com');

    const down = await card('mlflow://research');
    expect(within(down).getByText('Not reached')).toBeInTheDocument();
    expect(within(down).getByRole('alert')).toHaveTextContent(
      /did not answer within 15 s23 failures in a row; tried again/,
    );
    expect(down).toHaveTextContent('1 delivery to be read');
    expect(down).not.toHaveTextContent('To be registered');

    const first = await card('mlflow://fraud');
    expect(within(first).getByText('First reading')).toBeInTheDocument();
    expect(first).toHaveTextContent(
      /Everything is being read for the first time: 12,300 versions in/,
    );
    expect(first).toHaveTextContent('Not set up');
    expect(
      within(first).getByRole('button', { name: 'Being read' }),
    ).toBeDisabled();
  });

  it('says of each source of models where it reads, what is wrong, and what somebody wrote otherwise', async () => {
    open();
    const main = await card('MLflow main');
    expect(within(main).getByText('Fresh')).toBeInTheDocument();
    expect(main).toHaveTextContent('MLflow registry');
    expect(main).toHaveTextContent('312 models');
    await userEvent.click(within(main).getByText('4 models written otherwise'));
    expect(
      within(main).getByRole('link', { name: 'churn' }),
    ).toBeInTheDocument();
    expect(main).toHaveTextContent(
      /catalog-info\.yaml that somebody wrote counts.*with risk low.*2 more1 that you may not see/,
    );

    const cards = await card('Model cards research');
    expect(within(cards).getByText('Not read whole')).toBeInTheDocument();
    expect(within(cards).getByRole('alert')).toHaveTextContent(
      'could not be read: 401 Bad credentials',
    );
    expect(cards).toHaveTextContent('huge/README.md is larger than 1 MiB');
  });

  it('has one read at once, once for a double click', async () => {
    const { sent } = open(({ method }) =>
      method === 'POST' ? registryHealth : undefined,
    );
    const main = await card('mlflow://main');
    await userEvent.dblClick(
      within(main).getByRole('button', { name: 'Read now' }),
    );
    await waitFor(() =>
      expect(sent().map(({ path }) => path)).toEqual([
        '/registries/mlflow/main/refreshes',
      ]),
    );
  });

  it('has no button for whoever may not', async () => {
    open(answering({ ...registryHealth, viewer: { mayRefresh: false } }));
    await card('mlflow://main');
    expect(screen.queryByRole('button', { name: 'Read now' })).toBeNull();
  });

  it('says how to connect one when there is none', async () => {
    open(({ path }) => {
      if (path === '/registries') {
        return { ...registryHealth, items: [] };
      }
      return path === '/model-sources' ? { items: [] } : undefined;
    });
    expect(
      await screen.findByText('No registry is connected'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('No source of models is configured'),
    ).toBeInTheDocument();
  });

  it.each([
    [403, 'You may not see the registries'],
    [500, /Could not load the registries/],
  ])('says so when the answer is %s', async (status, text) => {
    open(({ path }) => {
      if (path === '/registries') {
        throw new Refusal(status, 'For a reason');
      }
      return undefined;
    });
    expect(await screen.findByText(text)).toBeInTheDocument();
    expect(screen.getByText(/For a reason/)).toBeInTheDocument();
  });
});
