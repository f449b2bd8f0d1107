import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';

/** Names under which people and programs commit and train besides those that the catalog knows. */
export interface NameConfig {
  /** Entity refs of users, by another address or account name of theirs in lower case. */
  aliases: ReadonlyMap<string, string>;
  /** Names of programs, which are nobody; `*` stands for any characters. */
  machines: readonly RegExp[];
}

/**
 * Reads `modelDelivery.people`.
 * @throws InputError naming an alias that does not lead to a user
 */
export function readNameConfig(config: Config | undefined): NameConfig {
  const people = config?.getOptionalConfig('people');
  return {
    aliases: new Map(
      (people?.getOptionalConfigArray('aliases') ?? []).map(each => [
        each.getString('name').toLocaleLowerCase('en-US'),
        requireUserRef(each.getString('user')),
      ]),
    ),
    machines: (people?.getOptionalStringArray('machines') ?? []).map(toPattern),
  };
}

/** Whether the configuration says that a name is no person's. */
export function isMachine({ machines }: NameConfig, name: string): boolean {
  return machines.some(each => each.test(name));
}

function toPattern(name: string): RegExp {
  const parts = name
    .split(/\*+/)
    .map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

function requireUserRef(given: string): string {
  const ref = parseEntityRef(given, {
    defaultKind: 'user',
    defaultNamespace: 'default',
  });
  if (ref.kind.toLocaleLowerCase('en-US') !== 'user') {
    throw new InputError(
      `modelDelivery.people.aliases leads to '${given}'; give the entity reference of a user`,
    );
  }
  return stringifyEntityRef(ref);
}
