import { mockServices } from '@backstage/backend-test-utils';
import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { ModelSourceReport } from '@slipway/backstage-plugin-model-delivery-common';
import { ModelSourceProvider } from '../provider/ModelSourceProvider';
import { SourceReports } from '../provider/SourceReports';
import {
  ModelSource,
  SourceReading,
  SourceSettings,
} from '../sources/ModelSource';
import { FoundModelsStore } from '../store/FoundModelsStore';

/** A catalog of written and provided entities; names are claimed as in a real one. */
export class FakeCatalog {
  /** Entities that somebody wrote. */
  readonly written = new Map<string, Entity>();
  readonly provided = new Map<string, Entity>();
  /** Sizes of the mutations so far. */
  mutations: { added: number; removed: number }[] = [];
  refreshed: string[] = [];
  /** What was reported of sources, oldest first. */
  reports: ModelSourceReport[] = [];

  readonly connection = {
    applyMutation: async mutation => {
      if (mutation.type !== 'delta') {
        throw new Error('Expected a delta');
      }
      const removed = mutation.removed.map(each =>
        'entityRef' in each ? each.entityRef : stringifyEntityRef(each.entity),
      );
      removed.forEach(ref => this.provided.delete(ref));
      mutation.added.forEach(({ entity }) =>
        this.provided.set(stringifyEntityRef(entity), entity),
      );
      this.mutations.push({
        added: mutation.added.length,
        removed: removed.length,
      });
    },
  } as EntityProviderConnection;

  readonly service = catalogServiceMock.mock({
    streamEntities: () => {
      const page = [...this.written.values()];
      return (async function* pages() {
        yield page;
      })();
    },
    refreshEntity: async (ref: string) => {
      this.refreshed.push(ref);
    },
  });

  write(
    ref: string,
    annotations: Record<string, string> = {},
    spec: Entity['spec'] = {},
  ) {
    const { kind, namespace, name } = parseEntityRef(ref);
    this.written.set(ref, {
      apiVersion: 'slipway.dev/v1alpha1',
      kind,
      metadata: { name, namespace, annotations },
      spec,
    });
  }

  get names(): string[] {
    return [...this.provided.keys()].sort();
  }
}

/** A source that holds what a test says. */
export class FakeSource implements ModelSource {
  readonly settings: SourceSettings;
  readonly places = ['https://mlflow.example.com'];
  reading: SourceReading = emptyReading();
  trouble?: Error;

  constructor(settings: Partial<SourceSettings> = {}) {
    this.settings = testSettings(settings);
  }

  async read(): Promise<SourceReading> {
    if (this.trouble) {
      throw this.trouble;
    }
    return this.reading;
  }

  /** Says what it holds from now on. */
  hold(...names: (string | SourceReading['found'][number]['draft'])[]) {
    this.reading = {
      ...emptyReading(),
      found: names.map(each => ({
        draft:
          typeof each === 'string'
            ? {
                source: each,
                name: each,
                registry: `mlflow://main/${encodeURIComponent(each)}`,
                spec: {},
              }
            : each,
      })),
    };
  }
}

/** Settings of a source that tests read. */
export function testSettings(
  settings: Partial<SourceSettings> = {},
): SourceSettings {
  return {
    provider: 'mlflow:main',
    title: 'MLflow main',
    namespace: 'default',
    defaults: {},
    labels: {},
    schedule: { frequency: { minutes: 5 }, timeout: { minutes: 1 } },
    maxRemovedShare: 0.5,
    ...settings,
  };
}

/** A reading that brought nothing. */
export function emptyReading(): SourceReading {
  return {
    found: [],
    unchangedTargets: [],
    refused: [],
    errors: [],
    etags: {},
  };
}

/** A provider of a source that is connected to a catalog. */
export async function connectProvider(
  source: ModelSource,
  catalog: FakeCatalog,
  store: FoundModelsStore,
  now: () => number = () => 0,
): Promise<ModelSourceProvider> {
  const provider = new ModelSourceProvider(source, {
    store,
    catalog: catalog.service,
    auth: mockServices.auth(),
    scheduler: mockServices.scheduler.mock(),
    logger: mockServices.logger.mock(),
    reports: new SourceReports([source.settings.provider], {
      store,
      logger: mockServices.logger.mock(),
      send: async (_id, report) => {
        catalog.reports.push(report);
      },
    }),
    now,
  });
  await provider.connect(catalog.connection);
  return provider;
}
