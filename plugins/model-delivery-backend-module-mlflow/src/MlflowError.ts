import { RegistryError } from '@slipway/backstage-plugin-model-delivery-node';

/** Trouble with an MLflow server. The message never holds credentials. */
export class MlflowError extends RegistryError {
  readonly name = 'MlflowError';
}
