import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runGitlabPipeline } from '../../peers/gitlabCiLocal';

const run = promisify(execFile);

/** The clone of a scaffolded repository that a data scientist works in. */
export class ModelRepository {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /**
   * Clones as the given person.
   * @param options - `venv` is the Python environment whose programs the pipeline runs with; `variables` are those that
   *   the project has in GitLab
   */
  static async clone(options: {
    url: string;
    folder: string;
    author: { name: string; email: string };
    venv: string;
    variables: Record<string, string>;
  }): Promise<ModelRepository> {
    const { url, folder, author, venv, variables } = options;
    await run('git', ['clone', '--quiet', url, folder]);
    const repository = new ModelRepository(folder, {
      ...process.env,
      ...variables,
      PATH: `${join(venv, 'bin')}:${process.env.PATH}`,
      VIRTUAL_ENV: venv,
      // Fed through a socket by the first shell of a session, bash takes itself for a remote one and reads ~/.bashrc, which
      // may put another Python first
      SHLVL: '2',
    });
    await repository.#git('config', 'user.name', author.name);
    await repository.#git('config', 'user.email', author.email);
    return repository;
  }

  /**
   * Runs the pipeline as GitLab would.
   * @throws Error with the end of what it printed, when a job fails.
   */
  async runPipeline(): Promise<void> {
    const { code, output } = await runGitlabPipeline({
      cwd: this.#folder,
      env: this.#env,
    });
    if (code !== 0) {
      throw new Error(
        `The pipeline ended with ${code}:\n${output.slice(-4_000)}`,
      );
    }
  }

  /** `make improve`, committed and pushed. */
  async improve(): Promise<void> {
    await run('make', ['improve'], { cwd: this.#folder, env: this.#env });
    await this.#push('Learn from all measurements');
  }

  /** Replaces text in `params.yaml`, committed and pushed. */
  async setParameter(from: string, to: string, message: string): Promise<void> {
    const file = join(this.#folder, 'params.yaml');
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) {
      throw new Error(`params.yaml does not say '${from}'`);
    }
    writeFileSync(file, text.replace(from, to));
    await this.#push(message);
  }

  /** Requests as production sends them, one body each. */
  requests(): unknown[] {
    return readFileSync(join(this.#folder, 'examples/requests.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown);
  }

  async #push(message: string): Promise<void> {
    await this.#git('commit', '--quiet', '--all', '--message', message);
    await this.#git('push', '--quiet');
  }

  #git(...args: string[]) {
    return run('git', args, { cwd: this.#folder });
  }
}
