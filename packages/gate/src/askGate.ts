import type { ReleaseVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { GateOptions } from './options';

/** How long one request may take, in milliseconds. */
const REQUEST_LIMIT_MS = 30_000;
/** Pause between two questions, in milliseconds. */
const PAUSE_MS = 5_000;

/** Thrown when there is no verdict to be had; the message never holds the token. */
export class AskError extends Error {
  readonly name = 'AskError';

  constructor(message: string, readonly isPassing: boolean) {
    super(message);
  }
}

/**
 * Asks until the version is allowed or refused, or the time to wait is over. Trouble that may pass, such as a portal that
 * restarts, is asked through while there is time to wait.
 * @returns the last verdict
 * @throws AskError when nobody answers, or what answers is no verdict
 */
export async function askGate(
  options: GateOptions,
  io: {
    fetch: typeof fetch;
    now(): number;
    sleep(ms: number): Promise<void>;
    /** Told each new statement while it waits. */
    say(statement: string): void;
  },
): Promise<ReleaseVerdict> {
  const end = io.now() + options.waitSeconds * 1000;
  let said: string | undefined;
  for (;;) {
    const answer = await askOnce(options, io.fetch).catch(
      (error: AskError) => error,
    );
    const isLast = io.now() + PAUSE_MS > end;
    if (answer instanceof AskError) {
      if (!answer.isPassing || isLast) {
        throw answer;
      }
    } else if (answer.verdict !== 'waiting' || isLast) {
      return answer;
    }
    const statement =
      answer instanceof AskError
        ? `${answer.message}; asking again`
        : answer.statement;
    if (statement !== said) {
      io.say(statement);
      said = statement;
    }
    await io.sleep(PAUSE_MS);
  }
}

async function askOnce(
  options: GateOptions,
  send: typeof fetch,
): Promise<ReleaseVerdict> {
  const { url, namespace, model, version, environment, token } = options;
  const path = ['models', namespace, model, 'versions', version, 'verdict']
    .map(encodeURIComponent)
    .join('/');
  const address = `${url}/api/model-delivery/${path}?environment=${encodeURIComponent(
    environment,
  )}`;
  let response: Response;
  let text: string;
  try {
    response = await send(address, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
      // A token is for the address that was named, and for no other
      redirect: 'error',
    });
    text = await response.text();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new AskError(
      `${url} does not answer: ${cause?.message ?? message}`,
      true,
    );
  }
  const body = parseJson(text);
  if (!response.ok) {
    const why = body?.error?.message ?? response.statusText;
    throw new AskError(
      `${url} answers ${response.status}: ${why}`,
      response.status >= 500,
    );
  }
  if (
    typeof body?.allowed !== 'boolean' ||
    !['allowed', 'waiting', 'refused'].includes(body.verdict)
  ) {
    throw new AskError(`What ${url} answers is no verdict`, false);
  }
  return body;
}

function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
