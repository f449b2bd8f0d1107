import { UrlReaderService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { glob } from 'glob';

/** More files than any repository has of a kind; beyond it a pattern is taken for a mistake. */
const MAX_FILES = 10_000;

/** Where files are. */
export interface FileTarget {
  type: 'url' | 'file';
  /** May hold `*` and `**`. */
  target: string;
}

/** A file that is there; its content is read when it is asked for. */
export interface FoundFile {
  /** Its address, or its path. */
  source: string;
  /** What people open; absent for files of this machine. */
  url?: string;
  /** In bytes, where it is known beforehand. */
  size?: number;
  content(): Promise<Buffer>;
}

/** What a target holds. */
export interface TargetContent {
  files: FoundFile[];
  /** By which the next reading tells whether anything changed; empty when it cannot be told. */
  etag: string;
}

/**
 * Looks up the files of a target.
 * @returns undefined when they are those of the etag.
 * @throws Error when they cannot be looked up.
 */
export async function readTarget(
  target: FileTarget,
  options: { etag?: string; reader: UrlReaderService; signal?: AbortSignal },
): Promise<TargetContent | undefined> {
  const content =
    target.type === 'file'
      ? await readLocal(target.target, options.etag)
      : await readUrls(target.target, options);
  if (content && content.files.length > MAX_FILES) {
    throw new Error(
      `it matches ${content.files.length} files; more than ${MAX_FILES} are not read`,
    );
  }
  return content;
}

async function readLocal(
  pattern: string,
  etag: string | undefined,
): Promise<TargetContent | undefined> {
  const paths = (await glob(pattern, { nodir: true, follow: false })).sort();
  const files: FoundFile[] = [];
  const hash = createHash('sha256');
  for (const path of paths.slice(0, MAX_FILES + 1)) {
    const { size, mtimeMs } = await stat(path);
    hash.update(JSON.stringify([path, size, mtimeMs]));
    files.push({ source: path, size, content: () => readFile(path) });
  }
  const now = hash.digest('hex');
  return now === etag ? undefined : { files, etag: now };
}

async function readUrls(
  url: string,
  options: { etag?: string; reader: UrlReaderService; signal?: AbortSignal },
): Promise<TargetContent | undefined> {
  const { etag, reader, signal } = options;
  try {
    const found = await reader.search(url, { ...(etag && { etag }), signal });
    return {
      etag: found.etag,
      files: found.files.map(file => ({
        source: file.url,
        url: file.url,
        content: () => file.content(),
      })),
    };
  } catch (error) {
    if (isError(error) && error.name === 'NotModifiedError') {
      return undefined;
    }
    throw error;
  }
}
