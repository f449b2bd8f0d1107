import {
  createBackendModule,
  coreServices,
  createServiceFactory,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
// What the actions call, run for real
// eslint-disable-next-line @backstage/no-mixed-plugin-imports
import modelDeliveryPlugin from '@slipway/backstage-plugin-model-delivery-backend';
import {
  Deployer,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import moduleActions from './index';

jest.setTimeout(120_000);

const dana = 'user:default/dana';
const oscar = 'user:default/oscar';
const WHY = 'The age bins were wrong in the last one';

/** Serves whatever it is told to. */
const deployer: Deployer = {
  id: 'test',
  serves: () => true,
  prepare: async () => ({ state: 'done' }),
  setTraffic: async () => ({ state: 'done' }),
  release: async () => ({ state: 'done' }),
} as unknown as Deployer;

describe('actions', () => {
  let backend: TestBackend;
  let url: string;

  const allow = { result: AuthorizeResult.ALLOW } as const;
  const deny = { result: AuthorizeResult.DENY } as const;
  const permissions: PermissionsService = {
    authorize: async requests => requests.map(() => allow),
    authorizeConditional: async (requests, options) =>
      requests.map(({ permission }) => {
        const { principal } = (options?.credentials ?? {}) as {
          principal?: { userEntityRef?: string };
        };
        return principal?.userEntityRef === oscar &&
          permission.name !== 'model-delivery.model.read'
          ? deny
          : allow;
      }),
  };

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        modelDeliveryPlugin,
        moduleActions,
        actionsRegistryServiceMock.factory(),
        createBackendModule({
          pluginId: 'model-delivery',
          moduleId: 'test-deployer',
          register: env =>
            env.registerInit({
              deps: { deployers: deployersExtensionPoint },
              init: async ({ deployers }) => deployers.addDeployer(deployer),
            }),
        }),
        createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => permissions,
        }),
        catalogServiceMock.factory({
          entities: [
            {
              apiVersion: 'slipway.dev/v1alpha1',
              kind: 'Model',
              metadata: { name: 'churn', namespace: 'default', title: 'Churn' },
              spec: {
                type: 'classifier',
                task: 'tabular-classification',
                lifecycle: 'production',
                owner: 'group:default/growth',
                risk: 'medium',
                teamSize: 'small',
                intendedUse:
                  'Rank customers by the probability that they leave',
              },
            },
          ],
        }),
        mockServices.rootConfig.factory({
          data: {
            backend: {
              database: { client: 'better-sqlite3', connection: ':memory:' },
            },
            modelDelivery: {
              workers: { pollInterval: { milliseconds: 100 } },
            },
          },
        }),
      ],
    });
    url = `http://localhost:${backend.server.port()}/api/model-delivery`;
    const response = await fetch(`${url}/models/default/churn/versions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: mockCredentials.service.header(),
      },
      body: JSON.stringify({
        version: 'v1',
        parts: {
          code: { commit: 'a'.repeat(40) },
          data: [{ name: 'customers', version: '1' }],
          artifact: { digest: `sha256:${'b'.repeat(64)}` },
          configuration: [],
          parameters: {},
          trainedBy: dana,
        },
        commits: [],
      }),
    });
    if (response.status !== 201) {
      throw new Error(await response.text());
    }
  });
  afterAll(() => backend?.stop());

  /** As an MCP server or the scaffolder calls an action for a person. */
  const tokenOf = (user: string, through = 'plugin:mcp-actions') =>
    `Bearer ${mockCredentials.user.token(user, {
      actor: { subject: through },
    })}`;

  const invoke = async (
    action: string,
    input: object,
    authorization = tokenOf(dana),
  ) => {
    const response = await fetch(
      `${url}/.backstage/actions/v2/actions/model-delivery:${action}/invoke`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ input }),
      },
    );
    return { status: response.status, body: await response.json() };
  };
  const release = {
    model: 'model:default/churn',
    version: 'v1',
    environment: 'staging',
  };
  const audited = async () => {
    const response = await fetch(`${url}/audit`, {
      headers: { authorization: mockCredentials.user.header(dana) },
    });
    const { items } = await response.json();
    return items.map(
      ({ actor, summary }: { actor: string; summary: string }) =>
        `${actor}: ${summary}`,
    );
  };

  it('are found by templates and agents, and none of them approves', async () => {
    const response = await fetch(`${url}/.backstage/actions/v1/actions`, {
      headers: { authorization: tokenOf(dana) },
    });
    const { actions } = await response.json();
    expect(
      actions.map(
        (each: {
          name: string;
          attributes: { readOnly: boolean };
          schema: { input: { required: string[] } };
        }) => [
          each.name,
          each.attributes.readOnly ? 'reads' : 'changes',
          each.schema.input.required.includes('reason'),
        ],
      ),
    ).toEqual([
      ['read-model', 'reads', false],
      ['read-promotion', 'reads', false],
      ['evaluate-gates', 'reads', false],
      ['request-promotion', 'changes', true],
      ['roll-back', 'changes', true],
      ['pause-promotion', 'changes', true],
      ['abort-promotion', 'changes', true],
      ['re-evaluate-promotion', 'changes', true],
    ]);
  });

  it('read a model and judge its gates as the portal does', async () => {
    const read = await invoke('read-model', { model: 'churn' });
    expect(read).toMatchObject({
      status: 200,
      body: {
        output: {
          model: 'model:default/churn',
          title: 'Churn',
          latestVersion: 'v1',
          environments: [
            { name: 'staging', serving: [] },
            { name: 'production', serving: [] },
          ],
        },
      },
    });
    const judged = await invoke('evaluate-gates', release);
    expect(judged.body.output).toMatchObject({
      verdict: 'refused',
      allowed: false,
    });
    expect(judged.body.output.blocking[0]).toMatchObject({
      verdict: 'no-evidence',
    });
  });

  it('request, judge anew and abort for a person, who is written down with the agent and the reason', async () => {
    const requested = await invoke('request-promotion', {
      ...release,
      reason: WHY,
    });
    expect(requested).toMatchObject({
      status: 200,
      body: {
        output: {
          requestedBy: dana,
          reason: `${WHY} (through mcp-actions)`,
        },
      },
    });
    const promotion = requested.body.output.id;
    let read = await invoke('read-promotion', { promotion });
    while (read.body.output.state !== 'blocked') {
      await new Promise(resolve => setTimeout(resolve, 100));
      read = await invoke('read-promotion', { promotion });
    }
    const stale = await invoke('abort-promotion', {
      promotion,
      reason: WHY,
      revision: 1,
    });
    expect(stale.status).toBe(409);
    expect(stale.body.error.message).toContain('you looked at revision 1');

    expect(
      await invoke('re-evaluate-promotion', { promotion, reason: WHY }),
    ).toMatchObject({ status: 200 });
    const paused = await invoke('pause-promotion', { promotion, reason: WHY });
    expect(paused.status).toBe(409);
    const aborted = await invoke(
      'abort-promotion',
      { promotion, reason: WHY },
      tokenOf(dana, 'plugin:scaffolder'),
    );
    expect(aborted.body.output).toMatchObject({ state: 'cancelled' });
    const log = await audited();
    expect(log).toContainEqual(
      `${dana}: Requested to promote v1 to staging: ${WHY} (through mcp-actions)`,
    );
    expect(
      log.some(
        (entry: string) =>
          entry.startsWith(dana) &&
          entry.includes(`${WHY} (through scaffolder)`),
      ),
    ).toBe(true);

    const back = await invoke('roll-back', {
      model: 'churn',
      environment: 'staging',
      reason: WHY,
    });
    expect(back.status).toBe(409);
  });

  it.each([
    ['request-promotion', { ...release, reason: WHY }],
    ['roll-back', { model: 'churn', environment: 'staging', reason: WHY }],
  ])(
    '%s is refused to whom the person may not, or without a person or a reason',
    async (action, input) => {
      const refused = await invoke(action, input, tokenOf(oscar));
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toContain(
        `${oscar} lacks the permission`,
      );
      const alone = await invoke(
        action,
        input,
        mockCredentials.service.header(),
      );
      expect(alone.status).toBe(403);
      expect(alone.body.error.message).toContain('run for a person');
      const { reason, ...silent } = input;
      expect((await invoke(action, silent)).status).toBe(400);
      expect(
        (await invoke(action, { ...silent, reason: '          ' })).status,
      ).toBe(400);
    },
  );

  it.each([
    ['/promotions', { ...release, breakGlass: { reason: WHY } }],
    [
      '/promotions/1/transitions',
      { event: 'resume', revision: 1, reason: WHY },
    ],
    ['/promotions/1/transitions', { event: 'retry', revision: 1, reason: WHY }],
  ])(
    'what they do not offer the API refuses to agents: %s %j',
    async (path, body) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: mockCredentials.user.header(dana),
        },
        body: JSON.stringify({ ...body, agent: 'mcp-actions' }),
      });
      const { error } = await response.json();
      expect(error.message).toMatch(
        'mcp-actions is an agent, and agents may not',
      );
      expect(response.status).toBe(403);
    },
  );
});
