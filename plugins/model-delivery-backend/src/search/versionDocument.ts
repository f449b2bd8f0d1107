import { SearchDocument } from '@slipway/backstage-plugin-model-delivery-common';
import { ModelRow } from '../models/ModelRecord';
import { FactMeasurement, VersionRecord } from '../versions/VersionRecord';

/** The most characters of a document's text; search engines index no more of it. */
export const MAX_TEXT = 20_000;

/** What a search engine indexes of any document about a model. */
export type DocumentModel = Pick<
  ModelRow,
  'ref' | 'namespace' | 'name' | 'title' | 'owner' | 'lifecycle' | 'risk'
>;

/**
 * What a search engine indexes of a version: first what tells it from others for a reader, then all that one may look
 * it up by.
 */
export function toVersionDocument(
  model: DocumentModel,
  version: VersionRecord,
  known: {
    /** Where it serves now. */
    environments: { environment: string; share: number }[];
    measurements: FactMeasurement[];
  },
): SearchDocument {
  const { parts } = version;
  return {
    model: model.ref,
    namespace: model.namespace,
    name: model.name,
    version: version.name,
    digest: version.digest,
    owner: model.owner,
    lifecycle: model.lifecycle,
    risk: model.risk,
    title: `${model.title}, version ${version.name}`,
    text: sentences([
      servesWhere(known.environments),
      listOf(
        '',
        known.measurements
          .filter(({ fact }) => fact === 'candidate')
          .map(({ name, value }) => `${name} ${rounded(value)}`),
      ),
      `Trained by ${shortly(version.trainedBy)}`,
      listOf(
        'Data ',
        parts.data.map(each => `${shortly(each.name)} ${each.version}`),
      ),
      parts.baseModel && `Based on ${parts.baseModel}`,
      listOf(
        'Configuration ',
        parts.configuration.map(({ name }) => shortly(name)),
      ),
      `Commit ${parts.code.commit}`,
      parts.code.repository,
      listOf(
        'Commits: ',
        version.commits.map(each => each.message ?? ''),
      ),
      listOf(
        'Parameters ',
        Object.entries(parts.parameters).map(pair => pair.join(' ')),
      ),
      `Digest ${version.digest}`,
    ]),
  };
}

function servesWhere(
  environments: { environment: string; share: number }[],
): string {
  return listOf(
    'Serves in ',
    environments.map(({ environment, share }) =>
      share < 100 ? `${environment} (${share} %)` : environment,
    ),
  );
}

/** The name alone of what is an entity reference; anything else as it is. */
function shortly(name: string): string {
  return /^[a-z]+:[^/]+\/(.+)$/i.exec(name)?.[1] ?? name;
}

function listOf(before: string, items: string[]): string {
  const told = items.filter(Boolean);
  return told.length === 0 ? '' : before + told.join(', ');
}

/** Four significant digits: enough to find, and to read. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function sentences(parts: (string | undefined)[]): string {
  return parts
    .filter(Boolean)
    .map(part => `${part}.`)
    .join(' ')
    .slice(0, MAX_TEXT);
}
