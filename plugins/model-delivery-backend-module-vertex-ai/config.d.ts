import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /**
     * Locations of Google Cloud projects whose Vertex AI model registries are read, by the name of the connection, such as
     * `main` in `vertex-ai://main/1234567890`.
     */
    vertexAi?: {
      [connection: string]: {
        /** Id or number of the project. */
        project: string;
        /** Such as `europe-west4`. */
        location: string;
        /** Address of the service instead of the location's own, such as that of a private endpoint. */
        endpoint?: string;
        /** Path of the file with a service account's key; the credentials of the environment unless set. */
        keyFile?: string;
        /** How long one request may take. Default 15 seconds. */
        timeout?: HumanDuration | string;
        /** How often a request that is throttled is made in all, 1 to 20. Default 5. */
        attempts?: number;
        /** How often everything is read again. Default 6 hours. */
        fullReadInterval?: HumanDuration | string;
      };
    };
  };
}
