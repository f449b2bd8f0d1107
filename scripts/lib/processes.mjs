import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const GRACE_MS = 10_000;
const POLL_MS = 50;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isZombie(pid) {
  return statFields(pid)?.[0] === 'Z';
}

/** The fields of /proc/PID/stat after the name, which may itself hold blanks and brackets. */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/**
 * When the process was started, in words that only this process on this boot has: a process id alone is used again by
 * the system. `undefined` when there is no such process.
 */
export function startOf(pid) {
  const fields = statFields(pid);
  if (fields) {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  }
  if (process.platform === 'win32' || process.platform === 'linux') {
    return isAlive(pid) && process.platform === 'win32' ? 'unknown' : undefined;
  }
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

/** Whether the very process that was recorded still runs. */
export function isSameProcess({ pid, start }) {
  return start !== undefined && isAlive(pid) && startOf(pid) === start;
}

function signalGroup(pid, signal) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
    } catch (error) {
      if (error.code !== 'ESRCH' && error.code !== 'EPERM') {
        throw error;
      }
    }
  }
}

/** Whether anything of the process's group still runs. */
function groupIsAlive(pid) {
  if (process.platform === 'win32') {
    return isAlive(pid);
  }
  if (process.platform === 'linux') {
    return processIds().some(
      other => statFields(other)?.[2] === String(pid) && !isZombie(other),
    );
  }
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Asks a process group to end, and makes it after ten seconds. */
export async function endGroup(pid, graceMs = GRACE_MS) {
  if (!pid || !groupIsAlive(pid)) {
    return;
  }
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < graceMs; waited += POLL_MS) {
    if (!groupIsAlive(pid)) {
      return;
    }
    await pause(POLL_MS);
  }
  signalGroup(pid, 'SIGKILL');
  for (let waited = 0; waited < graceMs && groupIsAlive(pid); ) {
    await pause(POLL_MS);
    waited += POLL_MS;
  }
}

function processIds() {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
}

/**
 * Processes whose environment carries the mark, this one and its parents aside: what the demo started, and what that
 * started in groups of its own, such as model servers. Known on Linux; elsewhere the process groups have to do.
 */
export function markedProcesses(mark) {
  if (process.platform !== 'linux') {
    return [];
  }
  return processIds().filter(pid => {
    if (pid === process.pid || pid === process.ppid || isZombie(pid)) {
      return false;
    }
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .includes(mark);
    } catch {
      return false;
    }
  });
}

/** Ends every process that carries the mark; returns how many there were. */
export async function endMarked(mark) {
  const pids = markedProcesses(mark);
  const signal = name => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch (error) {
        if (error.code !== 'ESRCH') {
          throw error;
        }
      }
    }
  };
  signal('SIGTERM');
  for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
    if (!pids.some(isAlive)) {
      return pids.length;
    }
    await pause(POLL_MS);
  }
  markedProcesses(mark).forEach(pid => process.kill(pid, 'SIGKILL'));
  return pids.length;
}
