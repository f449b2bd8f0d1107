import {
  ServiceAnswer,
  ServiceTroubleError,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A job that runs, or ran. */
export interface CiRun {
  /** How the platform finds it again. */
  id: string;
  /** Page that people open. */
  url?: string;
  state: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** The platform's own word for its state. */
  word: string;
}

/** What is handed to a job. */
export interface CiInputs {
  /** Marks the run, so that it is found again: `slipway-` and hexadecimal digits. */
  SLIPWAY_OPERATION: string;
  /** The operation as JSON. */
  SLIPWAY_REQUEST: string;
}

/** What the deployer needs of a CI platform. */
export interface CiPlatform {
  /** How messages name it. */
  readonly name: string;
  /** Starts a job, and says no more than that it will: it is found by its mark. */
  trigger(inputs: CiInputs): Promise<void>;
  /** The run that carries a mark, undefined while there is none. */
  find(mark: string, since: Date): Promise<CiRun | undefined>;
  /** The run as it is now, undefined when the platform does not know it any more. */
  look(id: string): Promise<CiRun | undefined>;
  /** Asks for its end; a run that is over stays as it is. */
  cancel(id: string): Promise<void>;
}

/** Clocks of two machines differ, and lists are filtered by the platform's. */
export function withMargin(since: Date): Date {
  return new Date(since.getTime() - 5 * 60_000);
}

const LONGEST_QUOTE = 200;

/** An answer of a platform that is not what was asked for. */
export class CiAnswerError extends Error {
  readonly name = 'CiAnswerError';

  constructor(
    message: string,
    /** Whether the platform surely did nothing. */
    readonly didNothing: boolean,
    /** Whether the same may be answered in a while: it is overloaded, or has had too many requests. */
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

/** Whether waiting may mend it, without anybody changing a setting. */
export function mayPass(error: unknown): error is Error {
  return (
    error instanceof ServiceTroubleError ||
    (error instanceof CiAnswerError && error.isPassing)
  );
}

/**
 * Refuses an answer with another status than those expected.
 * @throws CiAnswerError with what the platform said
 */
export function assertStatus(
  name: string,
  what: string,
  { status, headers, json, text }: ServiceAnswer,
  expected: number[],
): void {
  if (expected.includes(status)) {
    return;
  }
  const { message, error } = (json ?? {}) as Record<string, unknown>;
  const said = message ?? error ?? text;
  const quote = (typeof said === 'string' ? said : JSON.stringify(said))
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST_QUOTE);
  const sentence = `${name} answered with status ${status} when asked to ${what}${
    quote && `: ${quote}`
  }`;
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  // GitHub says 403 as well when there were too many requests
  const isLimited =
    status === 429 ||
    (status === 403 &&
      (headers.has('retry-after') ||
        headers.get('x-ratelimit-remaining') === '0'));
  throw new CiAnswerError(
    sentence,
    isRefusal,
    isLimited || status === 408 || status >= 500,
  );
}
