import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readMlflowConnections } from '@slipway/backstage-plugin-model-delivery-backend-module-mlflow';
import { readSources } from '../config';
import { MlflowModels } from './MlflowModels';

/**
 * The MLflow servers whose registered models become entities.
 * @throws InputError when one of them is no connection of `modelDelivery.mlflow`.
 */
export function readMlflowSources(root: Config): MlflowModels[] {
  const connections = readMlflowConnections(root);
  return readSources(root, 'mlflow').map(({ id, settings }) => {
    const connection = connections.find(each => each.id === id);
    if (!connection) {
      throw new InputError(
        `catalog.providers.slipway.mlflow.${id}: there is no modelDelivery.mlflow.${id} with the address of that server; there ${
          connections.length === 0
            ? 'are none'
            : `is ${connections.map(each => each.id).join(', ')}`
        }`,
      );
    }
    return new MlflowModels(connection, settings);
  });
}
