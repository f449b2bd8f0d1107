/* eslint-disable jest/no-export, jest/valid-title, jest/expect-expect -- it declares the tests of others */
import { REGISTRY_CHECKS } from './registryChecks';
import { RegistryContractOptions } from './registryHarness';

const DEFAULT_TIMEOUT_SECONDS = 60;

/**
 * Declares the tests that any model registry must pass, as a `describe` block with one `it` for each promise: everything
 * is read once and in pages; an interruption loses nothing; afterwards only changes are read, at the price of the change;
 * what is wrong is said without secrets; deliveries are believed when they are signed now. What a registry cannot do,
 * such as aliases or histories of metrics, is left out.
 *
 * Call it at the top of a test file.
 * @param name - how the registry is called in the report
 * @public
 */
export function describeRegistryContract(
  name: string,
  options: RegistryContractOptions,
): void {
  describe(`${name} keeps the contract of a model registry`, () => {
    for (const { title, check } of REGISTRY_CHECKS) {
      it(
        title,
        async () => {
          const harness = await options.start();
          try {
            await check(harness, options);
          } finally {
            await harness.end();
          }
        },
        (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000,
      );
    }
  });
}
