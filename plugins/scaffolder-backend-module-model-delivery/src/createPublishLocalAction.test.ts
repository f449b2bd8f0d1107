import {
  createMockDirectory,
  mockCredentials,
} from '@backstage/backend-test-utils';
import { Entity, UserEntity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { createPublishLocalAction } from './createPublishLocalAction';
import { git } from './git';
import { LocalRepositories } from './LocalRepositories';

jest.setTimeout(30_000);

const MODEL = {
  apiVersion: 'slipway.dev/v1alpha1',
  kind: 'Model',
  metadata: { name: 'churn' },
  spec: {
    type: 'classifier',
    lifecycle: 'experimental',
    owner: 'group:default/team',
    risk: 'low',
    teamSize: 'small',
    intendedUse: 'Testing',
  },
} satisfies Entity;

const USER: UserEntity = {
  apiVersion: 'backstage.io/v1beta1',
  kind: 'User',
  metadata: { name: 'l.weber' },
  spec: {
    profile: { displayName: 'L. Weber', email: 'l.weber@harbour.example' },
  },
};

describe('slipway:publish:local', () => {
  const folder = createMockDirectory();

  /** `appearsAfter`: how many looks at the catalog find nothing yet. */
  function setUp(options: { model?: object; appearsAfter?: number } = {}) {
    folder.setContent({
      workspace: {
        'catalog-info.yaml': JSON.stringify(options.model ?? MODEL),
        '.gitignore': 'build/\n',
        build: { secret: 'x' },
        pipeline: { 'a b.py': 'print("ä")\n' },
      },
    });
    let looks = 0;
    const catalog = catalogServiceMock.mock({
      getEntityByRef: async () =>
        looks++ < (options.appearsAfter ?? 2) ? undefined : MODEL,
    });
    const repositories = new LocalRepositories({
      directory: folder.resolve('repositories'),
    });
    const action = createPublishLocalAction({ repositories, catalog });
    const publish = async (input: Record<string, string | number>) => {
      const outputs: Record<string, unknown> = {};
      await action.handler({
        ...createMockActionContext({
          input: { name: 'churn', ...input },
          workspacePath: folder.resolve('workspace'),
        }),
        user: { entity: USER, ref: 'user:default/l.weber' },
        getInitiatorCredentials: async () => mockCredentials.user(),
        output: (key: string, value: unknown) => {
          outputs[key] = value;
        },
      } as Parameters<typeof action.handler>[0]);
      return outputs;
    };
    return { publish, repositories };
  }

  it('commits the workspace as the person, and waits for the catalog', async () => {
    const { publish } = setUp();
    const outputs = await publish({});
    expect(outputs).toEqual({
      remoteUrl: folder.resolve('repositories/churn.git'),
      commitHash: expect.stringMatching(/^[0-9a-f]{40}$/),
      entityRef: 'model:default/churn',
    });
    const clone = folder.resolve('clone');
    await git(['clone', '--quiet', outputs.remoteUrl as string, clone]);
    await expect(
      git(['-C', clone, 'log', '--format=%H %an <%ae> %D']),
    ).resolves.toBe(
      `${outputs.commitHash} L. Weber <l.weber@harbour.example> HEAD -> main, origin/main, origin/HEAD`,
    );
    expect(folder.content({ path: 'clone/pipeline' })).toEqual({
      'a b.py': 'print("ä")\n',
    });
    await expect(git(['-C', clone, 'ls-files'])).resolves.not.toContain(
      'build',
    );
    expect(
      Object.keys(folder.content({ path: 'workspace' }) as object),
    ).not.toContain('.git');
  });

  it('says when the catalog does not take it in time', async () => {
    const { publish } = setUp({ appearsAfter: Infinity });
    await expect(publish({ waitSeconds: 0 })).rejects.toThrow(
      /churn\.git is made, but model:default\/churn did not appear/,
    );
  });

  it.each([
    [
      'a name that leaves the folder',
      { name: '../churn' },
      undefined,
      /cannot be the name/,
    ],
    [
      'a folder outside of the workspace',
      { sourcePath: '../..' },
      undefined,
      /outside|relative path/i,
    ],
    [
      'a model that the catalog would refuse',
      {},
      { ...MODEL, spec: { ...MODEL.spec, risk: 'severe' } },
      /spec\.risk must be one of/,
    ],
    [
      'a model with another name',
      { name: 'other' },
      undefined,
      /named like its repository/,
    ],
    [
      'a workspace without a model',
      {},
      { ...MODEL, kind: 'Component' },
      /describes no Model/,
    ],
  ] as const)('refuses %s', async (_, input, model, message) => {
    const { publish, repositories } = setUp({ model });
    await expect(publish(input)).rejects.toThrow(message);
    await expect(repositories.list()).resolves.toEqual([]);
  });

  it('refuses a name that is in the catalog already', async () => {
    const { publish, repositories } = setUp({ appearsAfter: 0 });
    await expect(publish({})).rejects.toThrow(/in the catalog already/);
    await expect(repositories.list()).resolves.toEqual([]);
  });

  it('says what to set when this portal keeps no repositories', async () => {
    const action = createPublishLocalAction({
      repositories: undefined,
      catalog: catalogServiceMock.mock(),
    });
    await expect(
      action.handler(createMockActionContext({ input: { name: 'churn' } })),
    ).rejects.toThrow(/modelDelivery\.localRepositories\.directory/);
  });
});
