import { SearchDocument } from '@slipway/backstage-plugin-model-delivery-common';
import { DocumentModel, MAX_TEXT } from './versionDocument';

/** A model with the words of its card. */
export type CardRow = DocumentModel & { stated: string; written: string };

/** What a search engine indexes of a model card: a line for each section. */
export function toCardDocument(row: CardRow): SearchDocument {
  return {
    model: row.ref,
    namespace: row.namespace,
    name: row.name,
    owner: row.owner,
    lifecycle: row.lifecycle,
    risk: row.risk,
    title: `Model card of ${row.title}`,
    text: [row.stated, row.written]
      .filter(Boolean)
      .join('\n')
      .slice(0, MAX_TEXT),
  };
}
