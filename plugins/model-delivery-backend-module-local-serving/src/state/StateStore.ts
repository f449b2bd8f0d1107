import { join } from 'node:path';
import { readIfThere, writeFileAtomically } from './atomicFile';
import { EMPTY_STATE, forgetOldOperations, ServingState } from './ServingState';

/**
 * Holds the state in memory and on disk. A change is on disk before its caller acts on it, and changes never overlap.
 */
export class StateStore {
  #state: ServingState;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(readonly path: string, state: ServingState) {
    this.#state = state;
  }

  /** @throws when the file is there but can't be read as a state; nothing is guessed about what serves. */
  static async open(directory: string): Promise<StateStore> {
    const path = join(directory, 'state.json');
    const text = await readIfThere(path);
    if (text === undefined) {
      return new StateStore(path, structuredClone(EMPTY_STATE));
    }
    let state: ServingState;
    try {
      state = JSON.parse(text);
    } catch (error) {
      throw new Error(
        `The state of local serving in ${path} is no JSON (${error}); restore or remove the file`,
      );
    }
    if (state.schema !== 1) {
      throw new Error(
        `The state of local serving in ${path} has the schema ${state.schema}; this version reads schema 1`,
      );
    }
    return new StateStore(path, state);
  }

  /** The state as it is now. Not to be changed. */
  get current(): ServingState {
    return this.#state;
  }

  /**
   * Changes a copy of the state, writes it, and only then makes it the current one.
   * @returns what `change` returns. When it throws, or writing fails, the state stays as it was.
   */
  async update<T>(change: (draft: ServingState) => T): Promise<T> {
    const turn = this.#last.then(async () => {
      const draft = structuredClone(this.#state);
      const result = change(draft);
      forgetOldOperations(draft);
      const text = JSON.stringify(draft, null, 1);
      if (text !== JSON.stringify(this.#state, null, 1)) {
        await writeFileAtomically(this.path, text);
      }
      this.#state = draft;
      return result;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
