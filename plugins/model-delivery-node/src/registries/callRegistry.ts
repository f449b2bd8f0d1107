import { setTimeout as wait } from 'node:timers/promises';
import {
  callService,
  ServiceAnswer,
  ServiceCall,
  ServiceTroubleError,
} from '../http/callService';
import { RegistryError } from './RegistryError';

/** No answer that is asked for comes near it; a broken or hostile server must not fill the memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const MAX_MESSAGE = 300;
/** Wait after the first answer that asks for patience, in milliseconds; twice as long each time, up to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const PATIENCE_STATUSES = [429, 502, 503];

/**
 * One request to a registry that speaks JSON.
 * @public
 */
export interface RegistryCall extends Omit<ServiceCall, 'maxAnswerBytes'> {
  /** What is asked, for messages, such as `models.list`. */
  action: string;
  /** How often it is asked in all when the registry throttles or is busy. */
  attempts: number;
}

/**
 * Asks a registry, again and each time later while it says that it is busy, as it asks for by `Retry-After` if it does.
 * @returns the JSON of a successful answer
 * @throws RegistryError that says what is wrong; `code` is the status of an answer that was refused
 * @public
 */
export async function callRegistry(call: RegistryCall): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(call);
    const { status } = answer;
    if (PATIENCE_STATUSES.includes(status) && attempt < call.attempts) {
      await wait(waitAfter(answer, attempt), undefined, {
        signal: call.signal,
      });
      continue;
    }
    return check(call, answer, attempt);
  }
}

async function ask(call: RegistryCall): Promise<ServiceAnswer> {
  try {
    return await callService({ ...call, maxAnswerBytes: MAX_ANSWER_BYTES });
  } catch (error) {
    if (error instanceof ServiceTroubleError) {
      throw new RegistryError('unreachable', error.message);
    }
    throw error;
  }
}

function check(
  { service, action }: RegistryCall,
  { status, json }: ServiceAnswer,
  attempt: number,
): unknown {
  const say = (trouble: RegistryError['trouble'], what: string) =>
    new RegistryError(trouble, `${service} ${what}`, String(status));
  const said = messageOf(json);
  const because = said ? `: ${said}` : '';
  if (status === 429) {
    throw say(
      'unreachable',
      `still throttled ${action} at the ${attempt}. attempt`,
    );
  }
  if (status === 401) {
    throw say('refused', 'refused the credentials (401)');
  }
  if (status === 403) {
    throw say(
      'refused',
      `does not allow ${action} to these credentials${because}`,
    );
  }
  if (status >= 300 && status < 400) {
    throw say(
      'refused',
      `answered with a redirect (${status}), probably to a sign-in page; check its address`,
    );
  }
  if (status >= 500) {
    throw say('unreachable', `failed (${status})${because}`);
  }
  if (status >= 400) {
    throw say('rejected', `rejected ${action} (${status})${because}`);
  }
  if (json === undefined) {
    throw say(
      'malformed',
      `answered ${action} with something other than JSON; check its address`,
    );
  }
  return json;
}

function waitAfter({ headers }: ServiceAnswer, attempt: number): number {
  const asked = Number(headers.get('retry-after') ?? NaN) * 1_000;
  return Math.min(
    Number.isFinite(asked) ? asked : FIRST_WAIT_MS * 2 ** (attempt - 1),
    LONGEST_WAIT_MS,
  );
}

function messageOf(json: unknown): string | undefined {
  // One error, or several as GraphQL has them
  const {
    errors,
    error = Array.isArray(errors) ? errors[0] : undefined,
    message = error,
  } = (json ?? {}) as {
    errors?: unknown;
    error?: { message?: unknown } | string;
    message?: unknown;
  };
  const text =
    typeof error === 'object' && error !== null ? error.message : message;
  return typeof text === 'string' ? text.slice(0, MAX_MESSAGE) : undefined;
}
