import { resolve } from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogEntityDeletePermission } from '@backstage/plugin-catalog-common/alpha';
import permissionPlugin from '@backstage/plugin-permission-backend';
import {
  AuthorizeResult,
  Permission,
} from '@backstage/plugin-permission-common';
import {
  taskReadPermission,
  templateManagementPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  auditReadPermission,
  breakGlassPermission,
  evidenceReportPermission,
  metricsReadPermission,
  modelDeliveryPermissions,
  modelReadPermission,
  promotionDecidePermission,
  promotionRequestPermission,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { permissionModuleSlipwayPolicy } from './permissionModuleSlipwayPolicy';
import { permissionTable } from './permissionTable';

const ORG_FILE = resolve(__dirname, '../../../../examples/org.yaml');
const WAIT_MS = 20_000;

const roles = {
  dataScientist: ['group:default/data-scientists'],
  mlEngineer: ['group:default/ml-engineers'],
  teamLead: ['group:default/team-leads'],
  modelRiskManager: ['group:default/model-risk-managers'],
  complianceOfficer: ['group:default/compliance-officers'],
  platformEngineer: ['group:default/platform-engineers'],
  auditor: ['group:default/auditors'],
  onCall: ['group:default/on-call'],
};

const everyone = [
  'l.weber',
  's.iyer',
  'j.moreau',
  'm.okafor',
  't.brandt',
  'k.adeyemi',
  'r.castellano',
  'd.sorensen',
];

/** The permission backend with the portal's policy, on a real catalog that holds the sample company. */
async function startPortal(): Promise<TestBackend> {
  const backend = await startTestBackend({
    features: [
      permissionPlugin,
      catalogPlugin,
      permissionModuleSlipwayPolicy,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            baseUrl: 'http://localhost',
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          permission: { enabled: true, roles },
          catalog: {
            locations: [
              {
                type: 'file',
                target: ORG_FILE,
                rules: [{ allow: ['User', 'Group'] }],
              },
            ],
          },
        },
      }),
    ],
  });
  return backend;
}

