import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from './files.mjs';
import { stateFolder } from './paths.mjs';
import { endGroup, endMarked, isSameProcess, startOf } from './processes.mjs';
import { StepError } from './steps.mjs';

const PRIVATE = 0o600;
const secretsFile = join(stateFolder, 'secrets.json');
const recordFile = join(stateFolder, 'running.json');

/** Where pipelines on this machine find the token they report with. */
export const pipelineTokenFile = join(stateFolder, 'pipeline-token');

/** Name of the variable by which everything that the demo started is known again. */
export const INSTANCE_VARIABLE = 'SLIPWAY_INSTANCE';

/** Folder for the log of each process. */
export const stateLogs = join(stateFolder, 'logs');

/**
 * The secrets of this state folder, made at the first start and readable by their owner alone.
 * @returns {{ instance: string, sessionSecret: string, oidcClientSecret: string, pipelineToken: string }}
 */
export function loadSecrets() {
  mkdirSync(stateFolder, { recursive: true });
  chmodSync(stateFolder, 0o700);
  const secret = () => randomBytes(32).toString('base64url');
  const known = readJson(secretsFile) ?? {};
  const secrets = {
    instance: known.instance ?? randomUUID(),
    sessionSecret: known.sessionSecret ?? secret(),
    oidcClientSecret: known.oidcClientSecret ?? secret(),
    pipelineToken: known.pipelineToken ?? secret(),
  };
  writeWhole(secretsFile, `${JSON.stringify(secrets, null, 2)}\n`, PRIVATE);
  writeWhole(pipelineTokenFile, `${secrets.pipelineToken}\n`, PRIVATE);
  return secrets;
}

/** The mark of this state folder's processes, if it was ever started. */
function instanceMark() {
  const instance = readJson(secretsFile)?.instance;
  return instance && `${INSTANCE_VARIABLE}=${instance}`;
}

/** The launcher that now runs on this state folder, with its address; `undefined` when none does. */
export function runningLauncher() {
  const record = readJson(recordFile);
  return record?.launcher && isSameProcess(record.launcher)
    ? record
    : undefined;
}

/**
 * Makes this process the launcher of the state folder.
 * @throws {StepError} when another one is
 */
export function claimState() {
  const other = runningLauncher();
  if (other && other.launcher.pid !== process.pid) {
    throw new StepError(
      `Slipway already runs${other.url ? ` at ${other.url}` : ''} (process ${
        other.launcher.pid
      }) with this state, ${stateFolder}`,
      {
        todo: 'Use that one, or end it with Ctrl-C; or set SLIPWAY_STATE_DIR to another folder for a second one.',
      },
    );
  }
}

/** Keeps a record of the launcher and of each process that it started, for the start after a crash. */
export class RunRecord {
  #record = {
    launcher: { pid: process.pid, start: startOf(process.pid) },
    children: [],
  };

  constructor() {
    this.#save();
  }

  addChild(name, pid) {
    this.#record.children.push({ name, pid, start: startOf(pid) });
    this.#save();
  }

  setUrl(url) {
    this.#record.url = url;
    this.#save();
  }

  remove() {
    rmSync(recordFile, { force: true });
  }

  #save() {
    writeWhole(recordFile, `${JSON.stringify(this.#record, null, 2)}\n`);
  }
}

/**
 * Ends what a launcher left behind that was killed: only processes that are certainly those that it started.
 * @returns {Promise<number>} how many there were
 */
export async function endLeftovers() {
  const children = (readJson(recordFile)?.children ?? []).filter(isSameProcess);
  await Promise.all(children.map(({ pid }) => endGroup(pid)));
  const mark = instanceMark();
  const marked = mark ? await endMarked(mark) : 0;
  return children.length + marked;
}

/** Ends what the demo's processes started in groups of their own, such as model servers. */
export async function endStrays() {
  const mark = instanceMark();
  return mark ? endMarked(mark) : 0;
}

/** What was noted under the name in this state folder. */
export function readNote(name) {
  return readJson(join(stateFolder, `${name}.json`));
}

/** Notes something under the name in this state folder. */
export function writeNote(name, value) {
  writeWhole(join(stateFolder, `${name}.json`), `${JSON.stringify(value)}\n`);
}
