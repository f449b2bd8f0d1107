import {
  MlflowConnection,
  readRegisteredModels,
  RegisteredModel,
} from '@slipway/backstage-plugin-model-delivery-backend-module-mlflow';
import { ModelDraft } from '../entities/ModelDraft';
import { statedFields } from '../entities/statedFields';
import {
  ModelSource,
  SourceReading,
  SourceSettings,
} from '../sources/ModelSource';

/** The longest description that is kept, in characters. */
const MAX_DESCRIPTION = 4_000;

/** The registered models of an MLflow server. */
export class MlflowModels implements ModelSource {
  readonly settings: SourceSettings;
  readonly #connection: MlflowConnection;

  constructor(connection: MlflowConnection, settings: SourceSettings) {
    this.#connection = connection;
    this.settings = settings;
  }

  get places(): string[] {
    return [this.#connection.publicUrl];
  }

  /** {@inheritdoc ModelSource.read} */
  async read(options: { signal?: AbortSignal }): Promise<SourceReading> {
    const reading: SourceReading = {
      found: [],
      unchangedTargets: [],
      refused: [],
      errors: [],
      etags: {},
    };
    for await (const page of readRegisteredModels(
      this.#connection,
      options.signal,
    )) {
      page.forEach(model =>
        reading.found.push({ draft: toDraft(model, this.#connection.id) }),
      );
    }
    return reading;
  }
}

/** What a registered model says of itself: its description, and its tags and those of its newest version. */
export function toDraft(
  model: RegisteredModel,
  connection: string,
): ModelDraft {
  const { spec, framework } = statedFields([
    ...Object.entries(model.versionTags),
    ...Object.entries(model.tags),
  ]);
  return {
    source: model.name,
    name: model.name,
    description: model.description?.slice(0, MAX_DESCRIPTION),
    url: model.url,
    registry: `mlflow://${connection}/${encodeURIComponent(model.name)}`,
    framework,
    spec,
  };
}
