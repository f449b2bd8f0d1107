import { configure, screen, within } from '@testing-library/react';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { answerModels, createFixtureFetch, entities } from '../dev/fixtures';
import modelDeliveryPlugin from './alpha';
import { modelDeliveryApiRef } from './api';

// A whole app takes its time to come up on a busy machine
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

const fixtures = [
  createFrontendModule({
    pluginId: 'model-delivery',
    extensions: [
      ApiBlueprint.make({
        params: defineParams =>
          defineParams({
            api: modelDeliveryApiRef,
            deps: {},
            factory: () =>
              createModelDeliveryClient({
                baseUrl: 'http://fixtures.invalid/api/model-delivery',
                fetch: createFixtureFetch(answerModels),
              }),
          }),
      }),
    ],
  }),
  createFrontendModule({
    pluginId: 'catalog',
    extensions: [
      ApiBlueprint.make({
        params: defineParams =>
          defineParams({
            api: catalogApiRef,
            deps: {},
            factory: () => catalogApiMock({ entities }),
          }),
      }),
    ],
  }),
];

const open = (address: string) =>
  renderTestApp({
    features: [catalogPlugin, modelDeliveryPlugin, ...fixtures],
    initialRouteEntries: [address],
  });

describe('the plugin in an app', () => {
  it('has its pages in the navigation, but not the page of one promotion', async () => {
    open('/models');
    expect(
      await screen.findByRole('heading', { name: '11 models' }),
    ).toBeInTheDocument();
    const navigation = screen.getAllByRole('navigation')[0];
    expect(
      within(navigation).getByRole('link', { name: 'Models' }),
    ).toHaveAttribute('href', '/models');
    expect(
      within(navigation).getByRole('link', { name: 'Approvals' }),
    ).toHaveAttribute('href', '/model-delivery/approvals');
    expect(
      within(navigation).getByRole('link', { name: 'Delivery metrics' }),
    ).toHaveAttribute('href', '/model-delivery/metrics');
    expect(
      within(navigation).getByRole('link', { name: 'Policies' }),
    ).toHaveAttribute('href', '/model-delivery/policies');
    expect(
      within(navigation).getByRole('link', { name: 'Registries' }),
    ).toHaveAttribute('href', '/model-delivery/registries');
    expect(
      within(navigation).queryByRole('link', { name: 'Promotions' }),
    ).not.toBeInTheDocument();
    expect(
      await within(navigation).findByTitle('3 wait for you'),
    ).toBeInTheDocument();
  });

  it('is the default content of a model’s entity page, with its tabs', async () => {
    open('/catalog/default/model/credit-default');
    expect(
      await screen.findByRole('heading', { name: 'Credit default risk' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('list', { name: 'Environments' }),
    ).toBeInTheDocument();
    ['Overview', 'Versions', 'Deployments', 'Gates', 'Model card'].forEach(
      tab =>
        expect(screen.getByRole('link', { name: tab })).toBeInTheDocument(),
    );
  });
});
