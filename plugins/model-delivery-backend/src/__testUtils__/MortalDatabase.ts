import { Knex } from 'knex';

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

  /**
   * @param at - told before and after each commit of a promotion's change; kills the replica by returning true
   */
  constructor(
    knex: Knex,
    at: (point: 'before-commit' | 'after-commit') => boolean = () => false,
  ) {
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
  }
}
