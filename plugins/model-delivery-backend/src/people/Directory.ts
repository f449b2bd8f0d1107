import { AuthService } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

const MAX_DEPTH = 20;

/**
 * Knows people as the catalog does: the groups they are in, nested ones included, and who an e-mail address belongs to.
 */
export class Directory {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;

  constructor(options: { catalog: CatalogService; auth: AuthService }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /**
   * Every group that the user is a member of, directly or through a group within it. Read anew at each call, since a
   * decision rests on what holds at that moment.
   */
  async groupsOf(userRef: string): Promise<Set<string>> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const user = await this.#catalog.getEntityByRef(userRef, { credentials });
    const groups = new Set<string>();
    let next = targets(user?.relations, RELATION_MEMBER_OF);
    for (let depth = 0; next.length > 0 && depth < MAX_DEPTH; depth++) {
      const fresh = next.filter(ref => !groups.has(ref));
      fresh.forEach(ref => groups.add(ref));
      if (fresh.length === 0) {
        break;
      }
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: fresh, fields: ['kind', 'metadata', 'relations'] },
        { credentials },
      );
      next = items.flatMap(group =>
        targets(group?.relations, RELATION_CHILD_OF),
      );
    }
    return groups;
  }

  /** Whether the catalog has a user of that entity ref. */
  async isKnown(userRef: string): Promise<boolean> {
    const { kind } = parseEntityRef(userRef);
    const user =
      kind.toLocaleLowerCase('en-US') === 'user' &&
      (await this.#catalog.getEntityByRef(userRef, {
        credentials: await this.#auth.getOwnServiceCredentials(),
      }));
    return Boolean(user);
  }

  /**
   * The user that a commit author, trainer or requester is: an entity ref as it is, an e-mail address looked up in the
   * catalog. What is unknown stays as it was given, so that it can still be shown and never matches a user.
   */
  async resolvePerson(given: string): Promise<string> {
    if (!given.includes('@') || given.startsWith('user:')) {
      return given.startsWith('user:')
        ? stringifyEntityRef(parseEntityRef(given))
        : given;
    }
    const { items } = await this.#catalog.queryEntities(
      {
        filter: { kind: 'user', 'spec.profile.email': given },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
        limit: 1,
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return items.length > 0 ? stringifyEntityRef(items[0]) : given;
  }
}

function targets(
  relations: { type: string; targetRef: string }[] | undefined,
  type: string,
): string[] {
  return (relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
}
