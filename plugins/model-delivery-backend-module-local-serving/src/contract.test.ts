import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeDeployerContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { Harness, target, versionOf } from './__testUtils__/harness';

describeDeployerContract('Local serving', {
  async start() {
    const harness = await Harness.start();
    const lateFile = join(harness.directory, 'late');
    const stateFile = join(harness.directory, 'state.json');
    const readTarget = async () =>
      existsSync(stateFile)
        ? JSON.parse(await readFile(stateFile, 'utf8')).targets[0]
        : undefined;
    return {
      deployer: harness.deployer,
      target,
      versions: [versionOf('1', 'punctual'), versionOf('2', 'punctual')],
      readShares: async () => (await readTarget())?.shares ?? [],
      async readMirrors() {
        const { mirror } = (await readTarget()) ?? {};
        return mirror ? [{ version: mirror.version, share: mirror.share }] : [];
      },
      countTrafficMoves: async () => harness.trafficMoves,
      async beLate() {
        await writeFile(lateFile, '');
        return () => rm(lateFile);
      },
      async restart() {
        await harness.serving.stop();
        await harness.startAgain();
        return harness.deployer;
      },
      end: () => harness.end(),
    };
  },
});
