import assert from 'node:assert/strict';
import { AuthenticationError, InputError } from '@backstage/errors';
import { RegistryChanges } from '@slipway/backstage-plugin-model-delivery-node';
import type { RegistryCheck } from './registryChecks';
import { readAll, readPages, RegistryContractHarness } from './registryHarness';

const MODEL = 'contract';
const ALIAS = 'champion';
const HOUR_MS = 3_600_000;
const METRIC = 'train/loss';
/** A metric that falls, and jumps once. */
const VALUES = Array.from({ length: 200 }, (_, step) =>
  step === 77 ? 50 : 1 / (1 + step),
);

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
    title: 'tells how metrics went, in as many points as are asked for',
    async check({ registry, addTrained }) {
      if (!registry.readMetricHistory) {
        return;
      }
      assert.ok(addTrained, 'a registry with histories needs `addTrained`');
      const version = await addTrained(MODEL, METRIC, VALUES);
      const { versions } = await readAll(registry);
      const told = versions.find(each => each.version === version);
      const read = (maxPoints: number) =>
        registry.readMetricHistory!({
          model: MODEL,
          version,
          runId: told?.runId,
          metrics: ['not there', METRIC],
          maxPoints,
        });
      const [none, whole] = await read(1_000);
      assert.deepEqual(none, {
        metric: 'not there',
        points: [],
        sampled: false,
      });
      assert.equal(whole.metric, METRIC, 'in the order asked for');
      assert.equal(whole.sampled, false);
      assert.deepEqual(
        whole.points.map(({ step, value }) => [step, value]),
        [...VALUES.entries()],
      );
      whole.points.forEach(({ at }) =>
        assert.ok(!Number.isNaN(at.getTime()), 'a value has its moment'),
      );
      const [, few] = await read(20);
      assert.ok(few.sampled && few.points.length <= 20);
      assert.equal(few.points[0].step, 0, 'the first stays');
      assert.equal(few.points.at(-1)?.step, 199, 'the last stays');
      assert.ok(
        few.points.some(({ value }) => value === 50),
        'what stands out stays',
      );
    },
  },
  {
    title: 'says when everything was read, and only then',
    async check(harness, { models: [model] = [MODEL], manyVersions = 250 }) {
      const names = await harness.addVersions(model, manyVersions);
      const pages = await readPages(harness.registry);
      const end = pages.findIndex(({ complete }) => complete);
      if (end < 0) {
        return;
      }
      assert.deepEqual(
        namesUpTo(pages, end),
        [...names].sort(),
        'what was not told by then would count as gone',
      );
      assert.equal(pages[end].importing, undefined);
      await harness.addVersions(model, 1);
      const next = await readPages(harness.registry, pages.at(-1)?.cursor);
      assert.ok(
        next.every(({ complete }) => !complete),
        'changes are not everything',
      );
      if (harness.removeVersion) {
        await harness.removeVersion(model, names[0]);
        const again = await readPages(await harness.restart());
        const over = again.findIndex(({ complete }) => complete);
        assert.ok(over >= 0, 'everything was read again');
        assert.ok(!namesUpTo(again, over).includes(names[0]));
      }
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

function namesUpTo(pages: RegistryChanges[], end: number): string[] {
  const told = pages.slice(0, end + 1).flatMap(({ versions }) => versions);
  return [...new Set(told.map(({ version }) => version))].sort();
}

function aliasesIn(versions: { version: string; aliases: string[] }[]) {
  return Object.fromEntries(
    versions.map(({ version, aliases }) => [version, aliases]),
  );
}
