import { rmSync } from 'node:fs';

/** Removes the state of the portal that the tests ran on. Playwright wants a default export here. */
export default function removeScratch(): void {
  const scratch = process.env.SLIPWAY_E2E_SCRATCH;
  if (scratch && !process.env.SLIPWAY_E2E_KEEP) {
    // The portal ends after this, and finds in its state which servers it has to end
    process.once('exit', () =>
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }),
    );
  }
}
