import assert from 'node:assert/strict';
import { AuthenticationError, InputError } from '@backstage/errors';
import type { RegistryCheck } from './registryChecks';
import { readAll, RegistryContractHarness } from './registryHarness';

const MODEL = 'contract';
const ALIAS = 'champion';
const HOUR_MS = 3_600_000;

/** What is tested only of registries that can do it. */
export const REGISTRY_CAPABILITY_CHECKS: RegistryCheck[] = [
  {
    title: 'tells of a moved alias, also the version that lost it',
    async check(harness) {
      const { registry, moveAlias } = harness;
      if (!moveAlias) {
        return;
      }
      const [one, two] = await harness.addVersions(MODEL, 2);
      await moveAlias(MODEL, ALIAS, one);
      const first = await readAll(registry);
      assert.deepEqual(aliasesIn(first.versions), {
        [one]: [ALIAS],
        [two]: [],
      });
      await moveAlias(MODEL, ALIAS, two);
      const next = await readAll(registry, first.cursor);
      assert.deepEqual(aliasesIn(next.versions), { [one]: [], [two]: [ALIAS] });
    },
  },
  {
    title: 'reads one model alone: what is asked for, and what aliases name',
    async check({ registry, addVersions, moveAlias }) {
      if (!registry.readModel) {
        return;
      }
      const names = await addVersions(MODEL, 5);
      await moveAlias?.(MODEL, ALIAS, names[3]);
      const read = await registry.readModel({
        model: MODEL,
        versions: [names[0], '987654'],
      });
      assert.deepEqual(
        read.map(({ version }) => version).sort(),
        (moveAlias ? [names[0], names[3]] : [names[0]]).sort(),
      );
      assert.deepEqual(
        await registry.readModel({ model: 'not there', versions: [] }),
        [],
      );
    },
  },
  {
    title: 'sets an alias, and refuses a version that is not there',
    async check({ registry, addVersions }) {
      if (!registry.setAlias) {
        return;
      }
      const [one, two] = await addVersions(MODEL, 2);
      for (const version of [one, two, one]) {
        await registry.setAlias({ model: MODEL, alias: ALIAS, version });
      }
      const { versions } = await readAll(registry);
      assert.deepEqual(aliasesIn(versions), { [one]: [ALIAS], [two]: [] });
      await assert.rejects(
        registry.setAlias({ model: MODEL, alias: ALIAS, version: '987654' }),
      );
    },
  },
  {
    title: 'believes a delivery that is signed now, and no other',
    async check(harness) {
      const { readDelivery } = harness.registry;
      if (!readDelivery) {
        return;
      }
      const notice = readDelivery(sign(harness, {}));
      assert.equal(notice.id, 'delivery-1', 'a retry is known by its id');
      assert.notEqual(notice.event, '');
      assert.deepEqual(notice.changed, { model: MODEL, versions: ['7'] });
      const refused = (changes: Parameters<typeof sign>[1]) => () =>
        readDelivery(sign(harness, changes));
      assert.throws(refused({ forged: true }), AuthenticationError);
      for (const hours of [-1, 1]) {
        assert.throws(refused({ hours }), InputError, 'signed at another time');
      }
      const delivery = sign(harness, {});
      assert.throws(
        () =>
          readDelivery({
            ...delivery,
            body: Buffer.concat([delivery.body, Buffer.from(' ')]),
          }),
        AuthenticationError,
        'what was changed on its way',
      );
      assert.throws(
        () => readDelivery({ ...delivery, header: () => undefined }),
        AuthenticationError,
      );
    },
  },
];

function sign(
  { sign: signed }: RegistryContractHarness,
  { forged = false, hours = 0 }: { forged?: boolean; hours?: number },
) {
  assert.ok(signed, 'a registry that reads deliveries needs `sign`');
  const receivedAt = new Date();
  return signed({
    id: 'delivery-1',
    model: MODEL,
    version: '7',
    receivedAt,
    signedAt: new Date(receivedAt.getTime() + hours * HOUR_MS),
    forged,
  });
}

function aliasesIn(versions: { version: string; aliases: string[] }[]) {
  return Object.fromEntries(
    versions.map(({ version, aliases }) => [version, aliases]),
  );
}
