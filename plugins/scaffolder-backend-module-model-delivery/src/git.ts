import { ForwardedError } from '@backstage/errors';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs git without the settings of this machine and its user, so that no hook, template or signing key of theirs gets
 * into the portal's repositories.
 * @returns what git printed, without the last line break
 * @throws ForwardedError with what git said.
 */
export async function git(
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  try {
    const { stdout } = await run('git', args, {
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
        ...env,
      },
      maxBuffer: 16 * 1024 * 1024,
      timeout: 60_000,
    });
    return stdout.replace(/\n$/, '');
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const reason =
      code === 'ENOENT'
        ? 'git is not installed'
        : stderr?.trim() || 'no reason given';
    throw new ForwardedError(`git ${args[0]} failed: ${reason}`, error);
  }
}
