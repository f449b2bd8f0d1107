import { ReactNode } from 'react';
import { Route, Routes, useLocation } from 'react-router-dom';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  defaultEntityPresentation,
  entityPresentationApiRef,
  EntityProvider,
  entityRouteRef,
  MockStarredEntitiesApi,
  starredEntitiesApiRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, configure } from '@testing-library/react';
import {
  createModelDeliveryClient,
  ModelDeliverySignal,
} from '@slipway/backstage-plugin-model-delivery-common';
import { modelDeliveryApiRef } from '../../src/api';
import {
  modelsRouteRef,
  policiesRouteRef,
  promotionRouteRef,
  registriesRouteRef,
} from '../../src/routes';
import {
  answerModels,
  createFixtureFetch,
  entities,
  FixtureHandler,
  SeenRequest,
} from '../fixtures';
import { setFixturesClock } from './setFixturesClock';

// Pages load in several steps, and machines that test are busy
configure({ asyncUtilTimeout: 10_000 });

/**
 * Renders the list of models, or a tab of a model's page, as S. Iyer of credit risk sees it, on the fixtures.
 * @param options - `model` is the one whose page the tab is on; `handler` may answer requests before the fixtures do
 * @returns what was asked of the server so far, and how to send a signal
 */
export async function renderModelScreen(
  screen: ReactNode,
  options: {
    at?: string;
    model?: string;
    handler?: FixtureHandler;
  } = {},
) {
  const { at = '/models', model, handler } = options;
  setFixturesClock();
  const requests: SeenRequest[] = [];
  const listeners = new Set<(signal: ModelDeliverySignal) => void>();
  const client = createModelDeliveryClient({
    baseUrl: 'http://fixtures.invalid/api/model-delivery',
    fetch: createFixtureFetch(async request => {
      requests.push(request);
      return (await handler?.(request)) ?? answerModels(request);
    }),
  });
  const view = renderInTestApp(
    <>
      <Address />
      <Routes>
        <Route
          path="/model-delivery/promotions/:id"
          element={<p>The promotion’s page</p>}
        />
        <Route path="*" element={<OnEntity name={model}>{screen}</OnEntity>} />
      </Routes>
    </>,
    {
      initialRouteEntries: [at],
      mountedRoutes: {
        '/models': modelsRouteRef,
        '/model-delivery/promotions/:id': promotionRouteRef,
        '/model-delivery/policies': policiesRouteRef,
        '/model-delivery/registries': registriesRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      } as never,
      apis: [
        [modelDeliveryApiRef, client],
        [catalogApiRef, catalogApiMock({ entities })],
        [entityPresentationApiRef, { forEntity: presentationOf }],
        [starredEntitiesApiRef, new MockStarredEntitiesApi()],
        [
          signalApiRef,
          {
            subscribe: (
              _channel: string,
              onMessage: (signal: ModelDeliverySignal) => void,
            ) => {
              listeners.add(onMessage);
              return { unsubscribe: () => listeners.delete(onMessage) };
            },
          },
        ],
        mockApis.identity({
          userEntityRef: 'user:default/s.iyer',
          ownershipEntityRefs: ['group:default/credit-risk'],
        }),
      ] as never,
    },
  );
  await view.findByTestId('address');
  return {
    unmount: () => view.unmount(),
    /** Requests that changed something, in order. */
    sent: () => requests.filter(request => request.method !== 'GET'),
    requests,
    signal: (message: ModelDeliverySignal) =>
      act(async () => listeners.forEach(listener => listener(message))),
  };
}

function OnEntity(props: { name?: string; children: ReactNode }) {
  const entity = entities.find(
    (each: Entity) =>
      each.kind === 'Model' && each.metadata.name === props.name,
  );
  return entity ? (
    <EntityProvider entity={entity}>{props.children}</EntityProvider>
  ) : (
    <>{props.children}</>
  );
}

/** Names as the catalog has them. */
function presentationOf(entityOrRef: Entity | string) {
  const entity = entities.find(
    each =>
      typeof entityOrRef === 'string' &&
      stringifyEntityRef(each) === entityOrRef,
  );
  const snapshot = defaultEntityPresentation(entity ?? entityOrRef);
  return { snapshot, promise: Promise.resolve(snapshot) };
}

/** Shows the address, which is part of what a page promises. */
function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}
