import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolloutPolicies } from '../../plugins/model-delivery-backend/src/__testUtils__/rolloutPolicies';

const SHORT_CANARY = `{
        strategy: canary,
        steps: [
          { share: 20, window: 5s, minimumSamples: 20 },
          { share: 60, window: 5s, minimumSamples: 20 },
          { share: 100, window: 5s, minimumSamples: 20 },
        ],
        metrics: [
          { name: error-rate, margin: 0.2 },
          { name: latency, margin: 100 },
        ],
      }`;

/** Writes policies with short canaries and one gate into a folder. */
export async function writePolicies(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, yaml] of Object.entries(rolloutPolicies(SHORT_CANARY))) {
    await writeFile(path.join(folder, name), yaml);
  }
}
