import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { Programs } from '../lib/programs.mjs';
import { PLUGIN_DATABASE, startSlipway, untilModels } from '../lib/slipway.mjs';

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');

/** How many requests the set-up has under way at a time. */
const AT_A_TIME = 16;

/** Name of the model with that index. */
export const modelName = index => `bench-${index}`;

/** Who asks where nobody in particular does: owns every model, and approves nothing. */
const REQUESTER = 'user:default/dana';

/**
 * Starts the engine on a new PostgreSQL, with models of low risk whose production is as given, and runs a measurement on it.
 * @param {{ models: number, answerMs: number, approvals: string, rollout: string }} options approvals and rollout of
 *   production in YAML's flow style
 * @param {(delivery: { call: Function, knex: import('knex').Knex, server: string }) => Promise<void>} measure
 */
export async function withDelivery(
  { models, answerMs, approvals, rollout },
  measure,
) {
  const postgres = findPostgres();
  if (!postgres) {
    throw new Error(
      'PostgreSQL is not here: initdb and pg_ctl (Debian: apt-get install postgresql)',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const programs = new Programs();
  const cluster = await startPostgres(postgres);
  let knex;
  try {
    writePolicies(folder, { approvals, rollout });
    const url = await startSlipway(programs, cluster.connectionString, models, {
      program: 'delivery/deliveryBackend.ts',
      env: { SLIPWAY_BENCH_ANSWER_MS: String(answerMs) },
      modelDelivery: { policies: { directory: folder } },
    });
    knex = knexOf({
      client: 'pg',
      connection: cluster.connectionString.replace(
        /postgres$/,
        PLUGIN_DATABASE,
      ),
      pool: { min: 0, max: 2 },
    });
    await untilModels(knex, models);
    const call = (method, path, body, user = REQUESTER) =>
      callApi(`${url}/api/model-delivery${path}`, method, body, user);
    await measure({ call, knex, server: cluster.connectionString });
  } finally {
    await knex?.destroy();
    await programs.stop();
    cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Has version 1 of each model in production by the record, and version 2 in staging through the engine. */
export async function arrive(call, knex, models) {
  await forEach(models, async index => {
    const path = `/models/default/${modelName(index)}`;
    for (const version of ['1', '2']) {
      await call('POST', `${path}/versions`, versionOf(version));
      await call('POST', `${path}/versions/${version}/evaluations`, {
        id: `tests-${version}`,
        fact: 'tests',
        measuredAt: new Date().toISOString(),
        metrics: [{ name: 'failed', value: 0 }],
      });
    }
    await call('POST', `${path}/deployments`, {
      id: 'first',
      version: '1',
      environment: 'production',
      startedAt: new Date(Date.now() - 86_400_000).toISOString(),
    });
    await request(call, index, 'staging');
  });
  await untilCount(knex, models, { environment: 'staging' }, ['succeeded']);
}

/** Asks for version 2 of a model in an environment. */
export function request(call, index, environment) {
  return call('POST', '/promotions', {
    model: `model:default/${modelName(index)}`,
    version: '2',
    environment,
  });
}

/**
 * Waits until so many promotions are in one of the states.
 * @throws Error after five minutes
 */
export async function untilCount(knex, count, where, states) {
  const until = Date.now() + 300_000;
  for (;;) {
    const rows = await knex('promotions')
      .where(where)
      .groupBy('state')
      .select('state')
      .count({ count: '*' });
    const there = rows
      .filter(({ state }) => states.includes(state))
      .reduce((sum, row) => sum + Number(row.count), 0);
    if (there >= count) {
      return;
    }
    if (Date.now() > until) {
      throw new Error(`Not ${count} are ${states}: ${JSON.stringify(rows)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

/** Does something for each index, a few at a time. */
export async function forEach(count, act) {
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (next < count) {
        await act(next++);
      }
    }),
  );
}

async function callApi(url, method, body, user) {
  const response = await fetch(url, {
    method,
    headers: {
      // What the sign-in of the tests takes for a user's token
      authorization: `Bearer mock-user-token:${JSON.stringify({ sub: user })}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${text}`);
  }
  return JSON.parse(text);
}

function versionOf(version) {
  return {
    version,
    parts: {
      code: { commit: version.repeat(40) },
      data: [{ name: 'rows', version }],
      artifact: { digest: `sha256:${version.repeat(64)}` },
      configuration: [],
      parameters: {},
      trainedBy: REQUESTER,
    },
  };
}

function writePolicies(folder, { approvals, rollout }) {
  for (const risk of ['low', 'medium', 'high']) {
    writeFileSync(
      join(folder, `${risk}.yaml`),
      `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}-bench, title: ${risk} }
spec:
  risk: ${risk}
  roles:
    team-lead: { title: Team lead, group: group:default/team-leads }
  gates:
    - id: tests-pass
      title: No test fails
      stage: code-validation
      requires: [tests.metrics.failed]
      when: tests.metrics.failed == 0.0
  environments:
    - { name: staging, tier: staging, gates: [tests-pass], rollout: { strategy: direct } }
    - name: production
      tier: production
      gates: [tests-pass]
      approvals: ${approvals}
      firstDeploymentApprovals: [{ role: team-lead, reasonRequired: false }]
      rollout: ${rollout}
`,
    );
  }
}
