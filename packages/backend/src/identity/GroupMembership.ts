import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

/** Deeper nests than this are cut off, so that a cycle or a runaway hierarchy cannot stall a decision. */
const MAX_DEPTH = 20;
const FIELDS = ['kind', 'metadata.name', 'metadata.namespace', 'relations'];

/**
 * Knows the groups that somebody is in, as the catalog has them: directly, and by the groups above those.
 */
export class GroupMembership {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #now: () => number;
  readonly #keepMs: number;
  readonly #known = new Map<
    string,
    { until: number; groups: Promise<ReadonlySet<string>> }
  >();

  /**
   * @param options - `keepMs` is how long an answer is used again, in milliseconds: one page asks for a dozen decisions
   * at once. A membership that is withdrawn in the catalog is gone here after as long.
   */
  constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    keepMs?: number;
    now?: () => number;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#keepMs = options.keepMs ?? 10_000;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Entity refs of every group of the user; none for a user whom the catalog does not know.
   * @throws the catalog's error when it cannot answer; a failure is not remembered.
   */
  async groupsOf(userRef: string): Promise<ReadonlySet<string>> {
    const now = this.#now();
    for (const [ref, entry] of this.#known) {
      if (entry.until <= now) {
        this.#known.delete(ref);
      }
    }
    const known = this.#known.get(userRef);
    if (known) {
      return known.groups;
    }
    const groups = this.#read(userRef);
    this.#known.set(userRef, { until: now + this.#keepMs, groups });
    groups.catch(() => this.#known.delete(userRef));
    return groups;
  }

  /** Entity refs of the group and of every group above it. */
  async withAncestors(groupRefs: Iterable<string>): Promise<Set<string>> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const found = new Set<string>();
    let next = [...groupRefs];
    for (let depth = 0; next.length > 0 && depth < MAX_DEPTH; depth++) {
      next.forEach(ref => found.add(ref));
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: next, fields: FIELDS },
        { credentials },
      );
      next = [
        ...new Set(items.flatMap(group => targets(group, RELATION_CHILD_OF))),
      ].filter(ref => !found.has(ref));
    }
    return found;
  }

  async #read(userRef: string): Promise<ReadonlySet<string>> {
    const user = await this.#catalog.getEntityByRef(userRef, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
    return this.withAncestors(targets(user, RELATION_MEMBER_OF));
  }
}

function targets(entity: Entity | undefined, type: string): string[] {
  return (entity?.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
}
