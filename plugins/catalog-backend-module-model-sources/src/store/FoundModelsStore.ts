import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import { ModelDraft } from '../entities/ModelDraft';

/** Rows that are written or asked for at a time. */
const BATCH = 200;

/** A row of `slipway_found_models`. */
export interface FoundModelRow {
  key: string;
  provider: string;
  source: string;
  target: string | null;
  external_hash: string;
  wanted_name: string;
  namespace: string;
  entity_name: string;
  /** JSON of a ModelDraft. */
  draft: string;
  draft_hash: string;
  registry_hash: string | null;
  problem: string | null;
  written_as: string | null;
  applied: string | null;
}

/** A row of `slipway_model_sources`. */
export interface SourceRow {
  provider: string;
  title: string;
  last_attempt_at: Date | string | number | null;
  last_success_at: Date | string | number | null;
  error: string | null;
  problems: string;
  etags: string;
}

/** A SHA-256, in hexadecimal: a key of fixed length for names of any. */
export function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The entity ref of a model. */
export function refOf(namespace: string, name: string): string {
  return `model:${namespace}/${name}`.toLocaleLowerCase('en-US');
}

/** What was found in the sources, in the catalog's database. */
export class FoundModelsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** All that is known of a source's models but what they say, which may be large. */
  async findAll(provider: string): Promise<Omit<FoundModelRow, 'draft'>[]> {
    return this.#found()
      .where({ provider })
      .select(
        'key',
        'provider',
        'source',
        'target',
        'external_hash',
        'wanted_name',
        'namespace',
        'entity_name',
        'draft_hash',
        'registry_hash',
        'problem',
        'written_as',
        'applied',
      );
  }

  /** Some models of a source, in the order of their keys. */
  async findPage(
    provider: string,
    afterKey: string,
    limit: number,
  ): Promise<FoundModelRow[]> {
    return this.#found()
      .where({ provider })
      .where('key', '>', afterKey)
      .orderBy('key')
      .limit(limit);
  }

  /** How many models a source holds. */
  async count(provider: string): Promise<number> {
    const row: { count: number | string } | undefined = await this.#knex(
      'slipway_found_models',
    )
      .where({ provider })
      .first(this.#knex.raw('count(*) as count'));
    return Number(row?.count ?? 0);
  }

  /** Some models of a source that somebody wrote an entity of, in the order of their keys. */
  async findWithheld(
    provider: string,
    afterKey: string,
    limit: number,
  ): Promise<(FoundModelRow & { written_as: string })[]> {
    return this.#knex('slipway_found_models')
      .where({ provider })
      .whereNotNull('written_as')
      .where('key', '>', afterKey)
      .orderBy('key')
      .limit(limit);
  }

  /** Which of some entity names models of any source have, as `namespace/name`. */
  async findTakenNames(
    namespace: string,
    names: string[],
  ): Promise<Set<string>> {
    const rows = await this.#inBatches(names, batch =>
      this.#found()
        .where({ namespace })
        .whereIn('entity_name', batch)
        .select('entity_name'),
    );
    return new Set(rows.map(row => row.entity_name));
  }

  /** The entity refs of models of any source, by the hash of what they are called there. */
  async findByExternalName(names: string[]): Promise<Map<string, string>> {
    const byHash = new Map(names.map(name => [hashOf(name), name]));
    const rows = await this.#inBatches([...byHash.keys()], batch =>
      this.#found()
        .whereIn('external_hash', batch)
        .orderBy('key')
        .select('external_hash', 'namespace', 'entity_name', 'written_as'),
    );
    return new Map(
      rows.map(row => [
        byHash.get(row.external_hash)!,
        row.written_as ?? refOf(row.namespace, row.entity_name),
      ]),
    );
  }

  /** The entity refs of the models of other sources than registries, by the hash of the registered model they name. */
  async findFilesByRegistry(hashes: string[]): Promise<Map<string, string>> {
    const rows = await this.#inBatches(hashes, batch =>
      this.#found()
        .whereIn('registry_hash', batch)
        .whereNull('written_as')
        .where('provider', 'not like', 'mlflow:%')
        .select('registry_hash', 'namespace', 'entity_name'),
    );
    return new Map(
      rows.map(row => [
        row.registry_hash!,
        refOf(row.namespace, row.entity_name),
      ]),
    );
  }

  /** Where else the model of an entity that somebody wrote was found. */
  async findWrittenAs(
    entityRef: string,
  ): Promise<{ draft: ModelDraft; provider: string; title: string }[]> {
    const rows: (FoundModelRow & { title: string })[] = await this.#knex(
      'slipway_found_models',
    )
      .join(
        'slipway_model_sources',
        'slipway_model_sources.provider',
        'slipway_found_models.provider',
      )
      .where({ written_as: entityRef })
      .orderBy('key')
      .limit(20)
      .select('slipway_found_models.*', 'slipway_model_sources.title');
    return rows.map(({ draft, provider, title }) => ({
      draft: JSON.parse(draft),
      provider,
      title,
    }));
  }

  /** Adds models, or replaces what is known of them. */
  async save(rows: FoundModelRow[]): Promise<void> {
    await this.#knex.transaction(async tx => {
      for (let from = 0; from < rows.length; from += BATCH) {
        await tx<FoundModelRow>('slipway_found_models')
          .insert(rows.slice(from, from + BATCH))
          .onConflict('key')
          .merge();
      }
    });
  }

  /** Notes something of some models. */
  async update(
    keys: string[],
    change: Partial<Pick<FoundModelRow, 'problem' | 'written_as' | 'applied'>>,
  ): Promise<void> {
    await this.#inBatches(keys, async batch => {
      await this.#found().whereIn('key', batch).update(change);
      return [];
    });
  }

  /** Forgets models. */
  async remove(keys: string[]): Promise<void> {
    await this.#inBatches(keys, async batch => {
      await this.#found().whereIn('key', batch).delete();
      return [];
    });
  }

  /** Forgets the sources that are configured no more, so that their names are free. The catalog removes their entities. */
  async keepOnly(providers: string[]): Promise<void> {
    await this.#found().whereNotIn('provider', providers).delete();
    await this.#knex('slipway_model_sources')
      .whereNotIn('provider', providers)
      .delete();
  }

  /** How the last reading of a source went; undefined before the first. */
  async findSource(provider: string): Promise<SourceRow | undefined> {
    return this.#knex<SourceRow>('slipway_model_sources')
      .where({ provider })
      .first();
  }

  /** Notes how a reading went. */
  async saveSource(
    row: Pick<SourceRow, 'provider' | 'title'> & Partial<SourceRow>,
  ): Promise<void> {
    await this.#knex('slipway_model_sources')
      .insert({ problems: '[]', etags: '{}', ...row })
      .onConflict('provider')
      .merge(Object.keys(row));
  }

  #found() {
    return this.#knex<FoundModelRow>('slipway_found_models');
  }

  async #inBatches<T>(
    values: string[],
    run: (batch: string[]) => PromiseLike<T[]>,
  ): Promise<T[]> {
    const all: T[] = [];
    for (let from = 0; from < values.length; from += BATCH) {
      all.push(...(await run(values.slice(from, from + BATCH))));
    }
    return all;
  }
}
