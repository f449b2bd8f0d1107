import { AuthenticationError, ConflictError } from '@backstage/errors';
import {
  RegistryDelivery,
  RegistryNotice,
} from '@slipway/backstage-plugin-model-delivery-node';
import { EngineContext } from '../context';
import { addDelivery } from './deliveryStore';
import { RegistrySync } from './RegistrySync';
import { ConnectionKey } from './registryStore';

/** Takes what registries deliver through webhooks, and has it read at once. */
export class DeliveriesService {
  readonly #context: EngineContext;
  readonly #sync: RegistrySync;

  constructor(context: EngineContext, sync: RegistrySync) {
    this.#context = context;
    this.#sync = sync;
  }

  /**
   * Takes a delivery of the connection.
   * @throws AuthenticationError when the connection takes none or the signature is wrong; InputError when it is stale or
   * nonsense; ConflictError when it came before.
   */
  async take(
    key: ConnectionKey,
    request: Omit<RegistryDelivery, 'receivedAt'>,
  ): Promise<RegistryNotice> {
    const { registries, work } = this.#context;
    const registry = registries.find(
      each => each.type === key.type && each.id === key.id,
    );
    if (!registry?.readDelivery) {
      throw new AuthenticationError(
        'This webhook is not configured, or its signature is not of the secret that is',
      );
    }
    const receivedAt = work.now();
    const notice = registry.readDelivery({ ...request, receivedAt });
    const isNew = await addDelivery(
      work.knex,
      key,
      notice,
      receivedAt,
      registry.readModel !== undefined,
    );
    if (!isNew) {
      throw new ConflictError(`The delivery ${notice.id} came before`);
    }
    if (notice.changed !== 'nothing') {
      this.#sync.wake(registry);
    }
    return notice;
  }
}
