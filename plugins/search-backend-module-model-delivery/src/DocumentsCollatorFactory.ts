import { Readable } from 'node:stream';
import {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import {
  dataOf,
  ModelDeliveryClient,
  modelReadPermission,
  SearchDocument,
  SearchDocumentPage,
} from '@slipway/backstage-plugin-model-delivery-common';

/** The most that one request is answered with. */
const PAGE_SIZE = 200;

/** What there are documents about, and the type of the results. */
const TYPES = { versions: 'model-version', cards: 'model-card' } as const;

/** A key of what there are documents about. */
export type Subject = keyof typeof TYPES;

/** A result; the fields beside Backstage's own are what results are filtered by. */
export interface ModelDocument extends IndexableDocument {
  /** `Model`, as the catalog's results of models say. */
  kind: string;
  namespace: string;
  /** Name of the model. */
  name: string;
  /** Absent of a card. */
  version?: string;
  /** Entity ref of a user or group. */
  owner: string;
  lifecycle: string;
  risk: string;
}

/** Reads the documents about versions or cards, a page at a time. */
export class DocumentsCollatorFactory implements DocumentCollatorFactory {
  readonly type: (typeof TYPES)[Subject];
  readonly visibilityPermission = modelReadPermission;
  readonly #about: Subject;
  readonly #client: ModelDeliveryClient;

  constructor(about: Subject, client: ModelDeliveryClient) {
    this.type = TYPES[about];
    this.#about = about;
    this.#client = client;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  /** What stays the same as long as there is nothing new to index. */
  async readState(): Promise<string> {
    return (await this.#read(1)).state;
  }

  async *#documents(): AsyncGenerator<ModelDocument> {
    let cursor: string | undefined;
    do {
      const page: SearchDocumentPage = await this.#read(PAGE_SIZE, cursor);
      yield* page.items.map(toIndexed);
      cursor = page.nextCursor;
    } while (cursor);
  }

  async #read(limit: number, cursor?: string): Promise<SearchDocumentPage> {
    return dataOf(
      await this.#client.GET('/search-documents', {
        params: { query: { about: this.#about, limit, cursor } },
      }),
    );
  }
}

function toIndexed(document: SearchDocument): ModelDocument {
  const { namespace, name, title, text, owner, lifecycle, risk } = document;
  const { version, digest } = document;
  const model = [namespace, 'model', name].map(encodeURIComponent).join('/');
  return {
    title,
    text,
    location: `/catalog/${model}/${
      version === undefined
        ? 'card'
        : `versions?${new URLSearchParams({ q: digest ?? '' })}`
    }`,
    authorization: { resourceRef: document.model },
    kind: 'Model',
    namespace,
    name,
    ...(version !== undefined && { version }),
    owner,
    lifecycle,
    risk,
  };
}
