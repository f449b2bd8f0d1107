import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, configure } from '@testing-library/react';
import {
  createModelDeliveryClient,
  ModelDeliverySignal,
} from '@slipway/backstage-plugin-model-delivery-common';
import { modelDeliveryApiRef } from '../../src/api';
import {
  approvalsRouteRef,
  metricsRouteRef,
  modelsRouteRef,
  policiesRouteRef,
  promotionRouteRef,
  registriesRouteRef,
} from '../../src/routes';
import { createFixtureFetch, FixtureHandler, SeenRequest } from '../fixtures';
import { setFixturesClock } from './setFixturesClock';

// Whole pages take their time on a busy machine; what they wait for arrives or does not, never a little late.
configure({ asyncUtilTimeout: 8000 });

/** Paths of the pages, as both frontend systems mount them. */
const PATHS = {
  promotion: '/model-delivery/promotions/:id',
  approvals: '/model-delivery/approvals',
  metrics: '/model-delivery/metrics',
  policies: '/model-delivery/policies',
  registries: '/model-delivery/registries',
};

/**
 * Renders a page as T. Brandt, compliance officer, sees it, on the fixtures.
 * @param options - `at` is the address to open; `handler` may answer requests before the fixtures do;
 *   `user` looks at it instead of T. Brandt
 * @returns what was asked of the server so far, and how to send a signal
 */
export function renderPage(
  page: keyof typeof PATHS,
  element: JSX.Element,
  options: { at: string; handler?: FixtureHandler; user?: string },
) {
  setFixturesClock();
  const requests: SeenRequest[] = [];
  const listeners = new Set<(signal: ModelDeliverySignal) => void>();
  const client = createModelDeliveryClient({
    baseUrl: 'http://fixtures.invalid/api/model-delivery',
    fetch: createFixtureFetch(request => {
      requests.push(request);
      return options.handler?.(request);
    }),
  });
  const signals = {
    subscribe: (
      _channel: string,
      onMessage: (signal: ModelDeliverySignal) => void,
    ) => {
      listeners.add(onMessage);
      return { unsubscribe: () => listeners.delete(onMessage) };
    },
  };
  renderInTestApp(element, {
    mountPath: PATHS[page],
    initialRouteEntries: [options.at],
    mountedRoutes: {
      '/models': modelsRouteRef,
      [PATHS.promotion]: promotionRouteRef,
      [PATHS.approvals]: approvalsRouteRef,
      [PATHS.metrics]: metricsRouteRef,
      [PATHS.policies]: policiesRouteRef,
      [PATHS.registries]: registriesRouteRef,
      '/catalog/:namespace/:kind/:name': entityRouteRef,
    } as never,
    apis: [
      [modelDeliveryApiRef, client],
      [signalApiRef, signals],
      mockApis.identity({
        userEntityRef: options.user ?? 'user:default/t.brandt',
      }),
    ] as never,
  });
  return {
    /** Requests that changed something, in order. */
    sent: () => requests.filter(request => request.method !== 'GET'),
    requests,
    signal: (message: ModelDeliverySignal) =>
      act(async () => listeners.forEach(listener => listener(message))),
  };
}
