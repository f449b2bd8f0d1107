import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { SourceSettings } from './sources/ModelSource';

/** Where the settings are. */
const PATH = 'catalog.providers.slipway';

const DEFAULT_SCHEDULE = {
  frequency: { minutes: 5 },
  timeout: { minutes: 10 },
  // Files that somebody wrote are read first, so that what they claim is known
  initialDelay: { seconds: 15 },
} as const;

/** The kinds of sources, by the key below which they are configured, and what people call them. */
const KINDS = {
  mlflow: { prefix: 'mlflow', title: 'MLflow' },
  modelCards: { prefix: 'model-cards', title: 'Model cards' },
  mlBoms: { prefix: 'ml-boms', title: 'ML-BOMs' },
} as const;

/** A key below which sources are configured. */
export type SourceKind = keyof typeof KINDS;

/** A source as it is configured. */
export interface ConfiguredSource {
  id: string;
  settings: SourceSettings;
  /** What only its kind has. */
  config: Config;
}

/**
 * Reads the sources of one kind; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readSources(
  root: Config,
  kind: SourceKind,
): ConfiguredSource[] {
  const sources = root.getOptionalConfig(`${PATH}.${kind}`);
  return (sources?.keys() ?? []).map(id => {
    const path = `${PATH}.${kind}.${id}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$/.test(id)) {
      throw new InputError(
        `${path}: a source is named by at most 61 letters, digits, '-' and '_'`,
      );
    }
    const config = sources!.getConfig(id);
    return { id, config, settings: readSettings(config, path, kind, id) };
  });
}

function readSettings(
  config: Config,
  path: string,
  kind: SourceKind,
  id: string,
): SourceSettings {
  const maxRemovedShare = config.getOptionalNumber('maxRemovedShare') ?? 0.5;
  if (!(maxRemovedShare >= 0 && maxRemovedShare <= 1)) {
    throw new InputError(
      `${path}.maxRemovedShare must be between 0 and 1, not ${maxRemovedShare}`,
    );
  }
  const oneOf = (key: 'teamSize' | 'lifecycle', values: string[]) => {
    const value = config.getOptionalString(`defaults.${key}`);
    if (value !== undefined && !values.includes(value)) {
      throw new InputError(
        `${path}.defaults.${key} must be one of ${values.join(
          ', ',
        )}, not '${value}'`,
      );
    }
    return value;
  };
  const { prefix, title } = KINDS[kind];
  return {
    provider: `${prefix}:${id}`,
    title: `${title} ${id}`,
    namespace: config.getOptionalString('namespace') ?? 'default',
    defaults: {
      owner: config.getOptionalString('defaults.owner'),
      system: config.getOptionalString('defaults.system'),
      teamSize: oneOf('teamSize', ['small', 'medium', 'large']),
      lifecycle: oneOf('lifecycle', [
        'experimental',
        'production',
        'deprecated',
      ]),
    },
    labels: config.getOptional<Record<string, string>>('labels') ?? {},
    schedule: config.has('schedule')
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
          config.getConfig('schedule'),
        )
      : DEFAULT_SCHEDULE,
    maxRemovedShare,
  };
}
