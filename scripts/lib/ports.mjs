import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { StepError } from './steps.mjs';

const HOST = '127.0.0.1';
const LISTENING = '0A';
const TRIES = 100;

/** Whether nothing listens on the port of the loopback. */
export function isFree(port) {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/** The first free port from the given one on that is not among those taken already. */
export async function nextFreePort(from, taken = []) {
  for (let port = from; port < Math.min(from + TRIES, 65536); port++) {
    if (!taken.includes(port) && (await isFree(port))) {
      return port;
    }
  }
  throw new StepError(`No port from ${from} to ${from + TRIES - 1} is free`, {
    todo: 'End what listens there, or ask for another port with --port.',
  });
}

/**
 * The port that was asked for with `--port N` (or `--port=N`, with or without npm's `--` before it) or PORT, if any.
 * @throws {StepError} when it is no port
 */
export function askedPort(args, env) {
  const given = givenPort(args, env);
  if (given === undefined) {
    return undefined;
  }
  const port = Number(given);
  if (!/^\d+$/.test(given) || port < 1 || port > 65535) {
    throw new StepError(
      `The port must be a number from 1 to 65535, not "${given}"`,
      {
        todo: 'Use for instance `npm start -- --port 8080` or `PORT=8080 npm start`.',
      },
    );
  }
  return port;
}

/** What was given for the port, a number or not. `npm start --port N` leaves the number alone as an argument. */
function givenPort(args, env) {
  const index = args.findIndex(arg => arg === '--port' || arg === '-p');
  if (index >= 0) {
    return args[index + 1] ?? '';
  }
  const inline = args.find(arg => arg.startsWith('--port='));
  const byNpm =
    env.npm_config_port === 'true'
      ? args.find(arg => /^\d+$/.test(arg))
      : env.npm_config_port;
  return inline?.slice('--port='.length) ?? byNpm ?? (env.PORT || undefined);
}

/** Who listens on the port, in words; says so when it cannot be found out. */
export function holderOf(port) {
  const pid = process.platform === 'linux' ? pidByProc(port) : pidByLsof(port);
  if (!pid) {
    return 'another process, which belongs to another user or cannot be seen';
  }
  return `process ${pid} (${commandOf(pid)})`;
}

function pidByProc(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap(file => {
        try {
          return readFileSync(file, 'utf8').trim().split('\n').slice(1);
        } catch {
          return [];
        }
      })
      .map(line => line.trim().split(/\s+/))
      .filter(
        ([, local, , state]) =>
          local.endsWith(`:${hex}`) && state === LISTENING,
      )
      .map(fields => `socket:[${fields[9]}]`),
  );
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(pid => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some(fd => {
          try {
            return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
          } catch {
            return false;
          }
        });
      } catch {
        return false;
      }
    });
}

function pidByLsof(port) {
  try {
    return execFileSync(
      'lsof',
      ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    ).split('\n')[0];
  } catch {
    return undefined;
  }
}

function commandOf(pid) {
  try {
    if (process.platform === 'linux') {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.filter(Boolean).join(' ').slice(0, 120);
    }
    return execFileSync('ps', ['-o', 'command=', '-p', pid], {
      encoding: 'utf8',
    })
      .trim()
      .slice(0, 120);
  } catch {
    return 'unknown program';
  }
}
