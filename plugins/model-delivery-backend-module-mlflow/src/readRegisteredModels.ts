import { MlflowConnection } from './config';
import { MlflowClient } from './MlflowClient';
import { MlflowServer } from './MlflowServer';
import { asRecord, isPrompt } from './tags';

/** Registered models per request. MLflow allows 1,000, and takes long over the newest versions of so many. */
const PAGE = 500;

/**
 * A registered model, as MLflow lists it.
 * @public
 */
export interface RegisteredModel {
  name: string;
  description?: string;
  /** Of the registered model itself. */
  tags: Record<string, string>;
  /** Of its newest version; empty without one. */
  versionTags: Record<string, string>;
  /** The page of it that people open. */
  url: string;
}

/**
 * Lists all registered models of a server but prompts, which live in the same registry, page by page.
 * @throws Error whose message names the connection and what is wrong with it, and holds no credentials.
 * @public
 */
export async function* readRegisteredModels(
  connection: MlflowConnection,
  signal?: AbortSignal,
): AsyncGenerator<RegisteredModel[]> {
  const client = new MlflowClient(new MlflowServer(connection));
  let pageToken: string | undefined;
  do {
    const page = await client.searchRegisteredModels({
      maxResults: PAGE,
      pageToken,
      signal,
    });
    yield page.items
      .map(item => ({
        name: item.name,
        description: item.description || undefined,
        tags: asRecord(item.tags),
        versionTags: asRecord(newest(item.latest_versions)?.tags ?? []),
        url: `${connection.publicUrl}/#/models/${encodeURIComponent(
          item.name,
        )}`,
      }))
      .filter(({ tags }) => !isPrompt(tags));
    pageToken = page.nextPageToken;
  } while (pageToken);
}

/** MLflow lists one version for each stage. */
function newest<T extends { creation_timestamp?: number }>(versions: T[]) {
  return versions.reduce<T | undefined>(
    (last, each) =>
      !last || (each.creation_timestamp ?? 0) >= (last.creation_timestamp ?? 0)
        ? each
        : last,
    undefined,
  );
}
