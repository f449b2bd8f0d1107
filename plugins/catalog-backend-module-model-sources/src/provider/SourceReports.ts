import {
  AuthService,
  DiscoveryService,
  LoggerService,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';
import {
  createModelDeliveryClient,
  fetchWithToken,
  ModelSourceReport,
} from '@slipway/backstage-plugin-model-delivery-common';
import { plainText } from '../entities/plainText';
import { ModelSource } from '../sources/ModelSource';
import { FoundModelsStore } from '../store/FoundModelsStore';
import { findConflict, reportConflict } from './describeConflict';
import { WrittenModels } from './WrittenModels';

/** The most of what is wrong that is reported one by one; all of it is counted. */
const MOST = { refused: 20, conflicts: 50, places: 20 };
/** How long the backend of model delivery may take to answer, in milliseconds. */
const ANSWER_LIMIT_MS = 10_000;
/** Rows that are looked at a time. */
const PAGE = 200;

/** How a reading went. */
export interface ReadingState {
  attemptedAt: Date | null;
  succeededAt: Date | null;
  error: string | null;
  refused: { source: string; message: string }[];
  refusedCount: number;
}

/** Tells the backend of model delivery how the sources are, which shows it to whoever runs the portal. */
export class SourceReports {
  readonly #services: {
    store: FoundModelsStore;
    logger: LoggerService;
    send: (id: string, report: ModelSourceReport) => Promise<void>;
  };
  readonly #configured: string[];
  #hasFailed = false;

  constructor(
    configured: string[],
    services: {
      store: FoundModelsStore;
      logger: LoggerService;
      send: (id: string, report: ModelSourceReport) => Promise<void>;
    },
  ) {
    this.#configured = configured;
    this.#services = services;
  }

  /** Never throws: a source is read whether or not somebody hears of it. */
  async report(
    source: Pick<ModelSource, 'settings' | 'places'>,
    state: ReadingState,
    written: WrittenModels | undefined,
  ): Promise<void> {
    const { store, logger, send } = this.#services;
    const { provider, title, schedule } = source.settings;
    try {
      await send(provider, {
        configured: this.#configured,
        title,
        kind: provider.split(':')[0],
        places: source.places
          .slice(0, MOST.places)
          .map(each => each.slice(0, 500)),
        intervalSeconds: secondsOf(schedule.frequency),
        attemptedAt: state.attemptedAt?.toISOString() ?? null,
        succeededAt: state.succeededAt?.toISOString() ?? null,
        error: state.error,
        models: await store.count(provider),
        refused: {
          count: state.refusedCount,
          items: state.refused.slice(0, MOST.refused).map(each => ({
            source: plainText(each.source, 300) ?? '',
            message: plainText(each.message, 300) ?? '',
          })),
        },
        conflicts: await this.#conflictsOf(provider, written),
      });
      this.#hasFailed = false;
    } catch (error) {
      const say = this.#hasFailed ? 'debug' : 'info';
      this.#hasFailed = true;
      logger[say](
        `How ${title} is could not be told to the model-delivery backend: ${error}`,
      );
    }
  }

  async #conflictsOf(
    provider: string,
    written: WrittenModels | undefined,
  ): Promise<ModelSourceReport['conflicts']> {
    const conflicts: ModelSourceReport['conflicts'] = { count: 0, items: [] };
    if (!written) {
      return conflicts;
    }
    let last = '';
    for (;;) {
      const rows = await this.#services.store.findWithheld(
        provider,
        last,
        PAGE,
      );
      for (const { draft, written_as: model } of rows) {
        const conflict =
          written.byRef.has(model) &&
          findConflict(
            written.specs.get(model),
            JSON.parse(draft),
            written.byRef.get(model),
          );
        if (conflict) {
          conflicts.count += 1;
          if (conflicts.items.length < MOST.conflicts) {
            const message = plainText(reportConflict(conflict), 1_000) ?? '';
            conflicts.items.push({ model, message });
          }
        }
      }
      if (rows.length < PAGE) {
        return conflicts;
      }
      last = rows[rows.length - 1].key;
    }
  }
}

/** Sends reports with the token of this plugin. */
export function createSender(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}): (id: string, report: ModelSourceReport) => Promise<void> {
  const { auth, discovery } = options;
  const client = createModelDeliveryClient({
    baseUrl: () => discovery.getBaseUrl('model-delivery'),
    fetch: fetchWithToken(async () => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: 'model-delivery',
      });
      return token;
    }),
  });
  return async (id, report) => {
    await client.PUT('/model-sources/{id}', {
      params: { path: { id } },
      body: report,
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
  };
}

/** The plain interval of a schedule; null of another one. */
function secondsOf(
  frequency: SchedulerServiceTaskScheduleDefinition['frequency'],
): number | null {
  if ('cron' in frequency || 'trigger' in frequency) {
    return null;
  }
  const seconds = durationToMilliseconds(frequency as HumanDuration) / 1_000;
  return Number.isFinite(seconds) ? Math.max(1, Math.round(seconds)) : null;
}
