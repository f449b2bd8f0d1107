import { InputError, NotAllowedError } from '@backstage/errors';
import {
  ModelSourceHealth,
  ModelSourceHealthList,
  ModelSourceReport,
  modelReadPermission,
  registryReadPermission,
  sourceReportPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { toDateOrNull } from '../database/values';
import { visibleModels } from '../models/modelFilters';
import { isStale } from '../registries/freshness';
import { findSources, saveReport } from './modelSourceStore';

/** Taken for the interval of a source that does not say its own. */
const DEFAULT_INTERVAL_SECONDS = 3_600;

/** Knows how the sources are that the catalog's models are found in, by what their readers report. */
export class ModelSourcesService {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The sources with what is wrong of each; of models that one may not see, only how many there are. */
  async list(principal: Principal): Promise<ModelSourceHealthList> {
    const { authorizer, work } = this.#context;
    await authorizer.require(principal, registryReadPermission);
    const sources = await findSources(work.knex);
    const seen = await this.#visible(
      principal,
      sources.flatMap(each => each.conflicts.items.map(({ model }) => model)),
    );
    return { items: sources.map(each => this.#toHealth(each, seen)) };
  }

  /**
   * Keeps how a source is.
   * @throws NotAllowedError for people, InputError for a source that is not among the configured ones
   */
  async report(
    principal: Principal,
    id: string,
    report: ModelSourceReport,
  ): Promise<void> {
    const { authorizer, work } = this.#context;
    await authorizer.require(principal, sourceReportPermission);
    if (principal.isUser) {
      throw new NotAllowedError(
        'Only the program that reads a source reports how it is',
      );
    }
    if (!report.configured.includes(id)) {
      throw new InputError(
        `request/body/configured must name '${id}' itself, beside all others that are configured`,
      );
    }
    await work.run(tx => saveReport(tx.knex, id, report, tx.now));
  }

  #toHealth(
    source: Awaited<ReturnType<typeof findSources>>[number],
    seen: Set<string>,
  ): ModelSourceHealth {
    const { conflicts, succeededAt, intervalSeconds } = source;
    const items = conflicts.items.filter(({ model }) => seen.has(model));
    return {
      ...source,
      stale: isStale(
        toDateOrNull(succeededAt),
        this.#context.work.now(),
        1_000 * (intervalSeconds ?? DEFAULT_INTERVAL_SECONDS),
      ),
      conflicts: {
        count: conflicts.count,
        items,
        hidden: conflicts.items.length - items.length,
      },
    };
  }

  async #visible(principal: Principal, refs: string[]): Promise<Set<string>> {
    const { authorizer, work } = this.#context;
    if (refs.length === 0) {
      return new Set();
    }
    try {
      const filter = await authorizer.modelFilter(
        principal,
        modelReadPermission,
      );
      const rows: { ref: string }[] = await visibleModels(work.knex, filter)
        .whereIn('models.ref', [...new Set(refs)])
        .select('models.ref');
      return new Set(rows.map(({ ref }) => ref));
    } catch (error) {
      if (error instanceof NotAllowedError) {
        return new Set();
      }
      throw error;
    }
  }
}
