import { NotAllowedError } from '@backstage/errors';
import { Principal } from '../access/principal';
import { withArticle } from '../words';
import { Directory } from './Directory';

/**
 * What a program may never do, whatever its permissions, and not in the name of a person either.
 * @param deed - continues "only people …"
 * @throws NotAllowedError unless the caller is a person who acts themselves
 */
export function requirePerson(principal: Principal, deed: string): void {
  if (!principal.isUser) {
    throw new NotAllowedError(
      `${principal.ref} is a program; only people ${deed}`,
    );
  }
  if (principal.actor !== undefined) {
    throw new NotAllowedError(
      `${principal.actor} acts on behalf of ${principal.ref}; only people ${deed}: they have to do this themselves in the portal`,
    );
  }
}

/**
 * What only those in a role may do. The groups are read anew, since a decision rests on what holds at that moment.
 * @param clause - follows the role's title, such as `, who alone may break the glass`
 * @throws NotAllowedError unless the person is in the role's group, or in one within it
 */
export async function requireRole(
  directory: Directory,
  person: string,
  role: { title: string; group: string },
  clause = '',
): Promise<void> {
  const groups = await directory.groupsOf(person);
  if (!groups.has(role.group)) {
    throw new NotAllowedError(
      `You are not ${withArticle(
        role.title,
      )}${clause}: you are in no group within ${role.group}`,
    );
  }
}
