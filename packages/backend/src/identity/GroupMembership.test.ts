import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { GroupMembership } from './GroupMembership';

const relation = (type: string, name: string) => ({
  type,
  targetRef: `group:default/${name}`,
});

const group = (name: string, parent?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, namespace: 'default' },
  relations: parent ? [relation('childOf', parent)] : [],
});

const user = (name: string, ...groups: string[]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name, namespace: 'default' },
  relations: groups.map(each => relation('memberOf', each)),
});

describe('GroupMembership', () => {
  const auth = mockServices.auth();

  it('finds groups through groups, and ends at a cycle', async () => {
    const membership = new GroupMembership({
      auth,
      catalog: catalogServiceMock({
        entities: [
          user('ann', 'leaf'),
          group('leaf', 'middle'),
          group('middle', 'top'),
          group('top', 'middle'),
          group('other'),
        ],
      }),
    });

    expect([...(await membership.groupsOf('user:default/ann'))]).toEqual([
      'group:default/leaf',
      'group:default/middle',
      'group:default/top',
    ]);
    expect((await membership.groupsOf('user:default/unknown')).size).toBe(0);
  });

  it('uses an answer for a while, then asks again', async () => {
    let now = 0;
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValueOnce(user('ann', 'leaf'));
    catalog.getEntityByRef.mockResolvedValueOnce(user('ann'));
    catalog.getEntitiesByRefs.mockResolvedValue({ items: [group('leaf')] });
    const membership = new GroupMembership({
      auth,
      catalog,
      keepMs: 1000,
      now: () => now,
    });
    const size = async () =>
      (await membership.groupsOf('user:default/ann')).size;

    expect(await size()).toBe(1);
    now = 999;
    expect(await size()).toBe(1);
    now = 1000;
    expect(await size()).toBe(0);
  });

  it('does not remember that the catalog failed', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockRejectedValueOnce(new Error('catalog is down'));
    catalog.getEntityByRef.mockResolvedValueOnce(user('ann'));
    const membership = new GroupMembership({ auth, catalog });

    await expect(membership.groupsOf('user:default/ann')).rejects.toThrow(
      'catalog is down',
    );
    await expect(membership.groupsOf('user:default/ann')).resolves.toEqual(
      new Set(),
    );
  });
});
