import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the scripts keep: toolchain, stamps and, unless told otherwise, state. Ignored by Git. */
export const slipwayFolder = join(root, '.slipway');

/** Folder of the demo's state; the environment variable SLIPWAY_STATE_DIR moves it. */
export const stateFolder = (() => {
  const given = process.env.SLIPWAY_STATE_DIR;
  if (!given) {
    return join(slipwayFolder, 'state');
  }
  return isAbsolute(given) ? given : resolve(root, given);
})();

/** Yarn's committed release. */
export const yarnRelease = join(root, '.yarn/releases/yarn-4.18.1.cjs');

/** Lets Node run TypeScript sources as they are, as Backstage's own command line does. */
export const nodeTransform = join(
  root,
  'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
);
