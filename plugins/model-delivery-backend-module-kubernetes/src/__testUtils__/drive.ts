import { startWorld, versionOf } from './startWorld';

/** What is deployed in these tests. */
export const target = {
  model: 'model:default/churn',
  environment: 'production',
};

/** Calls the deployer of the world that `startedWorld` gives, as an engine does. */
export function drive(
  startedWorld: () => Awaited<ReturnType<typeof startWorld>>,
) {
  let keys = 0;
  const nextKey = () => {
    keys += 1;
    return `promotion-${keys}:test:1`;
  };
  const prepare = (version: string, operationKey = nextKey()) =>
    startedWorld().deployer.prepare({
      operationKey,
      target,
      version: versionOf(version),
    });
  const setTraffic = (
    shares: Record<string, number>,
    operationKey = nextKey(),
  ) =>
    startedWorld().deployer.setTraffic({
      operationKey,
      target,
      shares: Object.entries(shares).map(([version, share]) => ({
        version,
        share,
      })),
    });
  /** Asks with the same key until it is not pending any more. */
  const finish = async (
    ask: (key: string) => ReturnType<typeof setTraffic>,
  ): Promise<{ state: string; message?: string }> => {
    const key = nextKey();
    for (let times = 0; times < 60; times++) {
      const status = await ask(key);
      if (status.state !== 'pending') {
        return status;
      }
    }
    throw new Error('It stayed pending');
  };
  /** Gives a version all of the traffic. */
  const serve = async (version: string) => {
    expect(await finish(key => prepare(version, key))).toEqual({
      state: 'done',
    });
    expect(await finish(key => setTraffic({ [version]: 100 }, key))).toEqual({
      state: 'done',
    });
  };
  return { nextKey, prepare, setTraffic, finish, serve };
}
