import { act, renderHook } from '@testing-library/react';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { ModelDeliverySignal } from '@slipway/backstage-plugin-model-delivery-common';
import { ReloadOptions, useReloads } from './useReloads';

const SIGNAL: ModelDeliverySignal = {
  type: 'promotion',
  id: '418',
  models: 42,
  revision: 2,
};

/** Runs the hook on a clock of the test's own, with answers that the test gives one by one. */
function setUp(
  options: ReloadOptions<number> & { withoutSignals?: boolean } = {},
) {
  const listeners = new Set<(signal: ModelDeliverySignal) => void>();
  const signalApi = {
    subscribe: (
      _channel: string,
      listener: (signal: ModelDeliverySignal) => void,
    ) => {
      listeners.add(listener);
      return { unsubscribe: () => listeners.delete(listener) };
    },
  };
  const asked: {
    key: string;
    resolve: (n: number) => void;
    reject: (e: Error) => void;
  }[] = [];
  const hook = renderHook(
    ({ name }: { name: string }) =>
      useReloads<number>(
        name,
        () =>
          new Promise((resolve, reject) => {
            asked.push({ key: name, resolve, reject });
          }),
        options,
      ),
    {
      initialProps: { name: 'a' },
      wrapper: ({ children }) => (
        <TestApiProvider
          apis={
            (options.withoutSignals ? [] : [[signalApiRef, signalApi]]) as never
          }
        >
          {children}
        </TestApiProvider>
      ),
    },
  );
  return {
    ...hook,
    asked,
    answer: (n: number) => act(async () => asked[asked.length - 1].resolve(n)),
    fail: () =>
      act(async () => asked[asked.length - 1].reject(new Error('gone'))),
    signal: () =>
      act(async () => listeners.forEach(listener => listener(SIGNAL))),
    pass: (millis: number) =>
      act(async () => {
        await jest.advanceTimersByTimeAsync(millis);
      }),
    listeners,
  };
}

describe('useReloads', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('answers a burst of signals with one load, and keeps the last answer meanwhile', async () => {
    const { result, asked, answer, signal, pass } = setUp();
    expect(result.current).toMatchObject({ data: undefined, loading: true });
    await answer(1);
    expect(result.current).toMatchObject({
      data: 1,
      loading: false,
      status: 'live',
    });
    await signal();
    await signal();
    await signal();
    await pass(300);
    expect(asked).toHaveLength(2);
    expect(result.current).toMatchObject({ data: 1, loading: true });
    await answer(2);
    expect(result.current.data).toBe(2);
  });

  it('loads once more when a signal comes while it loads', async () => {
    const { result, asked, answer, signal, pass } = setUp();
    await signal();
    await pass(300);
    expect(asked).toHaveLength(1);
    await answer(1);
    expect(asked).toHaveLength(2);
    await answer(2);
    expect(result.current.data).toBe(2);
    await pass(1000);
    expect(asked).toHaveLength(2);
  });

  it('does not load for signals that do not concern it', async () => {
    const { asked, answer, signal, pass } = setUp({
      concerns: ({ models }) => models === 43,
    });
    await answer(1);
    await signal();
    await pass(1000);
    expect(asked).toHaveLength(1);
  });

  it('polls behind the signals, as often as what it loaded asks for', async () => {
    const { asked, answer, pass } = setUp({
      pollSeconds: data => (data > 1 ? 3 : 10),
    });
    await answer(1);
    await pass(9_900);
    expect(asked).toHaveLength(1);
    await pass(200);
    expect(asked).toHaveLength(2);
    await answer(2);
    await pass(3_100);
    expect(asked).toHaveLength(3);
  });

  it('says that it polls where there are no signals, or where they do not arrive', async () => {
    const without = setUp({ withoutSignals: true });
    await without.answer(1);
    expect(without.result.current.status).toBe('polling');
    without.unmount();

    const silent = setUp({ signalled: revision => revision });
    await silent.answer(1);
    expect(silent.result.current.status).toBe('live');
    await silent.pass(10_100);
    await silent.answer(2);
    expect(silent.result.current.status).toBe('polling');
    await silent.signal();
    await silent.pass(300);
    await silent.answer(3);
    expect(silent.result.current.status).toBe('live');
  });

  it('keeps what it had when a load fails, says that it is stale, and tries again', async () => {
    const { result, answer, fail, pass } = setUp();
    await answer(1);
    const { updatedAt } = result.current;
    await pass(10_100);
    await fail();
    expect(result.current).toMatchObject({
      data: 1,
      status: 'stale',
      updatedAt,
      error: new Error('gone'),
    });
    await pass(10_100);
    await answer(2);
    expect(result.current).toMatchObject({
      data: 2,
      status: 'live',
      error: undefined,
    });
  });

  it('forgets one key for another, and drops what comes late for the first', async () => {
    const { result, rerender, asked, answer } = setUp();
    const [first] = asked;
    rerender({ name: 'b' });
    await act(async () => first.resolve(1));
    expect(result.current.data).toBeUndefined();
    await answer(2);
    expect(result.current.data).toBe(2);
  });

  it('does not poll while nobody looks, and loads when somebody does', async () => {
    const { asked, answer, pass } = setUp();
    await answer(1);
    const visibility = jest
      .spyOn(document, 'visibilityState', 'get')
      .mockReturnValue('hidden');
    await pass(60_000);
    expect(asked).toHaveLength(1);
    visibility.mockRestore();
    await act(async () => {
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(asked).toHaveLength(2);
  });

  it('lets go of everything at the end', async () => {
    const { asked, answer, unmount, pass, listeners } = setUp();
    await answer(1);
    unmount();
    await pass(60_000);
    expect(asked).toHaveLength(1);
    expect(listeners.size).toBe(0);
  });
});
