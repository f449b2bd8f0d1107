import {
  ANNOTATION_LOCATION,
  Entity,
  parseLocationRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import parseGitUrl from 'git-url-parse';
import { dirname } from 'node:path';

/** Annotation that names the file with the team's text: a path beside the catalog file, or below the repository with a leading `/`. */
export const CARD_ANNOTATION = 'slipway.dev/model-card';

const DEFAULT_FILE = 'MODEL_CARD.md';

/** Where the team's text would be. */
export type CardLocation =
  | {
      kind: 'url';
      url: string;
      editUrl: string | null;
      /** Whether the entity names it; a file that nobody named may be absent. */
      named: boolean;
    }
  | { kind: 'file'; folder: string; path: string; named: boolean };

/**
 * Where the text of a model is: in the repository that its entity was read from, and nowhere else, since it is read with the
 * portal's own rights.
 * @returns undefined when the entity came from no file
 * @throws InputError when the annotation leads out of that repository
 */
export function locateCard(
  entity: Entity,
  integrations: Pick<ScmIntegrationRegistry, 'resolveUrl' | 'resolveEditUrl'>,
): CardLocation | undefined {
  const { annotations = {} } = entity.metadata;
  const from = annotations[ANNOTATION_LOCATION];
  if (!from) {
    return undefined;
  }
  const { type, target } = parseLocationRef(from);
  const given = annotations[CARD_ANNOTATION]?.trim().replace(/^url:/, '');
  const named = Boolean(given);
  if (type === 'file') {
    return {
      kind: 'file',
      folder: dirname(target),
      path: given || DEFAULT_FILE,
      named,
    };
  }
  if (type !== 'url') {
    return undefined;
  }
  const url = integrations.resolveUrl({
    url: given || DEFAULT_FILE,
    base: target,
  });
  if (!isSameRepository(url, target)) {
    throw new InputError(
      `metadata.annotations["${CARD_ANNOTATION}"] leads to ${url}, outside the repository of ${target}; give a path within it`,
    );
  }
  return {
    kind: 'url',
    url,
    editUrl: integrations.resolveEditUrl(url),
    named,
  };
}

function isSameRepository(url: string, base: string): boolean {
  try {
    const [one, other] = [parseGitUrl(url), parseGitUrl(base)];
    const sameHost = new URL(url).origin === new URL(base).origin;
    // Hosts without repositories, such as a web server: what is below the folder of the catalog file
    return one.full_name && other.full_name && other.filepath
      ? sameHost && one.full_name === other.full_name
      : url.startsWith(new URL('.', base).href);
  } catch {
    return false;
  }
}
