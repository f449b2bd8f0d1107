import { Entity } from '@backstage/catalog-model';
import { mockCredentials } from '@backstage/backend-test-utils';
import { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import knexFactory, { Knex } from 'knex';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  modelEntity,
  people,
} from '../../plugins/model-delivery-backend/src/__testUtils__/people';
import { sampleRegistration } from '../../plugins/model-delivery-backend/src/__testUtils__/samples';
import {
  startTestEngine,
  TestEngine,
} from '../../plugins/model-delivery-backend/src/__testUtils__/startTestEngine';
import { mlflowVenv, venvEnvironment } from './mlflowPeer';

const isHere =
  mlflowVenv !== undefined &&
  readdirSync(path.join(mlflowVenv, 'lib')).some(python =>
    existsSync(
      path.join(mlflowVenv!, 'lib', python, 'site-packages/openlineage'),
    ),
  );
const COMMIT = 'abc1234abc1234abc1234abc1234abc1234abc12';

const loans: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { name: 'loans', namespace: 'default', title: 'Loans' },
  spec: { type: 'dataset', owner: 'group:default/credit-risk' },
};

(isHere ? describe : describe.skip)(
  `OpenLineage's own Python client${
    isHere
      ? ''
      : ' (skipped: SLIPWAY_MLFLOW_VENV names no virtual environment with it)'
  }`,
  () => {
    let engine: TestEngine;
    let knex: Knex;

    beforeAll(async () => {
      knex = knexFactory({
        client: 'better-sqlite3',
        connection: ':memory:',
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
      engine = await startTestEngine({
        knex,
        entities: [
          modelEntity(
            'credit-default',
            {},
            { 'slipway.dev/registry': 'mlflow://main/credit' },
          ),
          loans,
        ],
      });
      await engine
        .as()
        .post('/models/default/credit-default/versions', {
          ...sampleRegistration('1'),
        })
        .expect(201);
    });
    afterAll(async () => {
      await engine.stop();
      await knex.destroy();
    });

    const send = () =>
      promisify(execFile)(
        path.join(mlflowVenv!, 'bin/python'),
        [path.join(__dirname, 'sendLineage.py'), 'credit', '1', COMMIT],
        {
          env: venvEnvironment({
            OPENLINEAGE__TRANSPORT__TYPE: 'http',
            OPENLINEAGE__TRANSPORT__URL: new URL(engine.url).origin,
            OPENLINEAGE__TRANSPORT__ENDPOINT:
              'api/model-delivery/lineage/openlineage',
            OPENLINEAGE__TRANSPORT__AUTH: JSON.stringify({
              type: 'api_key',
              apiKey: mockCredentials.service.token({
                onBehalfOf: mockCredentials.service('external:pipeline'),
                targetPluginId: 'model-delivery',
              }),
            }),
          }),
        },
      );

    it('tells which data a version was made of, in any order and more than once', async () => {
      await send();
      await send();
      const { body } = await engine
        .as(people.dataScientist)
        .get('/lineage?node=model:default/credit-default@1&direction=upstream')
        .expect(200);
      const { nodes, edges } = body as LineageGraph;
      const run = nodes.find(each => each.run?.job.name === 'train')!;
      expect(run.run).toEqual({
        job: { namespace: 'pipelines', name: 'train' },
        state: 'COMPLETE',
        startedAt: '2026-11-20T08:00:00.000Z',
        endedAt: '2026-11-20T09:00:00.000Z',
        commit: COMMIT,
        repository: 'https://git.example.com/credit',
        partOf: null,
      });
      expect(edges).toEqual(
        expect.arrayContaining([
          {
            from: 'resource:default/loans@2026-10',
            to: run.id,
            relation: 'input',
          },
          {
            from: run.id,
            to: 'model:default/credit-default@1',
            relation: 'output',
          },
        ]),
      );
      expect(nodes.map(each => each.title)).toContain('public.loans');
      const columns = await engine
        .as(people.dataScientist)
        .get('/lineage/columns?node=resource:default/loans%402026-10')
        .expect(200);
      expect(columns.body.columns).toMatchObject([
        { column: 'income', from: { column: 'gross_income' } },
      ]);
      const audit = await engine.as().get('/audit?limit=50').expect(200);
      expect(
        audit.body.items.filter(
          (each: { action: string }) => each.action === 'lineage.reported',
        ),
      ).toHaveLength(3);
    });

    it('fails where an event is refused', async () => {
      const refused = await promisify(execFile)(
        path.join(mlflowVenv!, 'bin/python'),
        [path.join(__dirname, 'sendLineage.py'), 'c'.repeat(2001), '1', COMMIT],
        {
          env: venvEnvironment({
            OPENLINEAGE__TRANSPORT__TYPE: 'http',
            OPENLINEAGE__TRANSPORT__URL: new URL(engine.url).origin,
            OPENLINEAGE__TRANSPORT__ENDPOINT:
              'api/model-delivery/lineage/openlineage',
          }),
        },
      ).catch((error: { stderr: string }) => error);
      expect(refused.stderr).toContain('400 Client Error');
    });
  },
);
