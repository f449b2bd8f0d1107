/* eslint-disable jest/no-export, jest/valid-title, jest/expect-expect -- it declares the tests of others */
import { CONTRACT_CHECKS } from './contractChecks';
import { Caller, DeployerContractOptions } from './contractHarness';

const DEFAULT_SETTLE_SECONDS = 20;
/** Operations that one test may wait for. */
const OPERATIONS_PER_TEST = 10;

/**
 * Declares the tests that any deployer must pass, as a `describe` block with one `it` for each promise: it is idempotent
 * by operation key, also when asked from several places or after a restart; a key with other arguments is refused;
 * shares are exact; slow operations are `pending`; what it cannot do is refused by name; its state can be read. What it
 * declares beyond that, blue-green and mirroring, is tested where it does.
 *
 * Call it at the top of a test file.
 * @param name - how the deployer is called in the report
 * @public
 */
export function describeDeployerContract(
  name: string,
  options: DeployerContractOptions,
): void {
  const settleSeconds = options.settleSeconds ?? DEFAULT_SETTLE_SECONDS;
  describe(`${name} keeps the contract of a deployer`, () => {
    for (const { title, check } of CONTRACT_CHECKS) {
      it(
        title,
        async () => {
          const harness = await options.start();
          try {
            await check(new Caller(harness, settleSeconds), options);
          } finally {
            await harness.end();
          }
        },
        settleSeconds * OPERATIONS_PER_TEST * 1000,
      );
    }
  });
}
