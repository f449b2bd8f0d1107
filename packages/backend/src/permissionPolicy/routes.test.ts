import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import {
  BackstageCredentials,
  BackstageUserPrincipal,
  coreServices,
  createServiceFactory,
  PermissionsService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import permissionPlugin from '@backstage/plugin-permission-backend';
import {
  AuthorizeResult,
  PermissionClient,
} from '@backstage/plugin-permission-common';
import catalogModuleModel from '@slipway/backstage-plugin-catalog-backend-module-model';
import modelDeliveryPlugin from '@slipway/backstage-plugin-model-delivery-backend';
import moduleWebhook from '@slipway/backstage-plugin-model-delivery-backend-module-webhook';
import { permissionModuleSlipwayPolicy } from './permissionModuleSlipwayPolicy';

jest.setTimeout(240_000);

const ORG_FILE = resolve(__dirname, '../../../../examples/org.yaml');
const SHA = 'a'.repeat(64);
const MODEL = '/models/default/credit-default';
const PERIOD = 'from=2026-01-01T00%3A00%3A00Z&to=2026-02-01T00%3A00%3A00Z';

const people = {
  dataScientist: 'l.weber',
  mlEngineer: 's.iyer',
  teamLead: 'j.moreau',
  modelRiskManager: 'm.okafor',
  complianceOfficer: 't.brandt',
  platformEngineer: 'k.adeyemi',
  auditor: 'r.castellano',
  onCall: 'd.sorensen',
  outsider: 'e.sato',
};
type Person = keyof typeof people;

const everyRole = Object.keys(people).filter(
  each => each !== 'outsider',
) as Person[];
/** The model belongs to the fraud team, which the ML engineer is in, and the data scientist and the team lead are not. */
const itsTeam: Person[] = ['mlEngineer', 'platformEngineer'];
const reviewers: Person[] = [
  'teamLead',
  'modelRiskManager',
  'complianceOfficer',
];
const overseers: Person[] = [...reviewers, 'platformEngineer', 'auditor'];

/** A valid request of an operation, and whom the permissions let through; the domain may still refuse them. */
interface Row {
  may: Person[];
  method?: 'POST' | 'PUT';
  path: string;
  body?: object;
}

const version = {
  version: 'v1',
  parts: {
    code: { commit: 'a'.repeat(40) },
    data: [{ name: 'loans', version: '1' }],
    artifact: { digest: `sha256:${SHA}` },
    configuration: [],
    parameters: {},
    trainedBy: 'user:default/l.weber',
  },
  commits: [],
};
const promotion = {
  model: 'model:default/credit-default',
  version: 'v1',
  environment: 'staging',
};
const bundle = {
  name: 'Credit and its fraud check',
  members: [
    { model: 'model:default/credit-default', version: 'v2' },
    { model: 'model:default/card-fraud', version: 'v1' },
  ],
};
const now = () => new Date().toISOString();
const inHours = (hours: number) =>
  new Date(Date.now() + hours * 3_600_000).toISOString();
const waiver = () => ({
  version: 'v1',
  environment: 'production',
  gate: 'card-complete',
  reason: 'It is written by Friday',
  expiresAt: inHours(24),
});

const read = (path: string, may = everyRole): Row => ({ may, path });
const write = (
  path: string,
  may: Person[],
  body: object,
  method: Row['method'] = 'POST',
): Row => ({ may, path, body, method });

/**
 * Who may do what, operation by operation: what the contract has and this has not makes the test fail. A second word tells
 * requests of one operation apart that need different permissions.
 */
const matrix = (): Record<string, Row> => ({
  listModels: read('/models'),
  getModel: read(MODEL),
  listVersions: read(`${MODEL}/versions`),
  getVersion: read(`${MODEL}/versions/v1`),
  listEvaluations: read(`${MODEL}/versions/v1/evaluations`),
  getVersionChanges: read(`${MODEL}/versions/v1/changes`),
  countTraces: read(`${MODEL}/versions/v1/traces`),
  getMetricHistory: read(`${MODEL}/versions/v1/metric-history?metric=loss`),
  getModelCard: read(`${MODEL}/card`),
  diffModelCards: read(`${MODEL}/card/diff?from=v1&to=v1`),
  exportModelCard: read(`${MODEL}/card/export?format=cyclonedx`),
  getReleaseVerdict: read(
    `${MODEL}/versions/v1/verdict?environment=production`,
  ),
  listReleaseQuestions: read(`${MODEL}/release-questions`),
  listPipelineRuns: read(`${MODEL}/runs`),
  getPipelineRun: read(`${MODEL}/runs/1`),
  getGateMatrix: read(`${MODEL}/gates`),
  listDeployments: read(`${MODEL}/deployments`),
  getServing: read(
    `${MODEL}/serving?environment=production&at=${encodeURIComponent(now())}`,
  ),
  listIncidents: read(`${MODEL}/incidents`),
  listPolicies: read('/policies'),
  listGateKinds: read('/gate-kinds'),
  listPolicyHistory: read('/policies/history'),
  comparePolicies: read(
    `/policies/compare?before=sha256%3A${SHA}&after=sha256%3A${SHA}`,
  ),
  listPromotions: read('/promotions'),
  getPromotion: read('/promotions/1'),
  listPromotionGates: read('/promotions/1/gates'),
  listPromotionTimeline: read('/promotions/1/timeline'),
  getPromotionSeries: read('/promotions/1/series'),
  listApprovals: read('/approvals?section=waiting'),
  listWaivers: read(`${MODEL}/waivers`),
  listWaiversToDecide: read('/waivers'),
  getWaiver: read('/waivers/1'),
  listOutsideChanges: read(`${MODEL}/outside-changes`),
  listRevocations: read(`${MODEL}/revocations`),
  previewRevocation: read(
    `${MODEL}/revocations/preview?version=v1&evaluation=e1`,
  ),
  listBundles: read('/bundles'),
  getBundle: read('/bundles/1'),
  listBundlePromotions: read('/bundle-promotions'),
  getBundlePromotion: read('/bundle-promotions/1'),
  getMetrics: read(`/metrics?${PERIOD}`),
  getMetricsGroups: read(`/metrics/groups?by=owner&${PERIOD}`),
  listMetricsEvents: read(
    `/metrics/events?measure=deployment-frequency&${PERIOD}`,
  ),
  getLineage: read('/lineage?node=model:default/credit-default'),
  getColumnLineage: read('/lineage/columns?node=model:default/credit-default'),
  getLineageImpact: read(
    '/lineage/impact?dataset=resource:default/loan-applications',
  ),
  listRegistries: read('/registries'),
  listModelSources: read('/model-sources'),
  listSearchDocuments: read('/search-documents?about=versions'),
  'listSearchDocuments cards': read('/search-documents?about=cards'),
  listAudit: read('/audit', overseers),
  previewBreakGlass: read(
    `${MODEL}/break-glass?version=v1&environment=production`,
    [...itsTeam, 'onCall'],
  ),

  importModelCard: write(`${MODEL}/card/import`, itsTeam, {
    format: 'huggingface',
    content: '## Limitations',
    dryRun: true,
  }),

  // Evidence comes from pipelines alone
  registerVersion: write(`${MODEL}/versions`, [], version),
  reportEvaluation: write(`${MODEL}/versions/v1/evaluations`, [], {
    id: 'e1',
    fact: 'tests',
    measuredAt: now(),
    metrics: [{ name: 'coverage', value: 0.9 }],
  }),
  reportOpenLineageEvent: write('/lineage/openlineage', [], {
    eventTime: now(),
    producer: 'https://example.com/ci',
    schemaURL:
      'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: '01890000-0000-7000-8000-000000000001' },
    job: { namespace: 'pipelines', name: 'train' },
  }),
  raiseDataFault: write(
    '/lineage/faults',
    everyRole.filter(each => each !== 'auditor' && each !== 'onCall'),
    {
      dataset: 'resource:default/nothing-of-the-kind',
      reason: 'A third of the rows is missing',
      idempotencyKey: 'k1',
    },
  ),
  withdrawDataFault: write(
    '/lineage/faults/1/withdrawal',
    everyRole.filter(each => each !== 'auditor' && each !== 'onCall'),
    { reason: 'The rows were counted wrongly' },
  ),
  pushSamples: write(`${MODEL}/samples`, [], {
    id: 's1',
    environment: 'production',
    samples: [
      {
        version: 'v1',
        from: new Date(Date.now() - 60_000).toISOString(),
        to: now(),
        requests: 1,
        errors: 0,
        latencies: [12],
      },
    ],
  }),
  reportModelSource: write(
    '/model-sources/mlflow:main',
    [],
    {
      configured: ['mlflow:main'],
      title: 'MLflow main',
      kind: 'mlflow',
      places: [],
      intervalSeconds: 300,
      attemptedAt: now(),
      succeededAt: now(),
      error: null,
      models: 0,
      refused: { count: 0, items: [] },
      conflicts: { count: 0, items: [] },
    },
    'PUT',
  ),
  reportPipelineRun: write(
    `${MODEL}/runs/1`,
    [],
    { trigger: 'code', outcome: 'success', startedAt: now(), stages: [] },
    'PUT',
  ),
  recordDeployment: write(`${MODEL}/deployments`, ['platformEngineer'], {
    id: 'd1',
    version: 'v1',
    environment: 'production',
    startedAt: now(),
  }),
  reportIncident: write(
    `${MODEL}/incidents/i1`,
    [...itsTeam, 'onCall'],
    { title: 'Scores are missing', detectedAt: now() },
    'PUT',
  ),

  refreshRegistry: write(
    '/registries/mlflow/none/refreshes',
    ['mlEngineer', 'platformEngineer', 'onCall'],
    {},
  ),
  validatePolicy: write('/policies/validate', everyRole, { yaml: 'kind: 1' }),
  tryPolicy: write('/policies/try', overseers, { yaml: 'kind: 1' }),

  requestPromotion: write('/promotions', itsTeam, promotion),
  transitionPromotion: write(
    '/promotions/1/transitions',
    [...itsTeam, 'onCall'],
    { event: 're-evaluate', revision: 999_999 },
  ),
  'transitionPromotion skip': write(
    '/promotions/1/transitions',
    [
      'mlEngineer',
      'teamLead',
      'modelRiskManager',
      'platformEngineer',
      'onCall',
    ],
    { event: 'skip', revision: 999_999, reason: 'Seen enough of it' },
  ),
  decide: write('/promotions/1/decisions', reviewers, {
    decision: 'approve',
    role: 'nobody',
    revision: 1,
    subjectDigest: `sha256:${SHA}`,
  }),
  listDelegations: read('/delegations', reviewers),
  handOnRole: write('/delegations', reviewers, {
    group: 'group:default/model-risk-managers',
    to: 'user:default/l.weber',
    until: inHours(24),
    reason: 'On leave',
  }),
  endDelegation: write(
    '/delegations/6b0f2f0e-5a3e-4a55-9d67-0f4c1f2b7a10/end',
    reviewers,
    {},
  ),
  rollBack: write(`${MODEL}/rollbacks`, [...itsTeam, 'onCall'], {
    environment: 'production',
    version: 'v1',
    reason: 'Trying the way back',
    idempotencyKey: 'k1',
  }),
  registerBundle: write('/bundles', itsTeam, bundle),
  requestBundlePromotion: write('/bundle-promotions', itsTeam, {
    bundle: '1',
    environment: 'staging',
  }),
  rollBackBundle: write(
    '/bundle-promotions/1/rollbacks',
    [...itsTeam, 'onCall'],
    { reason: 'Trying the way back' },
  ),
  reviewBreakGlass: write('/promotions/1/review', reviewers, {
    outcome: 'justified',
    reason: 'It was an emergency',
  }),
  askForWaiver: write(`${MODEL}/waivers`, itsTeam, waiver()),
  decideOnWaiver: write('/waivers/1/decisions', reviewers, {
    decision: 'grant',
    role: 'model-risk-manager',
    reason: 'Agreed for the moment',
    subjectDigest: `sha256:${SHA}`,
  }),
  revertOutsideChange: write(
    `${MODEL}/outside-changes/1/revert`,
    [...itsTeam, 'onCall'],
    { reason: 'Nobody agreed to that' },
  ),
  adoptOutsideChange: write(`${MODEL}/outside-changes/1/adopt`, itsTeam, {}),
  revokeEvidence: write(
    `${MODEL}/revocations`,
    ['modelRiskManager', 'complianceOfficer', 'platformEngineer'],
    { version: 'v1', evaluation: 'e1', reason: 'It measured another version' },
  ),
  acknowledgeRevocation: write(
    `${MODEL}/revocations/1/acknowledgements`,
    ['modelRiskManager', 'complianceOfficer', 'platformEngineer'],
    { deployment: 'd1', reason: 'It is replaced by the evening' },
  ),
  // Who asked and who may grant, the domain knows
  endWaiver: write('/waivers/1/end', everyRole, {
    reason: 'Not needed any more',
  }),
});

/** Asks the permission backend as a plugin does for a person, which the mocked authentication does not say by itself. */
const askPermissionBackend = createServiceFactory({
  service: coreServices.permissions,
  deps: { discovery: coreServices.discovery, config: coreServices.rootConfig },
  factory: ({ discovery, config }): PermissionsService => {
    const client = new PermissionClient({ discovery, config });
    const tokenOf = ({ principal }: BackstageCredentials) => {
      const { type, userEntityRef } = principal as BackstageUserPrincipal;
      return type === 'user'
        ? mockCredentials.user.token(userEntityRef, {
            actor: { subject: 'plugin:model-delivery' },
          })
        : undefined;
    };
    const allow = { result: AuthorizeResult.ALLOW } as const;
    return {
      authorize: async (requests, { credentials }) => {
        const token = tokenOf(credentials);
        return token
          ? client.authorize(requests, { token })
          : requests.map(() => allow);
      },
      authorizeConditional: async (requests, { credentials }) => {
        const token = tokenOf(credentials);
        return token
          ? client.authorizeConditional(requests, { token })
          : requests.map(() => allow);
      },
    };
  },
});

describe('every route of model delivery', () => {
  let backend: TestBackend;
  let folder: string;
  let url: string;

  const send = (row: Row, authorization?: string) =>
    fetch(`${url}/api/model-delivery${row.path}`, {
      method: row.method ?? 'GET',
      headers: {
        'content-type': 'application/json',
        ...(authorization && { authorization }),
      },
      ...(row.body && { body: JSON.stringify(row.body) }),
    });
  const as = (person: Person) =>
    `Bearer ${mockCredentials.user.token(`user:default/${people[person]}`)}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-routes-'));
    writeFileSync(
      join(folder, 'model.yaml'),
      ['credit-default', 'card-fraud']
        .map(
          name => `apiVersion: slipway.dev/v1alpha1
kind: Model
metadata: { name: ${name}, title: ${name} }
spec:
  type: classifier
  task: tabular-classification
  lifecycle: production
  owner: group:default/fraud
  risk: high
  teamSize: small
  intendedUse: Rank loan applications by probability of default
`,
        )
        .join('---\n'),
    );
    const roles = Object.fromEntries(
      [
        ['dataScientist', 'data-scientists'],
        ['mlEngineer', 'ml-engineers'],
        ['teamLead', 'team-leads'],
        ['modelRiskManager', 'model-risk-managers'],
        ['complianceOfficer', 'compliance-officers'],
        ['platformEngineer', 'platform-engineers'],
        ['auditor', 'auditors'],
        ['onCall', 'on-call'],
      ].map(([role, group]) => [role, [`group:default/${group}`]]),
    );
    backend = await startTestBackend({
      features: [
        permissionPlugin,
        permissionModuleSlipwayPolicy,
        catalogPlugin,
        catalogModuleModel,
        modelDeliveryPlugin,
        moduleWebhook,
        askPermissionBackend,
        mockServices.rootConfig.factory({
          data: {
            backend: {
              baseUrl: 'http://localhost',
              database: { client: 'better-sqlite3', connection: ':memory:' },
            },
            permission: { enabled: true, roles },
            modelDelivery: {
              webhook: {
                nowhere: {
                  url: 'http://127.0.0.1:9/deploy',
                  secret: 'f'.repeat(64),
                },
              },
            },
            catalog: {
              locations: [
                {
                  type: 'file',
                  target: ORG_FILE,
                  rules: [{ allow: ['User', 'Group'] }],
                },
                {
                  type: 'file',
                  target: join(folder, 'model.yaml'),
                  rules: [{ allow: ['Model'] }],
                },
              ],
            },
          },
        }),
      ],
    });
    url = `http://localhost:${backend.server.port()}`;
    await until(() => send(read(MODEL), as('auditor')), 200);
    const { registerVersion } = matrix();
    const pipeline = mockCredentials.service.header();
    await until(() => send(registerVersion, pipeline), 201);
    const asked = matrix();
    await until(() => send(asked.requestPromotion, as('mlEngineer')), 201);
    await until(() => send(asked.askForWaiver, as('mlEngineer')), 201);
    const second = { ...version, version: 'v2', parts: { ...version.parts } };
    second.parts.parameters = { depth: '4' };
    const others = [
      write(`${MODEL}/versions`, [], second),
      write('/models/default/card-fraud/versions', [], version),
    ];
    for (const each of others) {
      await until(() => send(each, pipeline), 201);
    }
    await until(() => send(asked.registerBundle, as('mlEngineer')), 201);
    await until(
      () => send(asked.requestBundlePromotion, as('mlEngineer')),
      201,
    );
  });
  afterAll(async () => {
    await backend?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets through whom the matrix names, and nobody else', async () => {
    const rows = matrix();
    const found: Record<string, Person[]> = {};
    const faults: string[] = [];
    for (const [operation, row] of Object.entries(rows)) {
      found[operation] = [];
      for (const person of Object.keys(people) as Person[]) {
        const response = await send(row, as(person));
        const { error } = await response.json();
        // A fault of the request or of the server would hide what the permissions say
        if (response.status >= 500 || response.status === 400) {
          faults.push(
            `${operation} as ${person}: ${response.status} ${error?.message}`,
          );
        }
        const isRefused =
          response.status === 403 && /permission/.test(error?.message);
        if (!isRefused) {
          found[operation].push(person);
        }
      }
    }
    const expected = Object.fromEntries(
      Object.entries(rows).map(([operation, { may }]) => [
        operation,
        Object.keys(people).filter(each => may.includes(each as Person)),
      ]),
    );
    expect(faults).toEqual([]);
    expect(found).toEqual(expected);
  });

  it('is in the matrix, and closed to whoever is not signed in', async () => {
    const contract = readFileSync(
      resolvePackagePath(
        '@slipway/backstage-plugin-model-delivery-backend',
        'src/schema/openapi.yaml',
      ),
      'utf8',
    );
    const operations = [...contract.matchAll(/operationId: (\w+)/g)].map(
      ([, id]) => id,
    );
    const named = Object.keys(matrix()).map(each => each.split(' ')[0]);
    expect([...new Set(named)].sort()).toEqual(operations.sort());
    for (const row of Object.values(matrix())) {
      const { status } = await send(row, mockCredentials.none.header());
      expect([row.path, status]).toEqual([row.path, 401]);
    }
  });
});

/** Asks again until the answer has that status: the catalog takes a moment to take the sample company in. */
async function until(
  ask: () => Promise<Response>,
  status: number,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await ask();
    if (response.status === status) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `It answers ${response.status}: ${await response.text()}`,
      );
    }
    await new Promise(done => setTimeout(done, 200));
  }
}
