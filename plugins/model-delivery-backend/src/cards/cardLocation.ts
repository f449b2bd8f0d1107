import {
  ANNOTATION_LOCATION,
  Entity,
  parseLocationRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import {
  ANNOTATION_MODEL_CARD,
  SOURCE_LOCATION_TYPE,
} from '@slipway/backstage-plugin-model-delivery-common';
import parseGitUrl from 'git-url-parse';
import { basename, dirname } from 'node:path';

const DEFAULT_FILE = 'MODEL_CARD.md';

/** Where the team's text would be. */
export type CardLocation = CardContent &
  (
    | {
        kind: 'url';
        url: string;
        editUrl: string | null;
        /** Whether the entity names it; a file that nobody named may be absent. */
        named: boolean;
      }
    | { kind: 'file'; folder: string; path: string; named: boolean }
  );

/** What the file is. */
export interface CardContent {
  format: 'markdown' | 'cyclonedx';
  /** Of a BOM: the key of the component that the model is; absent where it holds but one model. */
  component?: string;
}

/**
 * Where the text of a model is: in the repository that its entity was read from, and nowhere else, since it is read with the
 * portal's own rights; or, of an entity that a provider of model sources made, the file that it was made of.
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
  if (type === SOURCE_LOCATION_TYPE) {
    return locateSource(annotations[ANNOTATION_MODEL_CARD], integrations);
  }
  const { address: given, content } = contentOf(
    annotations[ANNOTATION_MODEL_CARD]?.trim().replace(/^url:/, '') ?? '',
    /^(.*\.json)#([^#]*)$/i,
  );
  const named = Boolean(given);
  if (type === 'file') {
    return {
      kind: 'file',
      folder: dirname(target),
      path: given || DEFAULT_FILE,
      named,
      ...content,
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
      `metadata.annotations["${ANNOTATION_MODEL_CARD}"] leads to ${url}, outside the repository of ${target}; give a path within it`,
    );
  }
  return {
    kind: 'url',
    url,
    editUrl: integrations.resolveEditUrl(url),
    named,
    ...content,
  };
}

/** The file that an entity was made of: an address from the portal's configuration, which nobody else could set. */
function locateSource(
  annotation: string | undefined,
  integrations: Pick<ScmIntegrationRegistry, 'resolveEditUrl'>,
): CardLocation | undefined {
  if (!annotation) {
    return undefined;
  }
  const { type, target } = parseLocationRef(annotation);
  const { address, content } = contentOf(target, /^(.*)#([^#]*)$/s);
  if (type === 'url') {
    const editUrl = integrations.resolveEditUrl(address);
    return { kind: 'url', url: address, editUrl, named: true, ...content };
  }
  if (type !== 'file') {
    return undefined;
  }
  const path = decodeURIComponent(address);
  return {
    kind: 'file',
    folder: dirname(path),
    path: basename(path),
    named: true,
    ...content,
  };
}

/** Takes the component of a BOM off an address, and tells what is there: JSON is a BOM, and so is what has components. */
function contentOf(
  given: string,
  withComponent: RegExp,
): { address: string; content: CardContent } {
  const [, address, component] = withComponent.exec(given) ?? [];
  if (address !== undefined) {
    return {
      address,
      content: {
        format: 'cyclonedx',
        component: decodeURIComponent(component),
      },
    };
  }
  const isBom = /\.json$/i.test(given);
  return {
    address: given,
    content: { format: isBom ? 'cyclonedx' : 'markdown' },
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
