import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /**
     * Git repositories on the portal's own machine, for a demo or a team without a Git server. Whoever may write to the
     * folder may push. One backend uses it at a time.
     */
    localRepositories?: {
      /** Folder that holds them, absolute or relative to where the backend runs. It is made when it is missing. */
      directory: string;
      /** How often they are looked at for pushes. Default 3 seconds. */
      pollInterval?: HumanDuration | string;
    };
  };
}
