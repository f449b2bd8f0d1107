import { ConfigReader } from '@backstage/config';
import { readWandbConnections } from '../config';
import { WandbRegistry } from '../WandbRegistry';

export const KEY = 'wandb_v1_nobody-may-see-this';

/** A registry as the configuration has it. */
export function connect({ url }: { url: string }, settings: object = {}) {
  const [connection] = readWandbConnections(
    new ConfigReader({
      modelDelivery: {
        wandb: {
          main: { apiKey: KEY, entity: 'acme-org', baseUrl: url, ...settings },
        },
      },
    }),
  );
  return new WandbRegistry(connection);
}
