import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { ConflictError, InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises';
import path from 'node:path';
import { git } from './git';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_NAME = 63;

/** Who makes a commit. */
export interface GitAuthor {
  name: string;
  email: string;
}

/** Bare git repositories in one folder, named `<name>.git`. */
export class LocalRepositories {
  readonly directory: string;
  /** Milliseconds between looks at the repositories. */
  readonly pollIntervalMs: number;

  constructor(options: { directory: string; pollIntervalMs?: number }) {
    this.directory = path.resolve(options.directory);
    this.pollIntervalMs = options.pollIntervalMs ?? 3_000;
  }

  /** Reads `modelDelivery.localRepositories`; `undefined` when there is none. */
  static fromConfig(root: Config): LocalRepositories | undefined {
    const config = root.getOptionalConfig('modelDelivery.localRepositories');
    return (
      config &&
      new LocalRepositories({
        directory: config.getString('directory'),
        pollIntervalMs: config.has('pollInterval')
          ? durationToMilliseconds(
              readDurationFromConfig(config, { key: 'pollInterval' }),
            )
          : undefined,
      })
    );
  }

  /**
   * Where a repository is, or would be: what one clones from.
   * @throws InputError when the name is not one of a repository.
   */
  pathOf(name: string): string {
    if (!NAME.test(name) || name.length > MAX_NAME) {
      throw new InputError(
        `'${name}' cannot be the name of a repository; use lower-case letters, digits and single hyphens, at most ${MAX_NAME} characters`,
      );
    }
    return resolveSafeChildPath(this.directory, `${name}.git`);
  }

  /** Names of the repositories, in alphabetical order. */
  async list(): Promise<string[]> {
    const entries = await readdir(this.directory, {
      withFileTypes: true,
    }).catch(error => {
      if (error.code === 'ENOENT') {
        return [];
      }
      throw error;
    });
    return entries
      .filter(entry => entry.isDirectory() && entry.name.endsWith('.git'))
      .map(entry => entry.name.slice(0, -'.git'.length))
      .filter(name => NAME.test(name) && name.length <= MAX_NAME)
      .sort();
  }

  /**
   * Makes a repository with one commit of all files of a folder. Nobody sees it before it is complete.
   * @returns the commit
   * @throws ConflictError when there is one of this name.
   */
  async create(options: {
    name: string;
    source: string;
    branch: string;
    author: GitAuthor;
    message: string;
  }): Promise<{ path: string; commit: string }> {
    const target = this.pathOf(options.name);
    await mkdir(this.directory, { recursive: true });
    // Beside its final place, so that the move is one step; the leading dot hides it from `list`
    const draft = await mkdtemp(path.join(this.directory, '.draft-'));
    try {
      const repository = path.join(draft, 'repository');
      await git([
        'init',
        '--quiet',
        '--bare',
        `--initial-branch=${options.branch}`,
        repository,
      ]);
      // History that deployments refer to must stay
      for (const key of ['denyNonFastForwards', 'denyDeletes']) {
        await git(['-C', repository, 'config', `receive.${key}`, 'true']);
      }
      const environment = {
        GIT_DIR: repository,
        GIT_WORK_TREE: options.source,
        GIT_INDEX_FILE: path.join(draft, 'index'),
        GIT_AUTHOR_NAME: options.author.name,
        GIT_AUTHOR_EMAIL: options.author.email,
        GIT_COMMITTER_NAME: options.author.name,
        GIT_COMMITTER_EMAIL: options.author.email,
      };
      await git(['add', '--all', '--', options.source], environment);
      await git(
        ['commit', '--quiet', '--no-verify', '--message', options.message],
        environment,
      );
      const commit = await git(['-C', repository, 'rev-parse', 'HEAD']);
      await rename(repository, target).catch(error => {
        throw ['ENOTEMPTY', 'EEXIST'].includes(error.code)
          ? new ConflictError(
              `A repository named '${options.name}' exists already; choose another name`,
            )
          : error;
      });
      return { path: target, commit };
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  /** The commit that HEAD of a repository names; `undefined` while it has none. Reads files only, so it may be asked often. */
  async head(name: string): Promise<string | undefined> {
    const repository = this.pathOf(name);
    const read = (file: string) =>
      readFile(path.join(repository, file), 'utf8').catch(() => '');
    const head = (await read('HEAD')).trim();
    const ref = /^ref: (refs\/heads\/[^\s]+)$/.exec(head)?.[1];
    if (!ref) {
      return commitOf(head);
    }
    if (ref.split('/').includes('..')) {
      return undefined;
    }
    const packed = (await read('packed-refs'))
      .split('\n')
      .find(line => line.endsWith(` ${ref}`));
    return (
      commitOf((await read(ref)).trim()) ?? commitOf(packed?.split(' ')[0])
    );
  }

  /**
   * The newest versions of a file on the way back from HEAD.
   * @param limit - How many at most
   */
  async fileVersions(
    name: string,
    file: string,
    limit: number,
  ): Promise<string[]> {
    const log = await git([
      '-C',
      this.pathOf(name),
      'log',
      `--max-count=${limit}`,
      '--format=%H',
      'HEAD',
      '--',
      file,
    ]);
    return log.split('\n').filter(Boolean);
  }

  /** A file as a commit has it. */
  async readFile(name: string, commit: string, file: string): Promise<string> {
    return git(['-C', this.pathOf(name), 'show', `${commit}:${file}`]);
  }
}

function commitOf(text: string | undefined): string | undefined {
  return text && /^[0-9a-f]{40,64}$/.test(text) ? text : undefined;
}
