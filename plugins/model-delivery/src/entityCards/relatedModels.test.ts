import { Entity } from '@backstage/catalog-model';
import { hasRelatedModels, relatedModels } from './relatedModels';

const entity = (kind: string, relations: [string, string][]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name: 'it' },
  relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
});

it.each([
  [
    'a component has those that it serves and builds',
    entity('Component', [
      ['serves', 'model:default/a'],
      ['serves', 'model:default/b'],
      ['builds', 'model:default/a'],
      ['ownedBy', 'group:default/team'],
    ]),
    [
      { ref: ['model:default/a', 'model:default/b'] },
      { ref: ['model:default/a'] },
    ],
  ],
  [
    'a data set has those that are trained on it',
    entity('Resource', [['trains', 'model:default/a']]),
    [{ ref: ['model:default/a'] }],
  ],
  [
    'a team has all that it owns, by its name',
    entity('Group', [
      ['ownerOf', 'model:default/a'],
      ['ownerOf', 'component:default/c'],
    ]),
    [{ owner: ['group:default/it'] }],
  ],
  [
    'a system has all that are part of it, by its name',
    entity('System', [['hasPart', 'model:default/a']]),
    [{ system: ['system:default/it'] }],
  ],
])('%s', (_what, of, queries) => {
  expect(relatedModels(of).map(({ query }) => query)).toEqual(queries);
});

it('has none where the relations name no model', () => {
  expect(
    hasRelatedModels(
      entity('Group', [
        ['ownerOf', 'component:default/c'],
        ['hasMember', 'user:default/u'],
      ]),
    ),
  ).toBe(false);
  expect(
    hasRelatedModels({ ...entity('User', []), relations: undefined }),
  ).toBe(false);
});
