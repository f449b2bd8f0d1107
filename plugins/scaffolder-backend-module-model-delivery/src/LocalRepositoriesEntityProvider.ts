import {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { LocalRepositories } from './LocalRepositories';
import {
  CATALOG_FILE,
  located,
  parseEntities,
  refusalOf,
} from './readEntities';

/** What each repository brings, and the commit that says so. */
type KnownRepositories = Map<string, { head: string; entities: Entity[] }>;

/** How many versions of the file are tried, newest first, before a repository is given up. */
const TRIES = 20;

/**
 * Brings the entities of all local repositories into the catalog, and follows their pushes.
 *
 * A push that breaks the file is logged, and the last version that can be read stays in the catalog.
 */
export class LocalRepositoriesEntityProvider implements EntityProvider {
  readonly #repositories: LocalRepositories;
  readonly #logger: LoggerService;
  readonly #runner: SchedulerServiceTaskRunner;
  #connection?: EntityProviderConnection;
  #known: KnownRepositories = new Map();
  #applied?: string;

  constructor(options: {
    repositories: LocalRepositories;
    logger: LoggerService;
    runner: SchedulerServiceTaskRunner;
  }) {
    this.#repositories = options.repositories;
    this.#logger = options.logger;
    this.#runner = options.runner;
  }

  getProviderName(): string {
    return 'slipway-local-repositories';
  }

  /** {@inheritdoc @backstage/plugin-catalog-node#EntityProvider.connect} */
  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    await this.#runner.run({
      id: 'slipway-local-repositories',
      fn: () => this.refresh(),
    });
  }

  /** Looks at all repositories, and tells the catalog when something changed. */
  async refresh(): Promise<void> {
    const names = await this.#repositories.list();
    const heads = await Promise.all(
      names.map(async name => [name, await this.#repositories.head(name)]),
    );
    const state = JSON.stringify(heads);
    if (state === this.#applied) {
      return;
    }
    const known: KnownRepositories = new Map();
    for (const [name, head] of heads) {
      if (name && head) {
        const before = this.#known.get(name);
        known.set(
          name,
          before?.head === head
            ? before
            : { head, entities: await this.#read(name, head) },
        );
      }
    }
    await this.#connection?.applyMutation({
      type: 'full',
      entities: [...known].flatMap(([name, { entities }]) =>
        this.#allowed(entities, name, names).map(entity => ({
          entity: located(entity, this.#repositories.pathOf(name)),
          locationKey: `slipway-local-repository:${name}`,
        })),
      ),
    });
    // Only now: what failed half-way is done again at the next look
    this.#known = known;
    this.#applied = state;
  }

  async #read(name: string, head: string): Promise<Entity[]> {
    const commits = await this.#repositories
      .fileVersions(name, CATALOG_FILE, TRIES)
      .catch(error => {
        this.#logger.error(`Local repository '${name}' cannot be read`, error);
        return [];
      });
    for (const commit of commits) {
      try {
        return parseEntities(
          await this.#repositories.readFile(name, commit, CATALOG_FILE),
        );
      } catch (error) {
        this.#logger.error(
          `Local repository '${name}', commit ${commit.slice(0, 12)}: ${
            (error as Error).message
          }; the version before it counts`,
        );
      }
    }
    this.#logger.warn(
      `Local repository '${name}' (${head.slice(
        0,
        12,
      )}) has no ${CATALOG_FILE} that can be read`,
    );
    return [];
  }

  #allowed(entities: Entity[], name: string, names: string[]): Entity[] {
    const seen = new Set<string>();
    return entities.filter(entity => {
      const key = `${entity.kind}/${entity.metadata.name}`.toLowerCase();
      const refusal = seen.has(key)
        ? `${key} is described twice; the first counts`
        : refusalOf(entity, name, names);
      seen.add(key);
      if (refusal) {
        this.#logger.warn(`Local repository '${name}': ${refusal}`);
      }
      return !refusal;
    });
  }
}
