import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * What tells a process from any other that had or will have its id: when it started.
 */
export interface ProcessIdentity {
  pid: number;
  /** On Linux field 22 of `/proc/<pid>/stat`, elsewhere what `ps -o lstart=` prints. */
  startTime: string;
}

/** Environment variable by which a server is known to be ours; its value is the state's directory. */
export const MARKER = 'SLIPWAY_SERVING_DIRECTORY';

/** Start time of a process, or undefined when there is none with this id or it is only waiting to be buried. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    return (await readStat(pid))?.startTime;
  }
  try {
    const { stdout } = await promisify(execFile)(
      'ps',
      ['-o', 'stat=,lstart=', '-p', String(pid)],
      { env: { ...process.env, LC_ALL: 'C' } },
    );
    const [state, ...lstart] = stdout.trim().split(/\s+/);
    return !state || state.startsWith('Z') ? undefined : lstart.join(' ');
  } catch {
    return undefined;
  }
}

/** Whether this very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startTime;
}

/** Sends a signal to a whole process group. A group that is gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * Ends a process and its whole group, first politely.
 * @param grace - milliseconds between asking and killing
 * @returns false when the process did not run any longer; its group is then left alone, for its id may be somebody else's.
 */
export async function endGroup(
  leader: ProcessIdentity,
  grace: number,
): Promise<boolean> {
  if (!(await isAlive(leader))) {
    return false;
  }
  signalGroup(leader.pid, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (Date.now() < deadline && (await isAlive(leader))) {
    await delay(50);
  }
  // Also what the leader itself started and left behind
  signalGroup(leader.pid, 'SIGKILL');
  return true;
}

/**
 * Process groups in which a process carries the marker with this value. Only Linux can tell; elsewhere there are none.
 */
export async function findMarkedGroups(directory: string): Promise<number[]> {
  if (process.platform !== 'linux') {
    return [];
  }
  const wanted = `${MARKER}=${directory}`;
  const groups = new Set<number>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      if (environment.split('\0').includes(wanted)) {
        const stat = await readStat(pid);
        if (stat) groups.add(stat.group);
      }
    } catch {
      // Another user's process, or one that ended meanwhile
    }
  }
  return [...groups];
}

async function readStat(
  pid: number,
): Promise<{ startTime: string; group: number } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold spaces and parentheses
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    return state === 'Z' || state === 'X'
      ? undefined
      : { group: Number(fields[2]), startTime: fields[19] };
  } catch {
    return undefined;
  }
}
