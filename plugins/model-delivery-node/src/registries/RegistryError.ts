import { CustomErrorBase } from '@backstage/errors';

/**
 * What kind of trouble a connection has: the registry can't be reached, is too slow or broken (`unreachable`), refuses the
 * credentials (`refused`), answers nonsense (`malformed`), or says that the request itself is wrong (`rejected`).
 * @public
 */
export type RegistryTrouble =
  | 'unreachable'
  | 'refused'
  | 'malformed'
  | 'rejected';

/**
 * Trouble with a model registry. The message names the connection and what is wrong, and never holds credentials.
 * @public
 */
export class RegistryError extends CustomErrorBase {
  readonly trouble: RegistryTrouble;
  /** The registry's own code, such as `RESOURCE_DOES_NOT_EXIST`, when it gave one. */
  readonly code?: string;

  constructor(trouble: RegistryTrouble, message: string, code?: string) {
    super(message);
    this.name = 'RegistryError';
    this.trouble = trouble;
    this.code = code;
  }
}
