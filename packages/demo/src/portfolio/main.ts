/**
 * Loads the sample portfolio into a running portal through its public API:
 *
 *     SLIPWAY_URL=http://127.0.0.1:7007 SLIPWAY_TOKEN=… node \
 *       --require @backstage/cli/config/nodeTransform.cjs packages/demo/src/portfolio/main.ts
 *
 * It may be run again, and goes on where it was interrupted.
 */
import { resolve } from 'node:path';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { generatePortfolio } from './generatePortfolio';
import { countReports, loadPortfolio } from './loadPortfolio';
import { promote } from './promoteServed';
import { samplePromotions } from './samplePromotions';
import { readArtifacts } from './servedModels';
import { signIn } from './signIn';
import { describeError, findYearEnd, waitForModels } from './portal';

// Run from the root of the repository
const ARTIFACTS = resolve('examples/artifacts');
const CONCURRENCY = 4;
const PROGRESS_MS = 2_000;

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `The sample portfolio needs the environment variable ${name}: SLIPWAY_URL is the portal's address, SLIPWAY_TOKEN a service token that may report to model delivery`,
    );
  }
  return value;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function clientWith(portalUrl: string, token: string) {
  return createModelDeliveryClient({
    baseUrl: new URL('/api/model-delivery', portalUrl).toString(),
    fetch: (input, init) => {
      const request = new Request(input, init);
      request.headers.set('authorization', `Bearer ${token}`);
      return fetch(request);
    },
  });
}

async function main(): Promise<void> {
  const portalUrl = setting('SLIPWAY_URL');
  const client = clientWith(portalUrl, setting('SLIPWAY_TOKEN'));
  const begun = Date.now();
  const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;

  const now = (await findYearEnd(client)) ?? new Date();
  const portfolio = generatePortfolio({
    now,
    artifacts: readArtifacts(ARTIFACTS),
  });
  await waitForModels(
    client,
    portfolio.models.map(model => model.name),
  );
  say(
    `Reporting ${countReports(portfolio)} events of ${
      portfolio.models.length
    } models, up to ${portfolio.asOf.toISOString().slice(0, 10)}`,
  );
  let said = 0;
  await loadPortfolio({
    client,
    portfolio,
    concurrency: CONCURRENCY,
    onProgress: ({ sent, total }) => {
      if (Date.now() - said > PROGRESS_MS || sent === total) {
        said = Date.now();
        say(`${sent} of ${total} (${seconds()})`);
      }
    },
  });

  const clients = new Map<string, Promise<typeof client>>();
  const clientOf = (person: string) => {
    const known =
      clients.get(person) ??
      signIn({ portalUrl, person }).then(token => clientWith(portalUrl, token));
    clients.set(person, known);
    return known;
  };
  await Promise.all(
    samplePromotions.map(async chain => {
      for (const promotion of chain) {
        await promote(clientOf, promotion);
        say(
          `${promotion.model} ${promotion.version} serves in ${
            promotion.environment
          } (${seconds()})`,
        );
      }
    }),
  );
  say(`The sample portfolio is loaded (${seconds()})`);
}

main().catch(error => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
