import assert from 'node:assert/strict';
import {
  assertShares,
  ContractCheck,
  namesOf,
  serveBoth,
  serveControl,
} from './contractSteps';

/** The promises of what a deployer declares beyond the rest; kept by whoever declares nothing. */
export const CAPABILITY_CHECKS: ContractCheck[] = [
  {
    title: 'switches all traffic at once and back, if it says that it can',
    async check(caller) {
      if (!caller.deployer.blueGreen) {
        return;
      }
      const { control: blue, candidate: green } = namesOf(caller);
      await serveBoth(caller);
      const both = async (when: string) => {
        assert.equal(await caller.isReady(blue), true, `${blue} ${when}`);
        assert.equal(await caller.isReady(green), true, `${green} ${when}`);
      };
      const before = await caller.harness.countTrafficMoves();
      await both('is ready before the switch');
      await caller.finish({ setTraffic: { [green]: 100 } });
      await assertShares(caller, { [green]: 100 }, 'after the switch');
      await both('is ready after the switch');
      await caller.finish({ setTraffic: { [blue]: 100 } });
      await assertShares(caller, { [blue]: 100 }, 'after the switch back');
      await both('is ready after the switch back');
      assert.equal((await caller.harness.countTrafficMoves()) - before, 2);
    },
  },
  {
    title: 'mirrors to a version without giving it traffic, if it can',
    async check(caller) {
      if (!caller.deployer.setMirror) {
        return;
      }
      const { control, candidate } = namesOf(caller);
      const assertMirrors = async (
        expected: Record<string, number>,
        when: string,
      ) => {
        assert.deepEqual(await caller.mirrorsOfWorld(), expected, when);
        assert.deepEqual(await caller.mirrorsSeen(), expected, when);
        await assertShares(caller, { [control]: 100 }, when);
      };
      await serveControl(caller);
      const early = await caller.settle({
        setMirror: { version: candidate, share: 100 },
      });
      assert.equal(early.state, 'failed', 'what is not prepared is refused');
      await caller.finish({ prepare: caller.harness.versions[1] });
      const key = caller.nextKey();
      const moves = await caller.harness.countTrafficMoves();
      await caller.finish(
        { setMirror: { version: candidate, share: 50 } },
        key,
      );
      await caller.finish(
        { setMirror: { version: candidate, share: 50 } },
        key,
      );
      await assertMirrors({ [candidate]: 50 }, 'while it mirrors');
      await assert.rejects(
        caller.ask(key, { setMirror: { version: candidate, share: 10 } }),
        'a key that comes again with another share has to be refused',
      );
      caller.deployer = await caller.harness.restart();
      await assertMirrors({ [candidate]: 50 }, 'after a restart');
      await caller.finish({ setMirror: { version: candidate, share: 0 } });
      await caller.finish(
        { setMirror: { version: candidate, share: 50 } },
        key,
      );
      await assertMirrors({}, 'after its end, whatever comes late');
      await caller.finish({ setMirror: { version: candidate, share: 100 } });
      await caller.finish({ release: candidate });
      await assertMirrors({}, 'after the version was released');
      assert.equal(await caller.harness.countTrafficMoves(), moves);
    },
  },
];
