import {
  AuthorizeResult,
  createPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import {
  modelReadPermission,
  RESOURCE_TYPE_MODEL,
} from '@slipway/backstage-plugin-model-delivery-common';
import knexFactory from 'knex';
import { Authorizer } from './Authorizer';

const principal = {
  ref: 'user:default/dana',
  isUser: true,
  credentials: mockCredentials.user('user:default/dana'),
};

function authorizer(decision: PolicyDecision) {
  return new Authorizer(
    mockServices.permissions.mock({
      authorize: async () => [
        {
          result:
            decision.result === AuthorizeResult.ALLOW
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
        },
      ],
      authorizeConditional: async () => [decision],
    }),
  );
}

const rule = (name: string, params: Record<string, string[]>) => ({
  rule: name,
  resourceType: RESOURCE_TYPE_MODEL,
  params,
});
const conditional = (
  conditions: Extract<
    PolicyDecision,
    { result: typeof AuthorizeResult.CONDITIONAL }
  >['conditions'],
): PolicyDecision => ({
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'model-delivery',
  resourceType: RESOURCE_TYPE_MODEL,
  conditions,
});
const mine = rule('IS_MODEL_OWNER', { owners: ['group:default/a'] });
const low = rule('HAS_RISK', { risks: ['low'] });
const staging = rule('IN_ENVIRONMENT', { environments: ['staging'] });

const models = [
  { ref: 'model:default/1', owner: 'group:default/a', risk: 'high' },
  { ref: 'model:default/2', owner: 'group:default/b', risk: 'low' },
  { ref: 'model:default/3', owner: 'group:default/b', risk: 'high' },
];

describe('the authorizer', () => {
  it('refuses unless explicitly allowed', async () => {
    const denied = authorizer({ result: AuthorizeResult.DENY });
    await expect(
      denied.requireOnModel(principal, modelReadPermission, models[0]),
    ).rejects.toThrow(
      'user:default/dana lacks the permission model-delivery.model.read for model:default/1',
    );
    await expect(
      denied.modelFilter(principal, modelReadPermission),
    ).rejects.toThrow(NotAllowedError);
    await expect(
      denied.require(
        principal,
        createPermission({ name: 'x', attributes: {} }),
      ),
    ).rejects.toThrow(NotAllowedError);
  });

  it.each([
    ['owner', conditional(mine), ['1']],
    ['any', conditional({ anyOf: [mine, low] }), ['1', '2']],
    ['all', conditional({ allOf: [mine, low] }), []],
    ['not', conditional({ not: mine }), ['2', '3']],
    [
      'nested',
      conditional({ allOf: [{ not: low }, { anyOf: [mine, low] }] }),
      ['1'],
    ],
  ])(
    'decides %s the same for one model and, in SQL, for a list',
    async (_name, decision, expected) => {
      const subject = authorizer(decision);
      const one: string[] = [];
      for (const model of models) {
        if (await subject.mayOnModel(principal, modelReadPermission, model)) {
          one.push(model.ref.slice(-1));
        }
      }
      expect(one).toEqual(expected);

      const knex = knexFactory({
        client: 'better-sqlite3',
        connection: ':memory:',
        useNullAsDefault: true,
      });
      await knex.schema.createTable('models', table => {
        table.text('ref');
        table.text('owner');
        table.text('risk');
      });
      await knex('models').insert(models);
      const filter = await subject.modelFilter(principal, modelReadPermission);
      const rows = await knex('models').modify(filter).orderBy('ref');
      expect(rows.map((row: { ref: string }) => row.ref.slice(-1))).toEqual(
        expected,
      );
      await knex.destroy();
    },
  );

  it('allows an environment only to what names it', async () => {
    const subject = authorizer(conditional(staging));
    const may = (environment?: string) =>
      subject.mayOnModel(principal, modelReadPermission, {
        ...models[0],
        environment,
      });
    expect(await may('staging')).toBe(true);
    expect(await may('production')).toBe(false);
    expect(await may(undefined)).toBe(false);
  });
});
