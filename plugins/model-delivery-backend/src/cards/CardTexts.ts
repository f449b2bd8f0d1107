import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { InputError, NotFoundError, NotModifiedError } from '@backstage/errors';
import { CardTextStatus } from '@slipway/backstage-plugin-model-delivery-common';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { EngineContext } from '../context';
import { CardLocation, locateCard } from './cardLocation';
import { CardCompletion } from './readCardText';
import { completionOf } from './toCompletion';

/** Texts that are kept, the last asked for. */
const MAX_KEPT = 50;

type UrlLocation = CardLocation & { kind: 'url' };

/** The text that was read: where, and by what one tells whether it is still the same. */
export interface ReadAs {
  url: string;
  etag: string;
}

interface KeptText {
  etag?: string;
  text: string;
  /** Of the text, once somebody asked. */
  completion?: CardCompletion;
  checkedAt: number;
}

/** The team's text of a model, and what became of reading it. */
export interface TeamText {
  status: CardTextStatus;
  completion: CardCompletion | null;
}

/** Reads the teams' texts from their repositories, each at most once per interval and not again while unchanged. */
export class CardTexts {
  readonly #context: Pick<
    EngineContext,
    'config' | 'urlReader' | 'integrations' | 'work' | 'logger'
  >;
  readonly #kept = new Map<string, KeptText>();

  constructor(
    context: Pick<
      EngineContext,
      'config' | 'urlReader' | 'integrations' | 'work' | 'logger'
    >,
  ) {
    this.#context = context;
  }

  /** Never throws: a text that cannot be read is told of, and the card goes without. */
  async read(entity: Entity): Promise<TeamText> {
    let location: CardLocation | undefined;
    try {
      location = locateCard(entity, this.#context.integrations);
      if (!location) {
        return toTeamText('none');
      }
      const completion = await this.#load(location);
      return toTeamText('found', { location, readAt: this.#now(), completion });
    } catch (error) {
      return this.#explain(error, location);
    }
  }

  /**
   * Reads a text of long ago again, with none of those kept that people ask for.
   * @param known - what was read then
   * @returns undefined when it is the same, or cannot be read now: what is known of it holds
   */
  async readAnew(
    entity: Entity,
    known: ReadAs | undefined,
  ): Promise<(TeamText & { readAs?: ReadAs }) | undefined> {
    let location: CardLocation | undefined;
    try {
      location = locateCard(entity, this.#context.integrations);
      if (!location) {
        return toTeamText('none');
      }
      if (location.kind === 'file') {
        const completion = await this.#load(location);
        return toTeamText('found', { location, completion });
      }
      const key = keyOf(location);
      const { etag, text } = await this.#request(
        location.url,
        known?.url === key ? known.etag : undefined,
      );
      const completion = await completionOf(text, location);
      return {
        ...toTeamText('found', { location, completion }),
        ...(etag && { readAs: { url: key, etag } }),
      };
    } catch (error) {
      if (error instanceof NotModifiedError) {
        return undefined;
      }
      const explained = this.#explain(error, location);
      const isGone = error instanceof Error && error.name === 'NotFoundError';
      return explained.status.state === 'failed' && !isGone
        ? undefined
        : explained;
    }
  }

  #explain(error: unknown, location: CardLocation | undefined): TeamText {
    const { name, message } =
      error instanceof Error ? error : new Error(String(error));
    if (name === 'NotFoundError' && location) {
      return location.named
        ? toTeamText('failed', { location, message: 'There is no such file' })
        : toTeamText('none', { location });
    }
    this.#context.logger.warn(
      `The text of a model card could not be read: ${message}`,
    );
    const refused = name === 'InputError' || name === 'NotAllowedError';
    return toTeamText(refused ? 'refused' : 'failed', { location, message });
  }

  async #load(location: CardLocation): Promise<CardCompletion> {
    const { cards } = this.#context.config;
    if (location.kind === 'file') {
      const text = await readBounded(
        createReadStream(resolveSafeChildPath(location.folder, location.path)),
        cards.maxBytes,
      );
      return completionOf(text, location);
    }
    const known = this.#kept.get(keyOf(location));
    const kept =
      known && this.#now() - known.checkedAt < cards.refreshIntervalMs
        ? known
        : await this.#fetch(location, known);
    kept.completion ??= await completionOf(kept.text, location);
    return kept.completion;
  }

  async #fetch(
    location: UrlLocation,
    kept: KeptText | undefined,
  ): Promise<KeptText> {
    const checkedAt = this.#now();
    try {
      const answer = await this.#request(location.url, kept?.etag);
      return this.#keep(location, { ...answer, checkedAt });
    } catch (error) {
      if (kept && error instanceof NotModifiedError) {
        return this.#keep(location, { ...kept, checkedAt });
      }
      throw error;
    }
  }

  async #request(
    url: string,
    knownEtag: string | undefined,
  ): Promise<{ etag?: string; text: string }> {
    const { config, urlReader } = this.#context;
    const answer = await urlReader.readUrl(url, {
      etag: knownEtag,
      signal: AbortSignal.timeout(config.answerLimitMs),
    });
    const text = await readBounded(
      answer.stream?.() ?? Readable.from(await answer.buffer()),
      config.cards.maxBytes,
    );
    return { etag: answer.etag, text };
  }

  #keep(location: UrlLocation, text: KeptText): KeptText {
    const key = keyOf(location);
    this.#kept.delete(key);
    this.#kept.set(key, text);
    if (this.#kept.size > MAX_KEPT) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
    return text;
  }

  #now(): number {
    return this.#context.work.now().getTime();
  }
}

/** What is read of a location: of one file there may be several texts. */
function keyOf({ url, component }: UrlLocation): string {
  return component === undefined ? url : `${url}#${component}`;
}

/**
 * Reads a text no further than it may be long.
 * @throws InputError when it is longer or no UTF-8, NotFoundError when there is no such file
 */
async function readBounded(
  stream: Readable,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Buffer);
      length += bytes.length;
      if (length > maxBytes) {
        throw new InputError(
          `The text is larger than ${maxBytes} bytes, which is the most that is read`,
        );
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') {
      throw new NotFoundError('There is no such file');
    }
    throw error;
  } finally {
    stream.destroy();
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Buffer.concat(chunks),
    );
  } catch {
    throw new InputError('The text is not UTF-8');
  }
}

function toTeamText(
  state: CardTextStatus['state'],
  what: {
    location?: CardLocation;
    readAt?: number;
    message?: string;
    completion?: CardCompletion;
  } = {},
): TeamText {
  const { location } = what;
  return {
    status: {
      state,
      location:
        location?.kind === 'url' ? location.url : location?.path ?? null,
      editUrl: location?.kind === 'url' ? location.editUrl : null,
      readAt:
        what.readAt === undefined ? null : new Date(what.readAt).toISOString(),
      message: what.message ?? null,
      importedBy: null,
    },
    completion: what.completion ?? null,
  };
}
