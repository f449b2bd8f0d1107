import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  parseEntityRef,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { isMachine, NameConfig } from './nameConfig';

/**
 * Who registers versions that only the registry knows, and who trained them where the registry names nobody: no program,
 * but a person or program that nobody knows.
 */
export const REGISTRY_ACTOR = 'service:registry';

const MAX_DEPTH = 20;
const ENTITY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Knows people as the catalog does: the groups they are in, nested ones included, and who an e-mail address belongs to.
 */
export class Directory {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #names: NameConfig;

  constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    names: NameConfig;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#names = options.names;
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
   * The user that a commit author, trainer or requester is: an entity ref as it is; an e-mail address, alone or behind a
   * name as Git writes it, and a user name looked up in the configuration and the catalog. What is unknown stays as it was
   * given, so that it can still be shown and never matches a user.
   */
  async resolvePerson(given: string): Promise<string> {
    const ref = toUserRef(given);
    const name = ref ?? nameIn(given);
    const alias = this.#names.aliases.get(name.toLocaleLowerCase('en-US'));
    if (alias || given.startsWith('user:')) {
      return alias ?? ref ?? given;
    }
    if (isMachine(this.#names, name)) {
      return given;
    }
    const found = name.includes('@')
      ? await this.#findByAddress(name)
      : await this.#findByName(name);
    return found ? stringifyEntityRef(found) : given;
  }

  /**
   * Those of the names that `resolvePerson` gave which are neither a user of the catalog or the configuration nor known to
   * be no person at all. A ref that looks like a user's is not enough: it bars nobody real.
   */
  async findUnidentified(names: string[]): Promise<Set<string>> {
    const known = new Set(this.#names.aliases.values());
    const open = names.filter(
      name =>
        !known.has(name) &&
        (!name.startsWith('service:') || name === REGISTRY_ACTOR) &&
        !isMachine(this.#names, nameIn(name)),
    );
    const refs = open.filter(name => toUserRef(name) === name);
    if (refs.length > 0) {
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: refs, fields: ['kind', 'metadata.name'] },
        { credentials: await this.#auth.getOwnServiceCredentials() },
      );
      refs.filter((_, i) => items[i]).forEach(ref => known.add(ref));
    }
    return new Set(open.filter(name => !known.has(name)));
  }

  async #findByAddress(address: string): Promise<Entity | undefined> {
    const { items } = await this.#catalog.queryEntities(
      {
        filter: { kind: 'user', 'spec.profile.email': address },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
        limit: 1,
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return items[0];
  }

  /** Registries often say who trained by the name of an account alone. */
  async #findByName(name: string): Promise<Entity | undefined> {
    return ENTITY_NAME.test(name)
      ? this.#catalog.getEntityByRef(
          { kind: 'user', namespace: 'default', name },
          { credentials: await this.#auth.getOwnServiceCredentials() },
        )
      : undefined;
  }
}

/** The address in a name as Git writes it, or the name itself. */
function nameIn(given: string): string {
  return /<([^<>\s]+)>\s*$/.exec(given)?.[1] ?? given.trim();
}

/** The normalised entity ref, or undefined for what is not the ref of a user. */
function toUserRef(given: string): string | undefined {
  try {
    const ref = parseEntityRef(given);
    return given.startsWith('user:') ? stringifyEntityRef(ref) : undefined;
  } catch {
    return undefined;
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
