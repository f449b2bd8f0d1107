import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';

/** Who acts: a person, or a program such as a pipeline. */
export interface Principal {
  /** Entity ref of the user, or `service:NAME`. */
  ref: string;
  isUser: boolean;
  credentials: BackstageCredentials;
}

/**
 * Who the credentials belong to.
 * @throws NotAllowedError when they belong to nobody.
 */
export function principalOf(
  auth: AuthService,
  credentials: BackstageCredentials,
): Principal {
  if (auth.isPrincipal(credentials, 'user')) {
    return {
      ref: credentials.principal.userEntityRef,
      isUser: true,
      credentials,
    };
  }
  if (auth.isPrincipal(credentials, 'service')) {
    const name = credentials.principal.subject.replace(/^external:/, '');
    return { ref: `service:${name}`, isUser: false, credentials };
  }
  throw new NotAllowedError('This needs a signed-in user or a service token');
}
