import knexFactory, { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './freePort';
import { KillableEngine } from './KillableEngine';
import { writePolicies } from './testPolicies';

/** An engine that can be killed, on a database of its own. */
export interface KilledEngine {
  engine: KillableEngine;
  knex: Knex;
  /** Kills the engine, and takes everything away. */
  end(): Promise<void>;
}

/**
 * Starts an engine with short canaries and one gate.
 * @param postgres - of the server that takes the database
 */
export async function startKilledEngine(
  postgres: string,
): Promise<KilledEngine> {
  const database = `faults_${randomUUID().replaceAll('-', '')}`;
  const admin = knexFactory({ client: 'pg', connection: postgres });
  await admin.raw(`create database ${database}`);
  const url = new URL(postgres);
  url.pathname = `/${database}`;
  const knex = knexFactory({ client: 'pg', connection: url.href });
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-faults-'));
  await writePolicies(path.join(folder, 'policies'));
  const engine = new KillableEngine({
    databaseUrl: url.href,
    servingDirectory: path.join(folder, 'serving'),
    policiesDirectory: path.join(folder, 'policies'),
    port: await freePort(),
    logFile: path.join(folder, 'engine.log'),
  });
  const end = async () => {
    await engine.kill();
    await endModelServers(folder);
    await knex.destroy();
    await admin.raw(`drop database if exists ${database} with (force)`);
    await admin.destroy();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await engine.start();
  } catch (error) {
    await end();
    throw error;
  }
  return { engine, knex, end };
}

/** Ends the model servers that the killed engine left behind, by what it wrote down of them. */
async function endModelServers(folder: string) {
  const text = await readFile(
    path.join(folder, 'serving/processes.json'),
    'utf8',
  ).catch(() => '');
  for (const [, pid] of text.matchAll(/"pid":\s*(\d+)/g)) {
    try {
      process.kill(-Number(pid), 'SIGKILL');
    } catch {
      // Ended already
    }
  }
}
