import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  readRegistryConnections,
  readRegistryPace,
  readServiceUrl,
  RegistryPace,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A connection to the model registry of one region of an account. */
export interface SagemakerConnection extends RegistryPace {
  id: string;
  region: string;
  /** Instead of the region's own address, without a slash at the end. */
  endpoint?: string;
  /** Whose credentials of the `aws` configuration are used; the default ones unless set. */
  accountId?: string;
}

/**
 * Reads `modelDelivery.sagemaker`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readSagemakerConnections(root: Config): SagemakerConnection[] {
  return readRegistryConnections(root, 'sagemaker', (config, { id, path }) => {
    const region = config.getString('region');
    // It becomes part of a host's name
    if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(region)) {
      throw new InputError(
        `${path}.region: '${region}' is not the name of a region, such as eu-west-1`,
      );
    }
    const accountId = config.getOptionalString('accountId');
    if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
      throw new InputError(
        `${path}.accountId: '${accountId}' is not an account's number of 12 digits; write it in quotes`,
      );
    }
    return {
      id,
      region,
      endpoint: readServiceUrl(config, 'endpoint', path),
      accountId,
      ...readRegistryPace(config, path, { attempts: 6 }),
    };
  });
}
