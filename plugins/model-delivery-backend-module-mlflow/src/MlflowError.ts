import { CustomErrorBase } from '@backstage/errors';

/**
 * What kind of trouble a connection has: the server can't be reached or is broken (`unreachable`), refuses the
 * credentials (`refused`), answers nonsense (`malformed`), or says that the request itself is wrong (`rejected`).
 */
export type MlflowTrouble =
  | 'unreachable'
  | 'refused'
  | 'malformed'
  | 'rejected';

/** Trouble with an MLflow server. The message never holds credentials. */
export class MlflowError extends CustomErrorBase {
  readonly trouble: MlflowTrouble;
  /** MLflow's own code, such as `RESOURCE_DOES_NOT_EXIST`, when it gave one. */
  readonly code?: string;

  constructor(trouble: MlflowTrouble, message: string, code?: string) {
    super(message);
    this.name = 'MlflowError';
    this.trouble = trouble;
    this.code = code;
  }
}
