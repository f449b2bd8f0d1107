import { UrlReaderService } from '@backstage/backend-plugin-api';
import { ModelDraft } from '../entities/ModelDraft';
import {
  ModelSource,
  SourceReading,
  SourceSettings,
} from '../sources/ModelSource';
import { FileTarget, FoundFile, readTarget } from './readTarget';

/** Changes when files are read in another way than before, so that those which did not change are read again. */
const READING = '4:';

/** How files of one format are read. */
export interface FileFormat {
  /** Larger ones are refused, in bytes. */
  maxBytes: number;
  /**
   * The models that a file tells of; none when it is of another kind.
   * @throws InputError with what is wrong, such as `is no YAML`.
   */
  parse(text: string, file: FoundFile): ModelDraft[] | Promise<ModelDraft[]>;
}

/** Models that files of one format tell of. */
export class ModelFiles implements ModelSource {
  readonly settings: SourceSettings;
  readonly #targets: FileTarget[];
  readonly #format: FileFormat;
  readonly #reader: UrlReaderService;

  constructor(options: {
    settings: SourceSettings;
    targets: FileTarget[];
    format: FileFormat;
    reader: UrlReaderService;
  }) {
    this.settings = options.settings;
    this.#targets = options.targets;
    this.#format = options.format;
    this.#reader = options.reader;
  }

  get places(): string[] {
    return this.#targets.map(({ target }) => target);
  }

  /** {@inheritdoc ModelSource.read} */
  async read(options: {
    etags: Record<string, string>;
    signal?: AbortSignal;
  }): Promise<SourceReading> {
    const reading: SourceReading = {
      found: [],
      unchangedTargets: [],
      refused: [],
      errors: [],
      etags: {},
    };
    for (const target of this.#targets) {
      options.signal?.throwIfAborted();
      await this.#readTarget(target, options, reading);
    }
    return reading;
  }

  async #readTarget(
    target: FileTarget,
    options: { etags: Record<string, string>; signal?: AbortSignal },
    reading: SourceReading,
  ) {
    const name = target.target;
    const before: string | undefined = options.etags[name];
    try {
      const content = await readTarget(target, {
        etag: before?.startsWith(READING)
          ? before.slice(READING.length)
          : undefined,
        reader: this.#reader,
        signal: options.signal,
      });
      if (content) {
        for (const file of content.files) {
          await this.#readFile(file, name, reading);
        }
        if (content.etag) {
          reading.etags[name] = READING + content.etag;
        }
        return;
      }
    } catch (error) {
      reading.errors.push(`${name} could not be read: ${messageOf(error)}`);
    }
    reading.unchangedTargets.push(name);
    if (before !== undefined) {
      reading.etags[name] = before;
    }
  }

  async #readFile(file: FoundFile, target: string, reading: SourceReading) {
    try {
      const text = await this.#textOf(file);
      const drafts = await this.#format.parse(text, file);
      drafts.forEach(draft => reading.found.push({ draft, target }));
    } catch (error) {
      reading.refused.push({
        source: file.source,
        message: messageOf(error),
        target,
      });
    }
  }

  async #textOf(file: FoundFile): Promise<string> {
    const { maxBytes } = this.#format;
    const limit = `${maxBytes / 1024 / 1024} MiB`;
    if (file.size !== undefined && file.size > maxBytes) {
      throw new Error(`is larger than ${limit}`);
    }
    const content = await file.content();
    if (content.length > maxBytes) {
      throw new Error(`is larger than ${limit}`);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(content);
    } catch {
      throw new Error('is no UTF-8 text');
    }
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
