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
  /**
   * The program through which a person acts, such as `mcp-actions`: another plugin calls on behalf of them then. Absent
   * where they act themselves, as in the portal.
   */
  actor?: string;
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
    const { userEntityRef, actor } = credentials.principal;
    return {
      ref: userEntityRef,
      isUser: true,
      ...(actor && { actor: programName(actor.subject) }),
      credentials,
    };
  }
  if (auth.isPrincipal(credentials, 'service')) {
    const name = credentials.principal.subject.replace(/^external:/, '');
    return { ref: `service:${name}`, isUser: false, credentials };
  }
  throw new NotAllowedError('This needs a signed-in user or a service token');
}

/** What a program is called: `plugin:mcp-actions` is `mcp-actions`. */
function programName(subject: string): string {
  return subject.replace(/^(plugin|external):/, '');
}
