/**
 * A backend for tests of what a kill leaves behind: starts local serving with the settings of its argument, and runs
 * the steps that come in as lines of JSON.
 */
import { createInterface } from 'node:readline';
import { ConfigReader } from '@backstage/config';
import { readLocalServingConfig } from '../config';
import { LocalServing } from '../LocalServing';
import { LocalServingDeployer } from '../LocalServingDeployer';

const log = (...args: unknown[]) => process.stderr.write(`${args.join(' ')}\n`);
const logger = {
  info: log,
  warn: log,
  error: log,
  debug: () => {},
  child: () => logger,
};

async function main() {
  const config = readLocalServingConfig(
    new ConfigReader({
      modelDelivery: { localServing: JSON.parse(process.argv[2]) },
    }),
  )!;
  const serving = await LocalServing.start({ config, logger });
  const deployer = new LocalServingDeployer(serving);
  process.stdout.write('"started"\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [operation, options] = JSON.parse(line);
    const result =
      operation === 'prepare'
        ? await deployer.prepare(options)
        : await deployer.setTraffic(options);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

main().catch(error => {
  log(error);
  process.exitCode = 1;
});
