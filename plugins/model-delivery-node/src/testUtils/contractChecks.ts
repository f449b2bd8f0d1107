import assert from 'node:assert/strict';
import { CAPABILITY_CHECKS } from './capabilityChecks';
import { toShares } from './contractHarness';
import {
  assertShares,
  ContractCheck,
  DEFAULT_SHARES,
  divide,
  firstDivision,
  namesOf,
  serveBoth,
  serveControl,
} from './contractSteps';

/** The promises, in the order in which they build on one another. */
export const CONTRACT_CHECKS: ContractCheck[] = [
  {
    title: 'prepares a version without giving it traffic',
    async check(caller) {
      const { control, candidate } = namesOf(caller);
      assert.equal(caller.deployer.serves(caller.harness.target), true);
      assert.notEqual(caller.deployer.id, '');
      await assertShares(caller, {}, 'before anything is deployed');
      await serveBoth(caller);
      await assertShares(caller, { [control]: 100 }, 'after a second prepare');
      assert.equal(
        await caller.isReady(candidate),
        true,
        'observe() tells that a prepared version is ready',
      );
    },
  },
  {
    title: 'gives every version exactly the share it was told to',
    async check(caller, { candidateShares = DEFAULT_SHARES }) {
      const { control, candidate } = namesOf(caller);
      await serveBoth(caller);
      for (const share of candidateShares) {
        const division = divide(control, candidate, share);
        await caller.finish({ setTraffic: division });
        await assertShares(caller, division, `at a share of ${share} %`);
      }
    },
  },
  {
    title: 'refuses a division that it cannot make exactly',
    async check(caller, { candidateShares = DEFAULT_SHARES }) {
      if (candidateShares.some(share => share < 100)) {
        return;
      }
      const { control, candidate } = namesOf(caller);
      await serveBoth(caller);
      const status = await caller.settle({
        setTraffic: divide(control, candidate, 10),
      });
      assert.equal(status.state, 'failed');
      await assertShares(caller, { [control]: 100 }, 'after the refusal');
    },
  },
  {
    title: 'gives the traffic back to what served before',
    async check(caller, options) {
      const { control } = namesOf(caller);
      await serveBoth(caller);
      const { candidateShares: [first] = DEFAULT_SHARES } = options;
      if (first < 100) {
        await caller.finish({ setTraffic: firstDivision(caller, options) });
      }
      await caller.finish({ setTraffic: { [control]: 100 } });
      await assertShares(caller, { [control]: 100 }, 'after the way back');
    },
  },
  {
    title: 'deploys the configuration of a release with it, and returns to it',
    async check(caller) {
      const { versions, readConfiguration } = caller.harness;
      if (!readConfiguration) {
        return;
      }
      const [before, after] = versions.map((version, i) => ({
        ...version,
        configuration: [{ name: 'prompts', digest: `p-${i + 1}` }],
      }));
      for (const release of [before, after, before]) {
        await caller.finish({ prepare: release });
        await caller.finish({ setTraffic: { [release.version]: 100 } });
        assert.deepEqual(
          await readConfiguration(release.version),
          release.configuration,
        );
      }
    },
  },
  {
    title: 'moves traffic once for a key, however often it is asked',
    async check(caller, options) {
      await serveBoth(caller);
      const division = firstDivision(caller, options);
      const before = await caller.harness.countTrafficMoves();
      const key = caller.nextKey();
      await caller.finish({ setTraffic: division }, key);
      await caller.finish({ setTraffic: division }, key);
      await caller.finish({ setTraffic: division }, key);
      assert.equal((await caller.harness.countTrafficMoves()) - before, 1);
      await assertShares(caller, division, 'after asking three times');
    },
  },
  {
    title: 'does not repeat an old operation over a newer one',
    async check(caller) {
      const [control, other] = caller.harness.versions;
      await caller.finish({ prepare: control });
      const key = caller.nextKey();
      const first = { [control.version]: 100 };
      await caller.finish({ setTraffic: first }, key);
      const prepared = caller.nextKey();
      await caller.finish({ prepare: other }, prepared);
      const second = { [other.version]: 100 };
      await caller.finish({ setTraffic: second });
      const before = await caller.harness.countTrafficMoves();
      await caller.finish({ setTraffic: first }, key);
      await caller.finish({ prepare: other }, prepared);
      assert.equal((await caller.harness.countTrafficMoves()) - before, 0);
      await assertShares(caller, second, 'after an old key came again');
    },
  },
  {
    title: 'refuses a key that comes again with other arguments',
    async check(caller, options) {
      const { control, candidate } = namesOf(caller);
      await serveBoth(caller);
      const key = caller.nextKey();
      await caller.finish({ setTraffic: { [control]: 100 } }, key);
      const moves = await caller.harness.countTrafficMoves();
      await assert.rejects(
        caller.ask(key, { setTraffic: firstDivision(caller, options) }),
        'other shares have to be refused by an error',
      );
      await assert.rejects(
        caller.ask(key, { release: candidate }),
        'another kind of operation has to be refused by an error',
      );
      const prepared = caller.nextKey();
      const [first, second] = caller.harness.versions;
      await caller.settle({ prepare: second }, prepared);
      await assert.rejects(
        caller.ask(prepared, { prepare: first }),
        'another version has to be refused by an error',
      );
      assert.equal(await caller.harness.countTrafficMoves(), moves);
      await assertShares(caller, { [control]: 100 }, 'after the refusals');
    },
  },
  {
    title: 'moves traffic once when it is asked from several places at once',
    async check(caller, options) {
      await serveBoth(caller);
      const division = firstDivision(caller, options);
      const before = await caller.harness.countTrafficMoves();
      const key = caller.nextKey();
      await Promise.all(
        Array.from({ length: 5 }, () =>
          caller.finish({ setTraffic: division }, key),
        ),
      );
      assert.equal((await caller.harness.countTrafficMoves()) - before, 1);
      await assertShares(caller, division, 'after five calls at once');
    },
  },
  {
    title: 'says that a slow operation is pending, and finishes it later',
    async check(caller) {
      const [control, candidate] = caller.harness.versions;
      await serveControl(caller);
      const goOn = await caller.harness.beLate();
      const key = caller.nextKey();
      for (let times = 0; times < 3; times++) {
        const status = await caller.ask(key, { prepare: candidate });
        assert.equal(status.state, 'pending');
      }
      assert.equal(await caller.isReady(candidate.version), false);
      await assertShares(caller, { [control.version]: 100 }, 'meanwhile');
      await goOn();
      await caller.finish({ prepare: candidate }, key);
      assert.equal(await caller.isReady(candidate.version), true);
    },
  },
  {
    title: 'takes up a slow operation again after a restart',
    async check(caller, options) {
      const [control, candidate] = caller.harness.versions;
      await serveControl(caller);
      const goOn = await caller.harness.beLate();
      const key = caller.nextKey();
      await caller.ask(key, { prepare: candidate });
      caller.deployer = await caller.harness.restart();
      const status = await caller.ask(key, { prepare: candidate });
      assert.equal(status.state, 'pending');
      await goOn();
      await caller.finish({ prepare: candidate }, key);
      await assertShares(caller, { [control.version]: 100 }, 'after it');
      const division = firstDivision(caller, options);
      await caller.finish({ setTraffic: division });
      await assertShares(caller, division, 'after the next operation');
    },
  },
  {
    title: 'knows after a restart what it did and what serves',
    async check(caller, options) {
      await serveBoth(caller);
      const division = firstDivision(caller, options);
      const key = caller.nextKey();
      await caller.finish({ setTraffic: division }, key);
      caller.deployer = await caller.harness.restart();
      await assertShares(caller, division, 'after a restart');
      const before = await caller.harness.countTrafficMoves();
      await caller.finish({ setTraffic: division }, key);
      assert.equal((await caller.harness.countTrafficMoves()) - before, 0);
      await assert.rejects(
        caller.ask(key, { setTraffic: { [namesOf(caller).control]: 100 } }),
        'the arguments of a key are remembered over a restart',
      );
    },
  },
  {
    title: 'gives no traffic to a version that it does not know',
    async check(caller, options) {
      const { control, candidate } = namesOf(caller);
      await serveControl(caller);
      const moves = await caller.harness.countTrafficMoves();
      const status = await caller.settle({
        setTraffic: firstDivision(caller, options),
      });
      assert.equal(
        status.state,
        'failed',
        'trying again cannot mend it, so it must not be thrown',
      );
      assert.ok(
        status.state === 'failed' && status.message.includes(candidate),
        `the message names the version ${candidate}: ${JSON.stringify(status)}`,
      );
      assert.equal(await caller.harness.countTrafficMoves(), moves);
      await assertShares(caller, { [control]: 100 }, 'after the refusal');
    },
  },
  {
    title: 'refuses shares that do not add up',
    async check(caller) {
      const { control, candidate } = namesOf(caller);
      await serveBoth(caller);
      const twice = [
        ...toShares({ [control]: 50 }),
        { version: control, share: 50 },
      ];
      for (const shares of [
        toShares({ [control]: 90 }),
        toShares({ [control]: 60, [candidate]: 60 }),
        toShares({ [control]: 110, [candidate]: -10 }),
        toShares({ [control]: Number.NaN, [candidate]: 100 }),
        twice,
      ]) {
        const { target } = caller.harness;
        const operationKey = caller.nextKey();
        const refused = await caller.deployer
          .setTraffic({ operationKey, target, shares })
          .then(
            ({ state }) => state === 'failed',
            () => true,
          );
        assert.ok(refused, `refuses ${JSON.stringify(shares)}`);
      }
      await assertShares(caller, { [control]: 100 }, 'after the refusals');
    },
  },
  {
    title: 'takes down a version without traffic, and no other',
    async check(caller) {
      const { control, candidate } = namesOf(caller);
      await serveBoth(caller);
      const status = await caller.settle({ release: control });
      assert.equal(status.state, 'failed', 'what has traffic is not released');
      await assertShares(caller, { [control]: 100 }, 'after the refusal');
      const key = caller.nextKey();
      await caller.finish({ release: candidate }, key);
      await caller.finish({ release: candidate }, key);
      const { versions } = await caller.deployer.observe(caller.harness.target);
      assert.ok(
        !versions.some(({ version }) => version === candidate),
        'a released version is not observed any more',
      );
      await caller.finish({ release: candidate });
      await assertShares(caller, { [control]: 100 }, 'after the release');
      await caller.finish({ prepare: caller.harness.versions[1] });
      assert.equal(await caller.isReady(candidate), true, 'it can come back');
    },
  },
  {
    title: 'takes all traffic away when nothing is to serve',
    async check(caller, { canServeNothing = true }) {
      const { control } = namesOf(caller);
      await serveControl(caller);
      const status = await caller.settle({ setTraffic: {} });
      assert.equal(status.state, canServeNothing ? 'done' : 'failed');
      await assertShares(
        caller,
        canServeNothing ? {} : { [control]: 100 },
        'after all was to be taken away',
      );
    },
  },
  ...CAPABILITY_CHECKS,
];
