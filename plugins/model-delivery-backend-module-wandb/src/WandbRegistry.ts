import {
  ModelRegistry,
  ModelWalk,
  RegistryChanges,
  WalkedModel,
  WalkedPage,
} from '@slipway/backstage-plugin-model-delivery-node';
import { createHash } from 'node:crypto';
import { WandbConnection } from './config';
import { latest, toRegistryVersion } from './toRegistryVersion';
import { WandbClient } from './WandbClient';
import { WandbHead } from './wandbSchemas';

/**
 * One registry of Weights & Biases. Its collections are models, and the versions that are linked into them their versions. It
 * keeps no time of some changes, such as a moved alias, so that every read looks at the newest versions of all models.
 */
export class WandbRegistry implements ModelRegistry {
  readonly id: string;
  readonly type = 'wandb';
  readonly url: string;
  /** Left out where the configuration says that nothing is written. */
  readonly setAlias?: ModelRegistry['setAlias'];

  readonly #walk: ModelWalk;

  constructor(connection: WandbConnection, now: () => number = Date.now) {
    const client = new WandbClient(connection);
    this.id = connection.id;
    this.url = `${connection.publicUrl}/registry`;
    if (!connection.readOnly) {
      this.setAlias = ({ model, version, alias }) =>
        client.addAlias(model, version, alias);
    }
    this.#walk = new ModelWalk(
      {
        listModels: ({ newestFirst, pageToken, signal }) =>
          newestFirst
            ? listNewestFirst(client, signal)
            : listPage(client, pageToken, signal),
        async listVersions({ model, ...options }) {
          const { items, collection, nextPageToken } =
            await client.listVersions(model, options);
          return {
            nextPageToken,
            items: items.flatMap(
              item =>
                (collection &&
                  toRegistryVersion(model, item, collection, connection)) ??
                [],
            ),
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
}

async function listPage(
  client: WandbClient,
  pageToken?: string,
  signal?: AbortSignal,
): Promise<WalkedPage<WalkedModel>> {
  const { items, ...more } = await client.listModels({ pageToken, signal });
  return { ...more, items: items.map(toWalkedModel) };
}

/** Lists all models: the API orders them by nothing that every change moves. */
async function listNewestFirst(
  client: WandbClient,
  signal?: AbortSignal,
): Promise<WalkedPage<WalkedModel>> {
  const models: WalkedModel[] = [];
  let pageToken: string | undefined;
  do {
    const page = await listPage(client, pageToken, signal);
    models.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return {
    items: models.sort((a, b) => Number(b.changedAt) - Number(a.changedAt)),
  };
}

function toWalkedModel(head: WandbHead): WalkedModel {
  const { edges } = head.artifactMemberships;
  return {
    model: head.name,
    changedAt: latest([
      head.createdAt,
      head.updatedAt,
      ...edges.flatMap(each => [each.createdAt, each.artifact?.updatedAt]),
    ]),
    state: createHash('sha256').update(JSON.stringify(head)).digest('base64'),
  };
}
