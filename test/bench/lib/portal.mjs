import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { freePort } from './programs.mjs';

const LIMIT_MS = 15 * 60_000;
const POLL_MS = 500;

/**
 * Waits until something is there.
 * @param {string} what - for the error
 * @param {() => boolean | Promise<boolean>} isThere
 */
export async function until(what, isThere) {
  const last = Date.now() + LIMIT_MS;
  while (!(await isThere())) {
    if (Date.now() > last) {
      throw new Error(`${what} did not come up`);
    }
    await new Promise(done => setTimeout(done, POLL_MS));
  }
}

/**
 * Starts the portal as `npm start` does, with state of its own.
 * @param {import('./programs.mjs').Programs} programs
 * @param {string} state - folder of its state
 * @param {string[]} args - such as `--no-sample`
 * @returns {Promise<string>} its address
 */
export async function startPortal(programs, state, args = []) {
  const port = await freePort();
  const portal = programs.start(
    'the portal',
    process.execPath,
    [join(root, 'scripts/start.mjs'), '--port', String(port), ...args],
    { cwd: root, env: { ...process.env, SLIPWAY_STATE_DIR: state } },
  );
  await until('the portal', () => {
    if (portal.exit !== undefined) {
      throw new Error(`The portal ended\n${portal.said}`);
    }
    return portal.said.includes('Slipway is up');
  });
  return `http://127.0.0.1:${port}`;
}

/** Signs in as one of the sample company, by what the sign-in page calls them. */
export async function signIn(page, portal, persona) {
  await page.goto(portal);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: new RegExp(persona) }).click();
  await page.getByRole('link', { name: 'Settings' }).first().waitFor();
}
