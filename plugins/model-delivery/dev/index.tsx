import { useEffect } from 'react';
import ReactDOM from 'react-dom/client';
// The dev app stands in for the portal, which is what loads the styles
// eslint-disable-next-line @backstage/no-ui-css-imports-in-non-frontend
import '@backstage/ui/css/styles.css';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import modelDeliveryPlugin from '../src/alpha';
import { modelDeliveryApiRef } from '../src/api';
import { answerModels, createFixtureFetch, entities } from './fixtures';

// Every page on fixtures, without a backend: `yarn start` in this folder.
const fixtureApi = ApiBlueprint.make({
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
});

const fixtureCatalog = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: catalogApiRef,
      deps: {},
      factory: () => catalogApiMock({ entities }),
    }),
});

const signInAsIyer = SignInPageBlueprint.make({
  params: {
    loader: async () =>
      function SignInAsIyer({ onSignInSuccess }) {
        useEffect(
          () =>
            onSignInSuccess({
              getProfileInfo: async () => ({ displayName: 'S. Iyer' }),
              getBackstageIdentity: async () => ({
                type: 'user',
                userEntityRef: 'user:default/s.iyer',
                ownershipEntityRefs: [
                  'user:default/s.iyer',
                  'group:default/credit-risk',
                ],
              }),
              getCredentials: async () => ({}),
              signOut: async () => {},
            }),
          [onSignInSuccess],
        );
        return null;
      },
  },
});

const app = createApp({
  features: [
    catalogPlugin,
    modelDeliveryPlugin,
    createFrontendModule({ pluginId: 'app', extensions: [signInAsIyer] }),
    createFrontendModule({
      pluginId: 'model-delivery',
      extensions: [fixtureApi],
    }),
    createFrontendModule({
      pluginId: 'catalog',
      extensions: [fixtureCatalog],
    }),
  ],
});

ReactDOM.createRoot(document.getElementById('root')!).render(app.createRoot());
