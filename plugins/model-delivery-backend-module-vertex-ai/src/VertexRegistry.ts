import {
  ModelRegistry,
  ModelWalk,
  RegistryChanges,
} from '@slipway/backstage-plugin-model-delivery-node';
import { VertexConnection } from './config';
import { modelIdOf, toRegistryVersion } from './toRegistryVersion';
import { TokenSource, VertexClient } from './VertexClient';

/**
 * The model registry of one location of a Google Cloud project. Models are named by their ids: several can share a name for
 * display.
 */
export class VertexRegistry implements ModelRegistry {
  readonly id: string;
  readonly type = 'vertex-ai';
  readonly url: string;

  readonly #client: VertexClient;
  readonly #walk: ModelWalk;

  constructor(
    connection: VertexConnection,
    token: TokenSource,
    now: () => number = Date.now,
  ) {
    const client = new VertexClient(connection, token);
    this.id = connection.id;
    this.url = `https://console.cloud.google.com/vertex-ai/models?project=${encodeURIComponent(
      connection.project,
    )}`;
    this.#client = client;
    this.#walk = new ModelWalk(
      {
        async listModels({ newestFirst, ...options }) {
          const { items, ...more } = await client.listModels({
            orderBy: newestFirst ? 'update_time desc' : 'create_time',
            ...options,
          });
          return {
            ...more,
            items: items.map(item => ({
              model: modelIdOf(item),
              changedAt: item.updateTime,
            })),
          };
        },
        async listVersions({ model, ...options }) {
          const { items, ...more } = await client.listVersions(model, options);
          return {
            ...more,
            items: items.map(item => toRegistryVersion(item, connection)),
          };
        },
      },
      { fullReadIntervalMs: connection.fullReadIntervalMs, now },
    );
  }

  /** {@inheritdoc ModelRegistry.readChanges} */
  readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncIterable<RegistryChanges> {
    return this.#walk.readChanges(options);
  }

  /** {@inheritdoc ModelRegistry.setAlias} */
  async setAlias(options: {
    model: string;
    alias: string;
    version: string;
  }): Promise<void> {
    const { model, alias, version } = options;
    await this.#client.mergeVersionAlias(model, version, alias);
  }
}
