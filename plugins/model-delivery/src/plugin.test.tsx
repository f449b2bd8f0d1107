import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import {
  CatalogEntityPage,
  CatalogIndexPage,
  catalogPlugin,
  EntityLayout,
  EntitySwitch,
  isKind,
} from '@backstage/plugin-catalog';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { configure, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { Route } from 'react-router-dom';
import { answerModels, createFixtureFetch, entities } from '../dev/fixtures';
import {
  ApprovalsPage,
  EntityModelCardContent,
  EntityModelDeploymentsContent,
  EntityModelGatesContent,
  EntityModelLineageContent,
  EntityModelOverviewContent,
  EntityModelVersionsContent,
  MetricsPage,
  modelDeliveryApiRef,
  modelDeliveryPlugin,
  ModelsPage,
  PoliciesPage,
  PromotionPage,
  RegistriesPage,
} from './index';

// A whole app takes its time to come up on a busy machine
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

const modelPage = (
  <EntityLayout>
    <EntityLayout.Route path="/" title="Overview">
      <EntityModelOverviewContent />
    </EntityLayout.Route>
    <EntityLayout.Route path="/lineage" title="Lineage">
      <EntityModelLineageContent />
    </EntityLayout.Route>
    <EntityLayout.Route path="/versions" title="Versions">
      <EntityModelVersionsContent />
    </EntityLayout.Route>
    <EntityLayout.Route path="/deployments" title="Deployments">
      <EntityModelDeploymentsContent />
    </EntityLayout.Route>
    <EntityLayout.Route path="/gates" title="Gates">
      <EntityModelGatesContent />
    </EntityLayout.Route>
    <EntityLayout.Route path="/card" title="Model card">
      <EntityModelCardContent />
    </EntityLayout.Route>
  </EntityLayout>
);

const routes = (
  <FlatRoutes>
    <Route path="/models" element={<ModelsPage />} />
    <Route path="/model-delivery/promotions/:id" element={<PromotionPage />} />
    <Route path="/model-delivery/approvals" element={<ApprovalsPage />} />
    <Route path="/model-delivery/metrics" element={<MetricsPage />} />
    <Route path="/model-delivery/policies" element={<PoliciesPage />} />
    <Route path="/model-delivery/registries" element={<RegistriesPage />} />
    <Route path="/catalog" element={<CatalogIndexPage />} />
    <Route
      path="/catalog/:namespace/:kind/:name"
      element={<CatalogEntityPage />}
    >
      <EntitySwitch>
        <EntitySwitch.Case if={isKind('model')} children={modelPage} />
      </EntitySwitch>
    </Route>
  </FlatRoutes>
);

/** An app of the old frontend system, set up as the README says, at an address. */
function open(address: string) {
  window.history.replaceState({}, '', address);
  const app = createApp({
    plugins: [catalogPlugin, modelDeliveryPlugin],
    configLoader: async () => [
      {
        context: 'test',
        data: {
          app: { baseUrl: 'http://localhost' },
          backend: { baseUrl: 'http://localhost' },
        },
      },
    ],
    apis: [
      {
        api: modelDeliveryApiRef,
        deps: {},
        factory: () =>
          createModelDeliveryClient({
            baseUrl: 'http://fixtures.invalid/api/model-delivery',
            fetch: createFixtureFetch(answerModels),
          }),
      },
      {
        api: catalogApiRef,
        deps: {},
        factory: () => catalogApiMock({ entities }),
      },
    ],
  });
  const Root = app.createRoot(<AppRouter>{routes}</AppRouter>);
  return render(<Root />);
}

describe('the plugin in an app of the old frontend system', () => {
  it.each([
    ['/models', '11 models'],
    ['/model-delivery/promotions/418', /Promote v14 to production/],
    ['/model-delivery/approvals', 'Approvals'],
    ['/model-delivery/metrics', 'Delivery metrics'],
    ['/model-delivery/policies', 'Policies'],
    ['/model-delivery/registries', 'Registries'],
  ])('shows the page %s', async (address, heading) => {
    open(address);
    expect(
      await screen.findByRole('heading', { name: heading }),
    ).toBeInTheDocument();
  });

  it('shows the overview and the tabs of a model', async () => {
    open('/catalog/default/model/credit-default');
    expect(
      await screen.findByRole('list', { name: 'Environments' }),
    ).toBeInTheDocument();
    for (const [tab, shown] of [
      ['Versions', 'v13'],
      ['Deployments', 'What served at …'],
      ['Gates', 'Accuracy near training'],
    ]) {
      await userEvent.click(screen.getByRole('tab', { name: tab }));
      expect((await screen.findAllByText(shown))[0]).toBeInTheDocument();
    }
  });
});
