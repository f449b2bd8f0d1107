import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /**
     * Regions of AWS accounts whose SageMaker model registries are read, by the name of the connection, such as `main` in
     * `sagemaker://main/credit-default`. Credentials are those of the configuration under `aws`.
     */
    sagemaker?: {
      [connection: string]: {
        /** Such as `eu-west-1`. */
        region: string;
        /** Account whose credentials under `aws` are used, in quotes; the default ones unless set. */
        accountId?: string;
        /** Address of the service instead of the region's own, such as that of a VPC endpoint. */
        endpoint?: string;
        /** How long one request may take. Default 15 seconds. */
        timeout?: HumanDuration | string;
        /** How often a request that is throttled or gets no answer is made in all, 1 to 20. Default 6. */
        attempts?: number;
        /**
         * How often everything is read again, for changes that SageMaker keeps no time of: the tags of groups. Default 6
         * hours.
         */
        fullReadInterval?: HumanDuration | string;
      };
    };
  };
}
