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

/** A result of the type `model-version`; the fields beside Backstage's own are what results are filtered by. */
export interface ModelVersionDocument extends IndexableDocument {
  /** `Model`, as the catalog's results of models say. */
  kind: string;
  namespace: string;
  /** Name of the model. */
  name: string;
  version: string;
  /** Entity ref of a user or group. */
  owner: string;
  lifecycle: string;
  risk: string;
}

/** Reads the documents about versions, a page at a time. */
export class DocumentsCollatorFactory implements DocumentCollatorFactory {
  readonly type = 'model-version';
  readonly visibilityPermission = modelReadPermission;
  readonly #client: ModelDeliveryClient;

  constructor(client: ModelDeliveryClient) {
    this.#client = client;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  /** What stays the same as long as there is nothing new to index. */
  async readState(): Promise<string> {
    return (await this.#read(1)).state;
  }

  async *#documents(): AsyncGenerator<ModelVersionDocument> {
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
        params: { query: { about: 'versions', limit, cursor } },
      }),
    );
  }
}

function toIndexed(document: SearchDocument): ModelVersionDocument {
  const { namespace, name, title, text, owner, lifecycle, risk } = document;
  const [model, query] = [
    [namespace, 'model', name].map(encodeURIComponent).join('/'),
    new URLSearchParams({ q: document.digest ?? '' }),
  ];
  return {
    title,
    text,
    location: `/catalog/${model}/versions?${query}`,
    authorization: { resourceRef: document.model },
    kind: 'Model',
    namespace,
    name,
    version: document.version ?? '',
    owner,
    lifecycle,
    risk,
  };
}
