import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';

/** Tells the time. Tests give another one, to let days pass at once. */
export interface Clock {
  now(): Date;
}

export const clockServiceRef = createServiceRef<Clock>({
  id: 'model-delivery.clock',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => ({ now: () => new Date() }),
    }),
});
