import {
  mapBounded,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { AliasIndex } from './AliasIndex';
import { MlflowConnection } from './config';
import {
  MlflowLoggedModel,
  MlflowModelVersion,
  MlflowRun,
} from './mlflowSchemas';
import { MlflowTracking } from './MlflowTracking';
import {
  readDatasets,
  readEvaluations,
  runsInDoubt,
  withoutDoubt,
} from './readEvaluations';
import {
  LoggedModelReading,
  loggedModelOf,
  readLoggedModels,
} from './readLoggedModels';
import { RunReader } from './RunReader';
import { asRecord, isPrompt, MODEL_VERSIONS_TAG } from './tags';

/** Adds to versions what MLflow keeps elsewhere: their runs, logged models and aliases, each asked for once for all of them. */
export class VersionCompletion {
  readonly #tracking: MlflowTracking;
  readonly #runs: RunReader;
  readonly #aliases: AliasIndex;
  readonly #connection: Pick<MlflowConnection, 'publicUrl' | 'evaluations'>;

  constructor(
    tracking: MlflowTracking,
    runs: RunReader,
    aliases: AliasIndex,
    connection: Pick<MlflowConnection, 'publicUrl' | 'evaluations'>,
  ) {
    this.#tracking = tracking;
    this.#runs = runs;
    this.#aliases = aliases;
    this.#connection = connection;
  }

  /**
   * The versions whole, without prompts.
   * @param known - aliases by version by model that were read just now
   */
  async complete(
    items: MlflowModelVersion[],
    signal?: AbortSignal,
    known?: Map<string, Map<string, string[]>>,
  ): Promise<RegistryVersion[]> {
    const models = items.filter(item => !isPrompt(asRecord(item.tags)));
    const runs = await this.#runs.read(
      models.flatMap(({ run_id }) => run_id || []),
      signal,
    );
    const logged = await readLoggedModels(
      this.#tracking,
      models.flatMap(({ source, run_id }) => {
        const id = loggedModelOf(source);
        const experimentId = runs.get(run_id ?? '')?.info.experiment_id;
        return id ? [{ id, experimentId }] : [];
      }),
      signal,
    );
    const names = [...new Set(models.map(({ name }) => name))];
    const aliases = new Map(
      await mapBounded(
        names,
        async name =>
          [
            name,
            known?.get(name) ?? (await this.#aliases.readModel(name, signal)),
          ] as const,
      ),
    );
    const versions = models.map(item => {
      const id = loggedModelOf(item.source);
      return toRegistryVersion(item, {
        run: runs.get(item.run_id ?? ''),
        loggedModel: id ? { id, ...logged.get(id)! } : undefined,
        aliases: aliases.get(item.name)?.get(item.version) ?? [],
        ...this.#connection,
      });
    });
    const doubted = await this.#runs.read(
      versions
        .flatMap(each => runsInDoubt(each.evaluations ?? []))
        .filter(id => !runs.has(id)),
      signal,
    );
    const all = new Map([...runs, ...doubted]);
    return versions.map(version =>
      version.evaluations
        ? { ...version, evaluations: withoutDoubt(version.evaluations, all) }
        : version,
    );
  }
}

/** When a version changed last. Milliseconds since 1970. */
export function changed(item: MlflowModelVersion): number {
  return item.last_updated_timestamp ?? item.creation_timestamp;
}

/** The page of a logged model that people open. */
export function loggedModelUrl(
  publicUrl: string,
  { info }: MlflowLoggedModel,
): string {
  return `${publicUrl}/#/experiments/${encodeURIComponent(
    info.experiment_id,
  )}/models/${encodeURIComponent(info.model_id)}`;
}

function toRegistryVersion(
  item: MlflowModelVersion,
  of: {
    run: MlflowRun | undefined;
    loggedModel: ({ id: string } & LoggedModelReading) | undefined;
    aliases: string[];
    publicUrl: string;
    /** Whether they are told. */
    evaluations: boolean;
  },
): RegistryVersion {
  const { run, aliases, publicUrl } = of;
  const runTags = asRecord(run?.data.tags ?? []);
  const logged =
    of.loggedModel?.state === 'read' ? of.loggedModel.model : undefined;
  const { [MODEL_VERSIONS_TAG]: _, ...loggedTags } = asRecord(
    logged?.info.tags ?? [],
  );
  return {
    model: item.name,
    version: item.version,
    uri: `models:/${item.name}/${item.version}`,
    url: `${publicUrl}/#/models/${encodeURIComponent(
      item.name,
    )}/versions/${encodeURIComponent(item.version)}`,
    runId: item.run_id || undefined,
    aliases,
    tags: { ...runTags, ...loggedTags, ...asRecord(item.tags) },
    parameters: {
      ...asRecord(run?.data.params ?? []),
      ...asRecord(logged?.data.params ?? []),
    },
    metrics: Object.fromEntries(
      (run?.data.metrics ?? [])
        .filter(({ value }) => Number.isFinite(value))
        .map(({ key, value }) => [key, value]),
    ),
    datasets: readDatasets(run, logged),
    ...(of.loggedModel && {
      loggedModel: toLoggedModel(of.loggedModel, publicUrl),
    }),
    ...(logged &&
      of.evaluations && { evaluations: readEvaluations(logged, run) }),
    user:
      item.user_id || runTags['mlflow.user'] || run?.info.user_id || undefined,
    createdAt: new Date(item.creation_timestamp),
    updatedAt: new Date(changed(item)),
  };
}

function toLoggedModel(
  reading: { id: string } & LoggedModelReading,
  publicUrl: string,
): RegistryVersion['loggedModel'] {
  const { id, state } = reading;
  switch (reading.state) {
    case 'read':
      return { id, state, url: loggedModelUrl(publicUrl, reading.model) };
    case 'failed':
      return { id, state, problem: reading.problem };
    default:
      return { id, state };
  }
}
