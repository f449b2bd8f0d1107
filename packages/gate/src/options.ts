import { parseArgs } from 'node:util';

/** What to ask, of whom, and how long. */
export interface GateOptions {
  /** Address of the portal's backend, without a slash at its end. */
  url: string;
  token: string;
  namespace: string;
  model: string;
  version: string;
  environment: string;
  /** How long to wait for people or time to decide, in seconds; 0 asks once. */
  waitSeconds: number;
  /** Print the verdict as JSON. */
  json: boolean;
}

export const USAGE = `Usage: slipway-gate --model NAME --version VERSION --environment ENVIRONMENT

Asks whether a model version may be put into an environment, and answers with the exit code
0 allowed, 1 refused, 2 still waiting, 3 could not ask.

Options:
  --model NAME          the Model's name in the catalog
  --namespace NAME      its namespace; default
  --version VERSION     such as v3
  --environment NAME    such as production
  --url URL             the portal's backend; SLIPWAY_URL without it
  --wait TIME           ask again while it waits for people or time, such as 90s, 30m or 2h
  --json                print the verdict as JSON

SLIPWAY_TOKEN holds the token to ask with; it is never taken from the command line, which other processes can read.`;

/** Thrown for a command line that cannot be meant; the message says what would be right. */
export class UsageError extends Error {
  readonly name = 'UsageError';
}

const SECONDS = { s: 1, m: 60, h: 3_600 } as const;

/**
 * Reads the command line and the environment.
 * @throws UsageError naming what is missing or wrong
 */
export function readOptions(
  args: string[],
  env: Record<string, string | undefined>,
): GateOptions | 'help' {
  const { values } = parse(args);
  if (values.help) {
    return 'help';
  }
  const required = (name: 'model' | 'version' | 'environment') => {
    const value = values[name];
    if (!value) {
      throw new UsageError(`--${name} is missing`);
    }
    return value;
  };
  const url = values.url ?? env.SLIPWAY_URL;
  if (!url || !/^https?:\/\/\S+$/.test(url)) {
    throw new UsageError(
      'The portal is not known: give --url or SLIPWAY_URL, such as https://portal.example.com',
    );
  }
  if (!env.SLIPWAY_TOKEN) {
    throw new UsageError(
      'SLIPWAY_TOKEN is not set; it holds the token to ask with',
    );
  }
  return {
    url: url.replace(/\/+$/, ''),
    token: env.SLIPWAY_TOKEN,
    namespace: values.namespace ?? 'default',
    model: required('model'),
    version: required('version'),
    environment: required('environment'),
    waitSeconds: values.wait === undefined ? 0 : readDuration(values.wait),
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        model: { type: 'string' },
        namespace: { type: 'string' },
        version: { type: 'string' },
        environment: { type: 'string' },
        url: { type: 'string' },
        wait: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}

function readDuration(text: string): number {
  const match = /^(\d{1,5})([smh])$/.exec(text);
  if (!match) {
    throw new UsageError(
      `--wait '${text}' is not a time such as 90s, 30m or 2h`,
    );
  }
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}