describe('the portal’s permission policy', () => {
  let backend: TestBackend;
  let url: string;

  const post = async (path: string, body: unknown, authorization: string) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  /** What the permission backend answers a plugin that asks for this person. */
  const ask = async (name: string, permission: Permission) => {
    const { body } = await post(
      '/api/permission/authorize',
      { items: [{ id: '1', permission }] },
      `Bearer ${mockCredentials.user.token(`user:default/${name}`, {
        actor: { subject: 'plugin:model-delivery' },
      })}`,
    );
    return body.items?.[0] ?? body;
  };

  const whoMay = async (permission: Permission) => {
    const answers = await Promise.all(
      [...everyone, 'e.sato'].map(async name => ({
        name,
        result: (await ask(name, permission)).result,
      })),
    );
    return answers
      .filter(({ result }) => result === AuthorizeResult.ALLOW)
      .map(({ name }) => name);
  };

  beforeAll(async () => {
    backend = await startPortal();
    url = `http://localhost:${backend.server.port()}`;
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const response = await fetch(
        `${url}/api/catalog/entities/by-query?limit=100&filter=kind=user`,
        { headers: { authorization: mockCredentials.service.header() } },
      );
      const { items } = await response.json();
      const isStitched = items.some(
        (user: { metadata: { name: string }; relations?: unknown[] }) =>
          user.metadata.name === 'm.okafor' && user.relations?.length,
      );
      if (items.length >= 18 && isStitched) {
        return;
      }
      if (Date.now() > until) {
        throw new Error('The sample company did not get into the catalog');
      }
      await new Promise(done => setTimeout(done, 100));
    }
  }, 60_000);

  afterAll(() => backend?.stop());

  it('lets every role see models, and the outsider nothing of model delivery', async () => {
    expect(await whoMay(modelReadPermission)).toEqual(everyone);
    expect(await whoMay(metricsReadPermission)).toEqual(everyone);
    for (const permission of modelDeliveryPermissions) {
      expect(await ask('e.sato', permission)).toMatchObject({
        result: AuthorizeResult.DENY,
      });
    }
  });

  it('lets those decide who may approve, a role held through a nested group included', async () => {
    expect(await whoMay(promotionDecidePermission)).toEqual([
      'j.moreau',
      'm.okafor',
      't.brandt',
    ]);
  });

  it('lets nobody but pipelines report evidence', async () => {
    expect(await whoMay(evidenceReportPermission)).toEqual([]);
  });

  it('shows the audit log to reviewers, leads, the platform and auditors', async () => {
    expect(await whoMay(auditReadPermission)).toEqual([
      'j.moreau',
      'm.okafor',
      't.brandt',
      'k.adeyemi',
      'r.castellano',
    ]);
  });

  it('lets the on-call engineer roll back any model, and an engineer those of their teams', async () => {
    expect(await whoMay(rollbackPermission)).toEqual([
      'k.adeyemi',
      'd.sorensen',
    ]);
    const answer = await ask('s.iyer', rollbackPermission);
    expect(answer).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'model-delivery',
      conditions: { rule: 'IS_MODEL_OWNER' },
    });
    expect(answer.conditions.params.owners).toEqual(
      expect.arrayContaining([
        'user:default/s.iyer',
        'group:default/credit-risk',
        'group:default/fraud',
        'group:default/retail-bank',
        'group:default/harbour',
      ]),
    );
    expect(answer.conditions.params.owners).not.toContain(
      'group:default/supply',
    );
  });

  it('lets the on-call engineer ask for emergencies of any model, and nobody who reviews them', async () => {
    expect(await whoMay(breakGlassPermission)).toEqual([
      'k.adeyemi',
      'd.sorensen',
    ]);
    expect(await ask('s.iyer', breakGlassPermission)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { rule: 'IS_MODEL_OWNER' },
    });
    for (const name of ['m.okafor', 't.brandt', 'j.moreau', 'l.weber']) {
      expect(await ask(name, breakGlassPermission)).toMatchObject({
        result: AuthorizeResult.DENY,
      });
    }
  });

  it('does not let whoever approves ask for a promotion', async () => {
    for (const name of ['m.okafor', 't.brandt', 'r.castellano', 'd.sorensen']) {
      expect(await ask(name, promotionRequestPermission)).toMatchObject({
        result: AuthorizeResult.DENY,
      });
    }
  });

  it('limits deletions in the catalog and runs of templates to one’s own', async () => {
    expect(await ask('l.weber', catalogEntityDeletePermission)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { rule: 'IS_ENTITY_OWNER' },
    });
    expect(await ask('l.weber', taskReadPermission)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { params: { createdBy: ['user:default/l.weber'] } },
    });
    expect(await whoMay(templateManagementPermission)).toEqual(['k.adeyemi']);
  });

  it('refuses a permission that it does not know', async () => {
    expect(
      await whoMay({
        type: 'basic',
        name: 'some.other.permission',
        attributes: {},
      }),
    ).toEqual([]);
    expect(
      await whoMay({ type: 'basic', name: 'constructor', attributes: {} }),
    ).toEqual([]);
  });

  it('refuses whoever the catalog does not know, and whoever is not signed in', async () => {
    expect(await ask('nobody', modelReadPermission)).toMatchObject({
      result: AuthorizeResult.DENY,
    });
    const { body } = await post(
      '/api/permission/authorize',
      { items: [{ id: '1', permission: modelReadPermission }] },
      mockCredentials.none.header(),
    );
    expect(body.items?.[0].result ?? AuthorizeResult.DENY).toBe(
      AuthorizeResult.DENY,
    );
  });

  it('has a row for every permission of model delivery', () => {
    expect(Object.keys(permissionTable)).toEqual(
      expect.arrayContaining(modelDeliveryPermissions.map(({ name }) => name)),
    );
  });
});
