import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** An answer of a model server, whole. */
export interface WholeAnswer {
  status: number;
  /** `content-encoding`, such as `gzip`. */
  encoding?: string;
  body: Buffer;
}

/** How two answers to one request compare. */
export interface AnswerComparison {
  agreed: boolean;
  /** Largest distance between two numbers at the same place; undefined without any. */
  difference?: number;
}

/** What a prediction is called at the top of an answer: by MLflow and KServe's first protocol, by Open Inference. */
const PREDICTIONS = ['predictions', 'outputs'];
/** Bytes that a compressed answer may grow to. */
const LARGEST_UNPACKED = 4 * 1024 * 1024;
/** How deep answers are looked into; what differs below does not agree. */
const DEEPEST = 64;

/**
 * Compares two answers to one request. They agree when their status is the same and so is what is predicted: the field
 * `predictions` or `outputs` where both have it, otherwise the whole JSON, otherwise every byte. Numbers agree within
 * `tolerance · max(1, |a|, |b|)`; the order of fields does not matter. Pure.
 */
export function compareAnswers(
  serving: WholeAnswer,
  candidate: WholeAnswer,
  tolerance: number,
): AnswerComparison {
  if (serving.status !== candidate.status) {
    return { agreed: false };
  }
  const [one, other] = [serving, candidate].map(unpack);
  if (!one || !other) {
    return { agreed: false };
  }
  const [oneValue, otherValue] = [one, other].map(readJson);
  if (!oneValue || !otherValue) {
    return { agreed: one.equals(other) };
  }
  const [a, b] = predictionsOf(oneValue.value, otherValue.value);
  const seen: { difference?: number } = {};
  const agreed = isAlike(a, b, tolerance, seen, 0);
  return { agreed, ...seen };
}

/** The body as it was before it was compressed; undefined when that fails or it grows too large. */
export function unpack({ encoding, body }: WholeAnswer): Buffer | undefined {
  const options = { maxOutputLength: LARGEST_UNPACKED };
  try {
    switch (encoding) {
      case 'gzip':
        return gunzipSync(body, options);
      case 'br':
        return brotliDecompressSync(body, options);
      case 'deflate':
        return inflateSync(body, options);
      default:
        return body;
    }
  } catch {
    return undefined;
  }
}

function readJson(body: Buffer): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}

function predictionsOf(one: unknown, other: unknown): [unknown, unknown] {
  for (const name of PREDICTIONS) {
    if (isObject(one) && isObject(other) && name in one && name in other) {
      return [one[name], other[name]];
    }
  }
  return [one, other];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAlike(
  one: unknown,
  other: unknown,
  tolerance: number,
  seen: { difference?: number },
  depth: number,
): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    const difference = Math.abs(one - other);
    seen.difference = Math.max(seen.difference ?? 0, difference);
    const scale = Math.max(1, Math.abs(one), Math.abs(other));
    return difference <= tolerance * scale;
  }
  if (depth > DEEPEST) {
    return false;
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    let alike = one.length === other.length;
    // To the end also after a difference, since the largest of all is told
    for (let i = 0; i < Math.min(one.length, other.length); i++) {
      alike = isAlike(one[i], other[i], tolerance, seen, depth + 1) && alike;
    }
    return alike;
  }
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    let alike =
      names.length === Object.keys(other).length &&
      names.every(name => Object.hasOwn(other, name));
    for (const name of names) {
      if (Object.hasOwn(other, name)) {
        alike =
          isAlike(one[name], other[name], tolerance, seen, depth + 1) && alike;
      }
    }
    return alike;
  }
  return one === other;
}
