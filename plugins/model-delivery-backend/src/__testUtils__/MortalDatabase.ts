import { Knex } from 'knex';

/** Where a replica may die: about a commit, or when it has just sent a statement that writes, within one or without. */
export type DeathPoint = 'before-commit' | 'after-commit' | 'write';

const WRITES = /^\s*(insert|update|delete)\b/i;

/** What a replica dies of in a test. */
export class Killed extends Error {
  readonly name = 'Killed';
}

/**
 * One replica's connection to a database that others use too. Once killed it does nothing any more, as if the process
 * had gone: what was not committed is rolled back, and whatever the replica still tries fails.
 */
export class MortalDatabase {
  #dead = false;
  readonly knex: Knex;

  readonly #unheard: () => void;

  /** @param at - told of each point; kills the replica by returning true */
  constructor(knex: Knex, at: (point: DeathPoint) => boolean = () => false) {
    const hear = ({ sql }: { sql: string }) => {
      if (!this.#dead && WRITES.test(sql) && at('write')) {
        this.kill();
      }
    };
    knex.on('query', hear);
    this.#unheard = () => knex.removeListener('query', hear);
    const check = () => {
      if (this.#dead) {
        throw new Killed('The replica is dead');
      }
    };
    const transaction = async <T>(
      change: (tx: Knex.Transaction) => Promise<T>,
    ) => {
      check();
      const value = await knex.transaction(async tx => {
        const result = await change(tx);
        if (at('before-commit')) {
          this.kill();
        }
        check();
        return result;
      });
      if (at('after-commit')) {
        this.kill();
      }
      check();
      return value;
    };
    this.knex = new Proxy(knex, {
      apply: (target, self, args) => {
        check();
        return Reflect.apply(target, self, args);
      },
      get: (target, name) => {
        if (name === 'transaction') {
          return transaction;
        }
        check();
        return Reflect.get(target, name);
      },
    });
  }

  get isDead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
    this.#unheard();
  }

  /** Something beyond the database that the replica calls, and calls no more once it is dead. */
  reaching<T extends object>(service: T): T {
    return new Proxy(service, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') {
          return member;
        }
        return (...args: unknown[]) => {
          if (this.#dead) {
            throw new Killed('The replica is dead');
          }
          return member.apply(target, args);
        };
      },
    });
  }
}
