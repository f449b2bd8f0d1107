import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { toEntityName } from '../entities/entityName';
import { SourceReading, SourceSettings } from '../sources/ModelSource';
import {
  FoundModelRow,
  FoundModelsStore,
  hashOf,
  refOf,
} from '../store/FoundModelsStore';
import { assignNames } from './assignNames';
import { whyNotRemove } from './guardRemovals';
import { registryKey, WrittenModels } from './WrittenModels';

/** What is known of a model but what its source says of it. */
export type KnownModel = Omit<FoundModelRow, 'draft'>;

/** What a record works with. */
export interface RecordServices {
  store: FoundModelsStore;
  catalog: CatalogService;
  auth: AuthService;
  logger: LoggerService;
  /** Takes models from the catalog and the store. */
  remove(models: KnownModel[]): Promise<void>;
}

/** What was found in one source, under which names, and what of it somebody wrote. */
export class SourceRecord {
  readonly #settings: SourceSettings;
  readonly #services: RecordServices;

  constructor(settings: SourceSettings, services: RecordServices) {
    this.#settings = settings;
    this.#services = services;
  }

  /**
   * Takes down what a reading brought, and removes what is gone.
   * @returns why nothing was removed, if that is so.
   */
  async take(
    reading: SourceReading,
    written: WrittenModels,
  ): Promise<string | undefined> {
    const { store, logger } = this.#services;
    const known = new Map(
      (await store.findAll(this.#provider)).map(row => [row.key, row]),
    );
    const unchanged = new Set(reading.unchangedTargets);
    const refused = new Map(
      reading.refused.map(({ source, message }) => [source, message]),
    );
    const found = new Map(
      reading.found.map(each => [this.#keyOf(each.draft.source), each]),
    );
    const gone = [...known.values()].filter(
      row =>
        !found.has(row.key) &&
        refusalOf(row, refused) === undefined &&
        !(row.target !== null && unchanged.has(row.target)),
    );
    const heldBack = whyNotRemove({
      known: known.size,
      gone: gone.length,
      share: this.#settings.maxRemovedShare,
    });
    if (!heldBack) {
      await this.#services.remove(gone);
      gone.forEach(row => known.delete(row.key));
    }
    for (const [source, message] of refused) {
      logger.warn(`${this.#settings.title}: ${source} ${message}`);
    }
    await this.#noteProblems(known, refused);
    await this.#save([...found.values()], known, written);
    await this.#withhold(written);
    return heldBack;
  }

  /** Says on an entity that its source is refused as it stands now. That goes when it is found again. */
  async #noteProblems(
    known: Map<string, KnownModel>,
    refused: Map<string, string>,
  ) {
    for (const row of known.values()) {
      const problem = refusalOf(row, refused);
      if (problem !== undefined && row.problem !== problem) {
        await this.#services.store.update([row.key], { problem });
      }
    }
  }

  /** Stores the models that were found, new ones under names of their own. */
  async #save(
    found: SourceReading['found'],
    known: Map<string, KnownModel>,
    written: WrittenModels,
  ) {
    const { store } = this.#services;
    const { namespace } = this.#settings;
    const rows = found.map(({ draft, target }) => ({
      key: this.#keyOf(draft.source),
      draft,
      target: target ?? null,
      wanted: toEntityName(draft.name),
      registry: registryKey(draft.registry),
    }));
    const nameless = rows
      .filter(({ key, wanted, registry }) => {
        const row = known.get(key);
        return (
          row?.wanted_name !== wanted ||
          row.namespace !== namespace ||
          isAnother(written, refOf(namespace, row.entity_name), registry)
        );
      })
      .map(row => ({ ...row, externalName: row.draft.name }));
    await this.#services.remove(
      nameless.flatMap(({ key }) => known.get(key) ?? []),
    );
    const taken = await store.findTakenNames(
      namespace,
      nameless.map(({ wanted }) => wanted),
    );
    const names = assignNames(
      nameless,
      (name, { registry }) =>
        taken.has(name) || isAnother(written, refOf(namespace, name), registry),
    );
    const changed = rows.flatMap(({ key, draft, target, wanted, registry }) => {
      const before = names.has(key) ? undefined : known.get(key);
      const text = JSON.stringify(draft);
      const row = {
        key,
        provider: this.#provider,
        source: draft.source,
        target,
        external_hash: hashOf(draft.name),
        wanted_name: wanted,
        namespace,
        entity_name: names.get(key) ?? before!.entity_name,
        draft: text,
        draft_hash: hashOf(text),
        registry_hash: registry ? hashOf(registry) : null,
        problem: null,
        written_as: before?.written_as ?? null,
        applied: before?.applied ?? null,
      };
      const isSame =
        before?.draft_hash === row.draft_hash &&
        before.target === target &&
        before.problem === null;
      return isSame ? [] : [row];
    });
    await store.save(changed);
  }

  /** Finds out which models somebody wrote an entity of; those entities are processed anew to say so. */
  async #withhold(written: WrittenModels) {
    const { store, catalog, auth, logger } = this.#services;
    const byHash = new Map(
      [...written.byRegistry].map(([registry, ref]) => [hashOf(registry), ref]),
    );
    const rows = await store.findAll(this.#provider);
    const files = this.#provider.startsWith('mlflow:')
      ? await store.findFilesByRegistry(
          rows.flatMap(row => row.registry_hash ?? []),
        )
      : undefined;
    const changed = new Map<string, { ref: string | null; keys: string[] }>();
    const told = new Set<string>();
    for (const row of rows) {
      const self = refOf(row.namespace, row.entity_name);
      const ref =
        byHash.get(row.registry_hash ?? '') ??
        files?.get(row.registry_hash ?? '') ??
        (written.byRef.has(self) ? self : null);
      if (ref !== row.written_as) {
        const group = changed.get(ref ?? '') ?? { ref, keys: [] };
        group.keys.push(row.key);
        changed.set(ref ?? '', group);
        [ref, row.written_as].forEach(each => each && told.add(each));
      }
    }
    for (const { ref, keys } of changed.values()) {
      await store.update(keys, { written_as: ref });
    }
    const credentials = await auth.getOwnServiceCredentials();
    for (const ref of told) {
      await catalog.refreshEntity(ref, { credentials }).catch(error =>
        // It is said with the next processing all the same, if the entity is still there
        logger.debug(`${ref} could not be processed at once: ${error}`),
      );
    }
  }

  get #provider(): string {
    return this.#settings.provider;
  }

  #keyOf(source: string): string {
    return hashOf(this.#provider, source);
  }
}

/** Why what a model comes of is refused: a file of several models as a whole, what it holds behind its `#`. */
function refusalOf(
  row: KnownModel,
  refused: Map<string, string>,
): string | undefined {
  return (
    refused.get(row.source) ?? refused.get(row.source.replace(/#[^#]*$/, ''))
  );
}

/** Whether somebody wrote an entity of that name which says that it is another registered model. */
function isAnother(
  written: WrittenModels,
  ref: string,
  registry: string | undefined,
): boolean {
  const other = written.byRef.get(ref);
  return other !== undefined && other !== registry;
}
