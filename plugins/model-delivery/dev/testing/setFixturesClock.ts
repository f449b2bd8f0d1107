import { NOW } from '../fixtures/moments';

/**
 * Sets the page's clock to the fixtures' now, at which it stands: what is shown of them does not depend on the day on which a test
 * runs. Timers go on.
 */
export function setFixturesClock(): void {
  jest.useFakeTimers({
    now: NOW,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'requestAnimationFrame',
      'cancelAnimationFrame',
      'requestIdleCallback',
      'cancelIdleCallback',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}
