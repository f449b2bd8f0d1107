import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  readRegistryConnections,
  readRegistryPace,
  readServiceUrl,
  RegistryPace,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A connection to the model registry of one location of a project. */
export interface VertexConnection extends RegistryPace {
  id: string;
  project: string;
  location: string;
  /** Without a slash at the end. */
  endpoint: string;
  /** File with the key of a service account; the credentials of the environment unless set. */
  keyFile?: string;
}

/**
 * Reads `modelDelivery.vertexAi`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readVertexConnections(root: Config): VertexConnection[] {
  return readRegistryConnections(root, 'vertexAi', (config, { id, path }) => {
    const project = config.getString('project');
    if (!/^[a-z][a-z0-9.:-]{3,80}$|^\d{1,20}$/.test(project)) {
      throw new InputError(
        `${path}.project: '${project}' is not the id or number of a project`,
      );
    }
    const location = config.getString('location');
    // It becomes part of a host's name
    if (!/^[a-z]+(-[a-z]+)*-?\d{0,2}$/.test(location)) {
      throw new InputError(
        `${path}.location: '${location}' is not the name of a location, such as europe-west4`,
      );
    }
    return {
      id,
      project,
      location,
      endpoint:
        readServiceUrl(config, 'endpoint', path) ??
        `https://${location}-aiplatform.googleapis.com`,
      keyFile: config.getOptionalString('keyFile'),
      ...readRegistryPace(config, path),
    };
  });
}
