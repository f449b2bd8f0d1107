import assert from 'node:assert/strict';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { REGISTRY_CAPABILITY_CHECKS } from './registryCapabilityChecks';
import {
  keyOf,
  readAll,
  RegistryContractHarness,
  RegistryContractOptions,
} from './registryHarness';

/** One promise, and how it is tested. */
export interface RegistryCheck {
  title: string;
  check(
    harness: RegistryContractHarness,
    options: RegistryContractOptions,
  ): Promise<void>;
}

const NAMES = ['churn', 'credit default', 'الاحتيال 🚀'];
const MANY = 250;
/** A page is stored in one transaction. */
const LARGEST_PAGE = 1_000;
/** A change of one version may cost that many requests, however many versions there are. */
const REQUESTS_OF_ONE_CHANGE = 12;

/** The promises, in the order in which they build on one another. */
export const REGISTRY_CHECKS: RegistryCheck[] = [
  {
    title: 'reads every version of every model, whatever it is called',
    async check({ registry, addVersions }, { models = NAMES }) {
      const expected = [];
      for (const model of models) {
        const names = await addVersions(model, 2, {
          tags: { reviewed: 'yes' },
        });
        expected.push(...names.map(version => keyOf({ model, version })));
      }
      const { versions } = await readAll(registry);
      // What is told twice counts as told last
      assert.deepEqual(
        [...new Set(versions.map(keyOf))].sort(),
        expected.sort(),
        'the first reading gives everything',
      );
      versions.forEach(assertComplete);
      assert.equal(
        new Set(versions.map(({ uri }) => uri)).size,
        expected.length,
        'each version has an address of its own',
      );
      versions.forEach(({ tags }) => assert.equal(tags.reviewed, 'yes'));
    },
  },
  {
    title: 'reads an empty registry',
    async check({ registry }) {
      const { versions, cursor } = await readAll(registry);
      assert.deepEqual(versions, []);
      assert.deepEqual((await readAll(registry, cursor)).versions, []);
    },
  },
  {
    title: 'goes on after any page, in another replica, with nothing lost',
    async check(harness, { models: [model] = NAMES, manyVersions = MANY }) {
      const expected = await harness.addVersions(model, manyVersions);
      const read: RegistryVersion[] = [];
      let cursor: string | undefined;
      let pages = 0;
      for await (const page of harness.registry.readChanges({})) {
        pages += 1;
        read.push(...page.versions);
        cursor = page.cursor;
        break;
      }
      assert.ok(
        read.length < manyVersions,
        `${manyVersions} versions do not come in one page; set manyVersions`,
      );
      const other = await harness.restart();
      for await (const page of other.readChanges({ cursor })) {
        pages += 1;
        assert.ok(page.versions.length <= LARGEST_PAGE, 'pages are bounded');
        read.push(...page.versions);
      }
      assert.ok(pages > 1);
      assert.deepEqual(
        [...new Set(read.map(({ version }) => version))].sort(),
        [...expected].sort(),
      );
    },
  },
  {
    title: 'gives afterwards what is new, and nothing when nothing is',
    async check(harness, { models: [model] = NAMES }) {
      await harness.addVersions(model, 2);
      const first = await readAll(harness.registry);
      const idle = await readAll(harness.registry, first.cursor);
      assert.deepEqual(idle.versions, [], 'nothing changed');
      const [added] = await harness.addVersions(model, 1);
      const next = await readAll(harness.registry, idle.cursor);
      assert.deepEqual(
        next.versions.map(({ version }) => version),
        [added],
      );
      const [later] = await harness.addVersions(model, 1);
      const other = await readAll(await harness.restart(), next.cursor);
      assert.ok(
        other.versions.some(({ version }) => version === later),
        'another replica goes on from the cursor',
      );
    },
  },
  {
    title: 'reads as much as there is change',
    async check(harness, { models: [model] = NAMES, manyVersions = MANY }) {
      const { countRequests } = harness;
      if (!countRequests) {
        return;
      }
      await harness.addVersions(model, manyVersions);
      const { cursor } = await readAll(harness.registry);
      await harness.addVersions(model, 1);
      const before = await countRequests();
      await readAll(harness.registry, cursor);
      const spent = (await countRequests()) - before;
      assert.ok(
        spent <= REQUESTS_OF_ONE_CHANGE,
        `one new version among ${manyVersions} cost ${spent} requests`,
      );
    },
  },
  {
    title: 'says what is wrong while the server is down, and goes on after',
    async check(harness, { models: [model] = NAMES, secrets = [] }) {
      await harness.addVersions(model, 1);
      const { cursor } = await readAll(harness.registry);
      const beUp = await harness.beDown();
      const error = await failureOf(readAll(harness.registry, cursor));
      assertTells(error, harness, secrets);
      await beUp();
      const [added] = await harness.addVersions(model, 1);
      const { versions } = await readAll(harness.registry, cursor);
      assert.ok(versions.some(({ version }) => version === added));
    },
  },
  {
    title: 'refuses an answer that makes no sense',
    async check(harness, { models: [model] = NAMES, secrets = [] }) {
      if (!harness.answerNonsense) {
        return;
      }
      await harness.addVersions(model, 1);
      const makeSense = await harness.answerNonsense();
      assertTells(await failureOf(readAll(harness.registry)), harness, secrets);
      await makeSense();
      assert.notEqual((await readAll(harness.registry)).versions.length, 0);
    },
  },
  {
    title: 'stops when it is told to',
    async check(harness, { models: [model] = NAMES }) {
      await harness.addVersions(model, 1);
      const { signal } = abortedController();
      await failureOf(
        (async () => {
          for await (const page of harness.registry.readChanges({ signal })) {
            assert.ok(page);
          }
        })(),
      );
    },
  },
  {
    title: 'has a name, a kind and an address that people may see',
    async check({ registry }, { secrets = [] }) {
      assert.match(registry.id, /^[A-Za-z0-9][A-Za-z0-9_-]*$/);
      assert.match(registry.type, /^[a-z][a-z0-9-]*$/);
      const url = new URL(registry.url);
      assert.equal(
        url.username + url.password,
        '',
        'no credentials in the url',
      );
      secrets.forEach(secret => assert.ok(!registry.url.includes(secret)));
    },
  },
  ...REGISTRY_CAPABILITY_CHECKS,
];

