#!/usr/bin/env node
/**
 * Ends the model servers that local serving started and a backend left running.
 *
 *     node endServers.mjs <directory>
 *
 * or, from a program, `await endServers(directory)`. Only processes that are certainly ours are touched: those of
 * `processes.json` whose start time is still the same, and on Linux those that carry the marker of the directory. To be called when
 * no backend uses the directory.
 */
import { execFileSync } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} directory - `modelDelivery.localServing.directory`
 * @param {number} grace - milliseconds between asking a server to end and killing it
 * @returns {Promise<number>} how many process groups were ended
 */
export async function endServers(directory, grace = 3000) {
  let folder;
  let entries;
  const groups = new Set();
  try {
    folder = realpathSync(directory);
    entries = JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8'));
  } catch {
    entries = [];
  }
  for (const { pid, startTime } of entries) {
    if (startTimeOf(pid) === startTime) groups.add(pid);
  }
  if (folder) markedGroups(folder).forEach(group => groups.add(group));

  groups.forEach(group => signal(group, 'SIGTERM'));
  const deadline = Date.now() + grace;
  while (Date.now() < deadline && [...groups].some(isRunning)) {
    await delay(50);
  }
  groups.forEach(group => signal(group, 'SIGKILL'));
  if (folder && entries.length > 0) {
    writeFileSync(join(folder, 'processes.json'), '[]');
  }
  return groups.size;
}

function startTimeOf(pid) {
  if (process.platform === 'linux') {
    return statOf(pid)?.[19];
  }
  try {
    const [state, ...lstart] = execFileSync(
      'ps',
      ['-o', 'stat=,lstart=', '-p', String(pid)],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
    )
      .trim()
      .split(/\s+/);
    return !state || state.startsWith('Z') ? undefined : lstart.join(' ');
  } catch {
    return undefined;
  }
}

/** Fields of /proc/<pid>/stat from the third on; undefined without a living process. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields;
  } catch {
    return undefined;
  }
}

function markedGroups(folder) {
  if (process.platform !== 'linux') return [];
  const wanted = `SLIPWAY_SERVING_DIRECTORY=${folder}`;
  return readdirSync('/proc').flatMap(name => {
    try {
      const environment = readFileSync(`/proc/${Number(name)}/environ`, 'utf8');
      const stat = environment.split('\0').includes(wanted) && statOf(name);
      return stat ? [Number(stat[2])] : [];
    } catch {
      return [];
    }
  });
}

function isRunning(pid) {
  return startTimeOf(pid) !== undefined;
}

function signal(group, name) {
  try {
    process.kill(-group, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv[2]) {
    console.error('Usage: endServers.mjs <directory of local serving>');
    process.exitCode = 2;
  } else {
    const ended = await endServers(process.argv[2]);
    console.log(`Ended ${ended} model server${ended === 1 ? '' : 's'}`);
  }
}
