import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /**
     * Registries of Weights & Biases that are read, by the name of the connection, such as `main` in
     * `wandb://main/credit-default`.
     */
    wandb?: {
      [connection: string]: {
        /**
         * Key of an account that may read the registry.
         * @visibility secret
         */
        apiKey: string;
        /** The registry's entity: that of the organization, such as `acme-org`, or a team for an older model registry. */
        entity: string;
        /** The registry's project. Default `wandb-registry-model`; `model-registry` for an older model registry. */
        project?: string;
        /** Type of the artifacts that are models. Default `model`. */
        artifactType?: string;
        /** Name of the organization as in the address of its page; without it versions have no link to a registry. */
        organization?: string;
        /** Address of the API of a dedicated or self-managed server. Default `https://api.wandb.ai`. */
        baseUrl?: string;
        /** Address that people open. Default `https://wandb.ai`, or `baseUrl` where that is set. */
        publicUrl?: string;
        /** Whether aliases are never set. Default false. */
        readOnly?: boolean;
        /** How long one request may take. Default 30 seconds. */
        timeout?: HumanDuration | string;
        /** How often a request that is throttled is made in all, 1 to 20. Default 5. */
        attempts?: number;
        /** How often everything is read again. Default 6 hours. */
        fullReadInterval?: HumanDuration | string;
      };
    };
  };
}
