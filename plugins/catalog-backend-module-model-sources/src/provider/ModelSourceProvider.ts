import {
  AuthService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import {
  CatalogService,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { SOURCE_LOCATION_TYPE } from '@slipway/backstage-plugin-model-delivery-common';
import { toModelEntity } from '../entities/toModelEntity';
import { ModelSource, Refusal, SourceReading } from '../sources/ModelSource';
import {
  FoundModelRow,
  FoundModelsStore,
  hashOf,
  refOf,
  SourceRow,
} from '../store/FoundModelsStore';
import { KnownModel, SourceRecord } from './SourceRecord';
import { SourceReports } from './SourceReports';
import { readWrittenModels, WrittenModels } from './WrittenModels';

/** Entities that are made and handed to the catalog at a time. */
const PAGE = 200;
/** How often the catalog is told everything, in case it lost something: it writes only what differs. */
const RECONCILE_MS = 3_600_000;
/** Refusals that are kept until what they were found in changes. */
const MAX_PROBLEMS = 500;
const MAX_MESSAGE = 1_000;

/** What a provider works with. */
export interface ProviderServices {
  store: FoundModelsStore;
  catalog: CatalogService;
  auth: AuthService;
  scheduler: SchedulerService;
  logger: LoggerService;
  reports: Pick<SourceReports, 'report'>;
  now: () => number;
}

/**
 * Keeps the catalog's models as one source has them. A model that somebody wrote an entity of is withheld. Entities are
 * handed over without a location key, so that a file which claims the name of one takes it over.
 */
export class ModelSourceProvider implements EntityProvider {
  readonly #source: ModelSource;
  readonly #services: ProviderServices;
  readonly #record: SourceRecord;
  #connection?: EntityProviderConnection;
  /** When this process told the catalog everything last. */
  #reconciledAt = -Infinity;

  constructor(source: ModelSource, services: ProviderServices) {
    this.#source = source;
    this.#services = services;
    this.#record = new SourceRecord(source.settings, {
      ...services,
      remove: rows => this.#remove(rows),
    });
  }

  /** {@inheritdoc @backstage/plugin-catalog-node#EntityProvider.getProviderName} */
  getProviderName(): string {
    return `${SOURCE_LOCATION_TYPE}:${this.#provider}`;
  }

  /** {@inheritdoc @backstage/plugin-catalog-node#EntityProvider.connect} */
  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Reads the source by its schedule, by one of the replicas. */
  async start(): Promise<void> {
    await this.#services.scheduler.scheduleTask({
      ...this.#source.settings.schedule,
      id: this.getProviderName(),
      fn: async signal => {
        await this.run(signal);
      },
    });
    if (!(await this.#services.store.findSource(this.#provider))) {
      await this.#tell(undefined);
    }
  }

  /**
   * Reads the source once and tells the catalog what is new, changed and gone. Failures are noted and logged, not thrown: a
   * source that cannot be read changes nothing.
   */
  async run(signal?: AbortSignal): Promise<void> {
    const { store, logger, now } = this.#services;
    const { provider, title } = this.#source.settings;
    const attempt = { provider, title, last_attempt_at: new Date(now()) };
    let written: WrittenModels | undefined;
    let refusedCount: number | undefined;
    try {
      const last = await store.findSource(provider);
      written = await readWrittenModels(this.#services);
      const reading = await this.#source.read({
        etags: JSON.parse(last?.etags ?? '{}'),
        signal,
      });
      signal?.throwIfAborted();
      reading.refused.push(...stillRefused(last, reading));
      const heldBack = await this.#record.take(reading, written);
      await this.#apply();
      refusedCount = reading.refused.length;
      const errors = [...reading.errors, ...(heldBack ? [heldBack] : [])];
      errors.forEach(error => logger.warn(`${title}: ${error}`));
      await store.saveSource({
        ...attempt,
        ...(errors.length === 0 && { last_success_at: new Date(now()) }),
        error: errors.join('\n').slice(0, MAX_MESSAGE) || null,
        problems: JSON.stringify(reading.refused.slice(0, MAX_PROBLEMS)),
        etags: JSON.stringify(reading.etags),
      });
    } catch (error) {
      if (signal?.aborted) {
        return;
      }
      const message = error instanceof Error ? error.message : String(error);
      logger.warn(
        `${title} could not be read; nothing was changed: ${message}`,
      );
      await store.saveSource({
        ...attempt,
        error: message.slice(0, MAX_MESSAGE),
      });
    }
    await this.#tell(written, refusedCount);
  }

  /** Reports how the last reading went. */
  async #tell(written: WrittenModels | undefined, refusedCount?: number) {
    const { store, reports } = this.#services;
    const row = await store.findSource(this.#provider);
    const refused = JSON.parse(row?.problems ?? '[]');
    const dateOf = (value: SourceRow['last_attempt_at'] | undefined) =>
      value === null || value === undefined ? null : new Date(value);
    await reports.report(
      this.#source,
      {
        attemptedAt: dateOf(row?.last_attempt_at),
        succeededAt: dateOf(row?.last_success_at),
        error: row?.error ?? null,
        refused,
        refusedCount: refusedCount ?? refused.length,
      },
      written,
    );
  }

  /** Tells the catalog what it does not know yet; everything, now and then. */
  async #apply() {
    const { store, now } = this.#services;
    const isDue = now() - this.#reconciledAt >= RECONCILE_MS;
    let last = '';
    for (;;) {
      const rows = await store.findPage(this.#provider, last, PAGE);
      await this.#applyPage(rows, isDue);
      if (rows.length < PAGE) {
        break;
      }
      last = rows[rows.length - 1].key;
    }
    if (isDue) {
      this.#reconciledAt = now();
    }
  }

  async #applyPage(rows: FoundModelRow[], isDue: boolean) {
    const { store } = this.#services;
    const drafts = new Map(rows.map(row => [row.key, JSON.parse(row.draft)]));
    const bases = await store.findByExternalName([
      ...new Set([...drafts.values()].flatMap(draft => draft.baseModels ?? [])),
    ]);
    const added = [];
    const removed = [];
    const applied: [FoundModelRow, string][] = [];
    for (const row of rows) {
      const draft = drafts.get(row.key);
      const entity = toModelEntity(
        {
          ...draft,
          notes: [
            ...(row.problem
              ? [`As it stands now it is refused: it ${row.problem}`]
              : []),
            ...(draft.notes ?? []),
          ],
        },
        row.entity_name,
        this.#source.settings,
        bases,
      );
      const hash = row.written_as
        ? hashOf('withheld')
        : hashOf(JSON.stringify(entity));
      if (hash === row.applied && !isDue) {
        continue;
      }
      applied.push([row, hash]);
      if (row.written_as) {
        removed.push({ entityRef: refOf(row.namespace, row.entity_name) });
      } else {
        added.push({ entity });
      }
    }
    if (applied.length === 0) {
      return;
    }
    await this.#connection!.applyMutation({ type: 'delta', added, removed });
    for (const [row, hash] of applied) {
      if (hash !== row.applied) {
        await store.update([row.key], { applied: hash });
      }
    }
  }

  /** From the catalog first: what is still in the store is removed with the next reading otherwise. */
  async #remove(rows: KnownModel[]) {
    if (rows.length === 0) {
      return;
    }
    await this.#connection!.applyMutation({
      type: 'delta',
      added: [],
      removed: rows.map(row => ({
        entityRef: refOf(row.namespace, row.entity_name),
      })),
    });
    await this.#services.store.remove(rows.map(({ key }) => key));
  }

  get #provider(): string {
    return this.#source.settings.provider;
  }
}

/** What was refused of the targets that did not change, and were not read again therefore. */
function stillRefused(
  last: SourceRow | undefined,
  { unchangedTargets }: SourceReading,
): Refusal[] {
  const unchanged = new Set(unchangedTargets);
  const before: Refusal[] = JSON.parse(last?.problems ?? '[]');
  return before.filter(({ target }) => unchanged.has(target));
}
