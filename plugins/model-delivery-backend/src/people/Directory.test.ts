import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { groups, people, peopleEntities } from '../__testUtils__/people';
import { Directory } from './Directory';
import { readNameConfig } from './nameConfig';

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
    names: readNameConfig(
      new ConfigReader({
        people: {
          aliases: [
            { name: 'Dana@Home.example', user: 'dana' },
            { name: 'user:default/Dana.Old', user: 'dana' },
            { name: 'elsewhere@example.com', user: 'user:other/elsa' },
          ],
          machines: [
            '*[bot]@users.noreply.example',
            'runner',
            'user:default/ci-*',
          ],
        },
      }),
    ),
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

  it.each([
    ['Dana Doe <dana@example.com>', people.dataScientist],
    ['dana@home.example', people.dataScientist],
    ['dana', people.dataScientist],
    ['user:dana', people.dataScientist],
    ['user:default/dana.old', people.dataScientist],
    // Not in the catalog, but the configuration says who it is
    ['elsewhere@example.com', 'user:other/elsa'],
  ])('takes %s for the user', async (given, user) => {
    expect(await directory.resolvePerson(given)).toBe(user);
    expect(await directory.findUnidentified([user])).toEqual(new Set());
  });

  it.each([
    'renovate[bot]@users.noreply.example',
    'Renovate <renovate[bot]@users.noreply.example>',
    'runner',
    'service:pipeline',
    'user:default/ci-7',
  ])('takes %s for nobody', async given => {
    expect(await directory.resolvePerson(given)).toBe(given);
    expect(await directory.findUnidentified([given])).toEqual(new Set());
  });

  it.each([
    'who@example.com',
    'stranger',
    'user:',
    'user:default/ghost',
    // Registered by nobody in particular: a person may have trained it
    'service:registry',
    'renovate-bot@users.noreply.example.com',
    'a <b> c',
  ])('does not know who %s is', async given => {
    expect(await directory.resolvePerson(given)).toBe(given);
    expect(await directory.findUnidentified([given])).toEqual(new Set([given]));
  });

  it('asks the catalog once for all refs, and tells who is none of its users', async () => {
    expect(
      await directory.findUnidentified([
        people.riskManager,
        'user:default/ghost',
        people.outsider,
        'group:default/team-leads',
      ]),
    ).toEqual(new Set(['user:default/ghost', 'group:default/team-leads']));
  });

  it('refuses an alias that leads to no user', () => {
    expect(() =>
      readNameConfig(
        new ConfigReader({
          people: { aliases: [{ name: 'x', user: 'group:default/team' }] },
        }),
      ),
    ).toThrow("leads to 'group:default/team'; give the entity reference of a");
  });
});
