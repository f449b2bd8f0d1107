import { execFile } from 'node:child_process';

/** What became of a command. */
export interface Outcome {
  /** 0 when all went well. */
  code: number;
  /** Everything that it printed. */
  output: string;
}

/** Runs a command to its end, whatever that is. */
export function runCommand(
  program: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(
      program,
      args,
      { ...options, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({
          code: error ? Number(error.code ?? 1) : 0,
          output: `${stdout}\n${stderr}`,
        }),
    );
  });
}

/** Runs the `.gitlab-ci.yml` of a folder as GitLab would, with the shell of this machine. */
export function runGitlabPipeline(options: {
  cwd: string;
  env: NodeJS.ProcessEnv;
}): Promise<Outcome> {
  return runCommand(
    process.execPath,
    [
      require.resolve('gitlab-ci-local/dist/index.js'),
      '--force-shell-executor',
      '--shell-executor-no-image',
    ],
    options,
  );
}
