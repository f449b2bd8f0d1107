import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  readRegistryConnections,
  readRegistryPace,
  readServiceUrl,
  RegistryPace,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A connection to one registry of Weights & Biases. */
export interface WandbConnection extends RegistryPace {
  id: string;
  apiKey: string;
  entity: string;
  project: string;
  artifactType: string;
  /** As in the address of its page. */
  organization?: string;
  /** Without a slash at the end. */
  baseUrl: string;
  /** What people open, without a slash at the end. */
  publicUrl: string;
  readOnly: boolean;
}

/**
 * Reads `modelDelivery.wandb`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readWandbConnections(root: Config): WandbConnection[] {
  return readRegistryConnections(root, 'wandb', (config, { id, path }) => {
    const name = (key: string, otherwise?: string) => {
      const text =
        config.getOptionalString(key) ?? otherwise ?? config.getString(key);
      if (text.length > 128 || text.includes('/')) {
        throw new InputError(
          `${path}.${key}: '${text}' is not a name, of at most 128 characters and without '/'`,
        );
      }
      return text;
    };
    const baseUrl = readServiceUrl(config, 'baseUrl', path);
    return {
      id,
      apiKey: readKey(config.getString('apiKey'), path),
      entity: name('entity'),
      project: name('project', 'wandb-registry-model'),
      artifactType: name('artifactType', 'model'),
      organization: config.getOptionalString('organization'),
      baseUrl: baseUrl ?? 'https://api.wandb.ai',
      publicUrl:
        readServiceUrl(config, 'publicUrl', path) ??
        baseUrl ??
        'https://wandb.ai',
      readOnly: config.getOptionalBoolean('readOnly') ?? false,
      ...readRegistryPace(config, path, { timeoutMs: 30_000 }),
    };
  });
}

function readKey(key: string, path: string): string {
  if (/\s/.test(key)) {
    throw new InputError(`${path}.apiKey must not contain white space`);
  }
  return key;
}