function assertComplete(version: RegistryVersion) {
  const of = `${version.model} ${version.version}`;
  assert.ok(version.uri, `${of} has an address`);
  for (const field of ['createdAt', 'updatedAt'] as const) {
    assert.ok(
      version[field] instanceof Date && !Number.isNaN(version[field].getTime()),
      `${field} of ${of} is a moment`,
    );
  }
  for (const field of ['tags', 'parameters', 'metrics'] as const) {
    assert.equal(typeof version[field], 'object', `${field} of ${of}`);
  }
  assert.ok(Array.isArray(version.aliases), `aliases of ${of}`);
  assert.ok(Array.isArray(version.datasets), `datasets of ${of}`);
  assert.ok(
    Object.values(version.metrics).every(Number.isFinite),
    `metrics of ${of} are finite`,
  );
  for (const { higherIsBetter, metrics } of version.evaluations ?? []) {
    Object.keys(higherIsBetter ?? {}).forEach(name =>
      assert.ok(
        Object.hasOwn(metrics, name),
        `an evaluation of ${of} says which way ${name} is better, and measured it`,
      ),
    );
  }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Error, 'what is thrown is an Error');
    return error;
  }
  return assert.fail('It succeeded');
}

/** A message helps if it says which connection it is about, and hides what nobody may know. */
function assertTells(
  error: Error,
  { registry }: RegistryContractHarness,
  secrets: string[],
) {
  assert.ok(
    error.message.includes(registry.id),
    `the message names the connection '${registry.id}': ${error.message}`,
  );
  secrets.forEach(secret =>
    assert.ok(!error.message.includes(secret), 'the message hides the secrets'),
  );
}

function abortedController(): AbortController {
  const controller = new AbortController();
  controller.abort(new Error('The backend shuts down'));
  return controller;
}
