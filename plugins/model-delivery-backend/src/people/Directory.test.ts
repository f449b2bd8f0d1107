import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { groups, people, peopleEntities } from '../__testUtils__/people';
import { Directory } from './Directory';

describe('the directory', () => {
  const directory = new Directory({
    catalog: catalogServiceMock({
      entities: [
        ...peopleEntities(),
        ...['a', 'b'].map((name, i) => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Group',
          metadata: { name, namespace: 'default' },
          relations: [
            {
              type: 'childOf',
              targetRef: `group:default/${['b', 'a'][i]}`,
            },
          ],
        })),
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'User',
          metadata: { name: 'round', namespace: 'default' },
          relations: [{ type: 'memberOf', targetRef: 'group:default/a' }],
        },
      ],
    }),
    auth: mockServices.auth(),
  });

  it('knows the groups above a group', async () => {
    expect(await directory.groupsOf(people.riskManager)).toEqual(
      new Set(['group:default/model-risk-emea', groups.riskManagers]),
    );
  });

  it('ends when groups contain one another', async () => {
    expect(await directory.groupsOf('user:default/round')).toEqual(
      new Set(['group:default/a', 'group:default/b']),
    );
  });

  it('knows nobody in no group, and no group of an unknown user', async () => {
    expect(await directory.groupsOf(people.outsider)).toEqual(new Set());
    expect(await directory.groupsOf('user:default/nobody')).toEqual(new Set());
  });

  it('finds who an e-mail address belongs to, and leaves a stranger as given', async () => {
    expect(await directory.resolvePerson('dana@example.com')).toBe(
      people.dataScientist,
    );
    expect(await directory.resolvePerson('who@example.com')).toBe(
      'who@example.com',
    );
    expect(await directory.resolvePerson('user:default/dana')).toBe(
      people.dataScientist,
    );
  });
});
