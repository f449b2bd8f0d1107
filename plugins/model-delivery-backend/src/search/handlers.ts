import { Handlers } from '../http/operations';
import { SearchDocuments } from './SearchDocuments';

/** Answers the operations of search engines. */
export function createSearchHandlers(
  documents: SearchDocuments,
): Pick<Handlers, 'listSearchDocuments'> {
  return {
    listSearchDocuments: async ({ query, principal }) => ({
      status: 200,
      body: await documents.list(principal, query),
    }),
  };
}
