import {
  resolvePackagePath,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { EngineContext } from '../context';
import { PolicyText } from './Resolver';

/** Where policy files come from. */
export interface PolicyLocation {
  /** Folder or address, as people are told. */
  readonly name: string;
  /** All files as they are now. */
  read(): Promise<PolicyText[]>;
}

const IS_POLICY = /\.ya?ml$/;
/** More than a policy may have; the rest is not read. */
const MAX_BYTES = 65_536 + 1;
const MAX_FILES = 101;

/** The policies that come with the engine. */
export function builtInPolicies(): PolicyLocation {
  const folder = folderOfPolicies(
    resolvePackagePath(
      '@slipway/backstage-plugin-model-delivery-backend',
      'policies',
    ),
  );
  return {
    name: 'built-in',
    read: async () =>
      (await folder.read()).map(({ file, text }) => ({
        file: `built-in/${file}`,
        text,
      })),
  };
}

/** One's own policies as the configuration says; undefined without. */
export function ownPolicies(
  context: Pick<EngineContext, 'config' | 'urlReader'>,
): PolicyLocation | undefined {
  const { directory, url } = context.config.policies;
  if (url) {
    return policiesByUrl(url, context.urlReader);
  }
  return directory ? folderOfPolicies(directory) : undefined;
}

/** The policy files of a folder: absolute, or relative to where the backend runs. */
function folderOfPolicies(directory: string): PolicyLocation {
  const folder = resolve(directory);
  return {
    name: directory,
    read: async () => {
      const files = (await readdir(folder))
        .filter(file => IS_POLICY.test(file))
        .sort()
        .slice(0, MAX_FILES);
      return Promise.all(
        files.map(async file => {
          const path = join(folder, file);
          const { size } = await stat(path);
          return {
            file,
            text:
              size > MAX_BYTES
                ? ' '.repeat(MAX_BYTES)
                : await readFile(path, 'utf8'),
          };
        }),
      );
    },
  };
}

/** The policy files of a folder that one of Backstage's URL readers can read, such as one in a Git repository. */
export function policiesByUrl(
  url: string,
  reader: UrlReaderService,
): PolicyLocation {
  let etag: string | undefined;
  let last: PolicyText[] = [];
  return {
    name: url,
    read: async () => {
      try {
        const tree = await reader.readTree(url, {
          etag,
          filter: (path, info) =>
            IS_POLICY.test(path) && (info?.size ?? 0) < MAX_BYTES * 4,
        });
        const files = await tree.files();
        last = await Promise.all(
          files
            .sort((a, b) => (a.path < b.path ? -1 : 1))
            .slice(0, MAX_FILES)
            .map(async file => ({
              file: basename(file.path),
              text: (await file.content()).toString('utf8').slice(0, MAX_BYTES),
            })),
        );
        etag = tree.etag;
      } catch (error) {
        if (!(error instanceof Error && error.name === 'NotModifiedError')) {
          throw error;
        }
      }
      return last;
    },
  };
}
