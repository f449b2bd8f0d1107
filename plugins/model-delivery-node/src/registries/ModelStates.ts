import { createHash } from 'node:crypto';

/** Letters of the digest of one of the 256 groups into which models fall. */
const LETTERS = 4;

/** A model, and how it was seen where that tells of its changes. */
interface SeenModel {
  model: string;
  state?: string;
}

/**
 * How models that do not say when they changed were seen last. The process remembers each of them; a cursor remembers groups, so
 * that it stays small, and another replica reads some models too many rather than miss one.
 */
export class ModelStates {
  #seen = new Map<string, string>();

  /** Forgets everything: what the cursor says is all that is known. */
  forget() {
    this.#seen = new Map();
  }

  /** Notes models before they are read. */
  note(models: SeenModel[]) {
    for (const { model, state } of models) {
      if (state !== undefined) {
        this.#seen.set(model, state);
      }
    }
  }

  /**
   * The models that are not as they were seen; of those never seen, the ones of groups that are not as they were.
   * @param models - all there are
   * @param groups - from the cursor
   */
  changed(models: SeenModel[], groups: string | undefined): Set<string> {
    const current = digest(models);
    return new Set(
      models
        .filter(({ model, state }) => {
          if (state === undefined) {
            return false;
          }
          const seen = this.#seen.get(model);
          const group = groupOf(model);
          return seen === undefined
            ? groups !== undefined &&
                part(groups, group) !== part(current, group)
            : seen !== state;
        })
        .map(({ model }) => model),
    );
  }

  /** Takes these for all there are, and gives what a cursor keeps of them; `undefined` where models have no state. */
  settle(models: SeenModel[]): string | undefined {
    this.forget();
    this.note(models);
    return digest(models);
  }
}

function digest(models: SeenModel[]): string | undefined {
  if (!models.length || models.some(each => each.state === undefined)) {
    return undefined;
  }
  const groups = Array.from({ length: 256 }, () => new Array<string>());
  for (const { model, state } of models) {
    groups[groupOf(model)].push(JSON.stringify([model, state]));
  }
  return groups
    .map(each => hash(each.sort().join()).toString('base64'))
    .map(each => each.slice(0, LETTERS))
    .join('');
}

function part(groups: string | undefined, group: number): string | undefined {
  return groups?.slice(group * LETTERS, (group + 1) * LETTERS);
}

function groupOf(model: string): number {
  return hash(model)[0];
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
