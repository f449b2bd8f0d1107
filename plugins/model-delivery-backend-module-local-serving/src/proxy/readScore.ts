import { unpack, WholeAnswer } from './compareAnswers';

/** Where the score of an answer is. */
export interface ScorePointers {
  /** JSON pointer (RFC 6901) of the list of predictions in the answer, or of the only one. */
  predictions: string;
  /** JSON pointer of the score in each prediction; the prediction itself when empty. */
  score: string;
}

/** As MLflow's model server answers: `{"predictions": [0.12]}`. */
export const MLFLOW_SCORES: ScorePointers = {
  predictions: '/predictions',
  score: '',
};

/**
 * The score of an answer: a finite number, or the only one in a list. Of several predictions one is drawn at random, since
 * those of one request are not independent. Undefined where there is none: another form, text, several columns. Pure but for
 * the randomness that is passed in.
 */
export function readScore(
  answer: WholeAnswer,
  pointers: ScorePointers,
  random: () => number,
): number | undefined {
  const body = unpack(answer);
  if (!body) {
    return undefined;
  }
  let found: unknown;
  try {
    found = resolvePointer(
      JSON.parse(body.toString('utf8')),
      pointers.predictions,
    );
  } catch {
    return undefined;
  }
  const prediction = Array.isArray(found)
    ? found[Math.floor(random() * found.length)]
    : found;
  return numberOf(resolvePointer(prediction, pointers.score));
}

/** Whether a text is a JSON pointer. */
export function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

function numberOf(value: unknown): number | undefined {
  const only: unknown =
    Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'number' && Number.isFinite(only) ? only : undefined;
}

function resolvePointer(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' &&
        inner !== null &&
        Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    );
}
