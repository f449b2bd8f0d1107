import {
  ANNOTATION_EDIT_URL,
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_VIEW_URL,
} from '@backstage/catalog-model';
import {
  ANNOTATION_FRAMEWORK,
  ANNOTATION_LICENSE,
  ANNOTATION_MODEL_CARD,
  ANNOTATION_PROVIDED_BY,
  ANNOTATION_REGISTRY,
  ANNOTATION_SOURCE_NOTES,
  ANNOTATION_TO_BE_COMPLETED,
  findModelEntityErrors,
  MODEL_API_VERSION,
  MODEL_KIND,
  ModelEntityV1alpha1,
  SOURCE_LOCATION_TYPE,
} from '@slipway/backstage-plugin-model-delivery-common';
import { frameworkName } from './frameworkName';
import { ModelDraft, SpecField } from './ModelDraft';
import { plainText, toTag } from './plainText';
import { typeOfTask } from './typeOfTask';

/** Who owns a model that names no owner, where the configuration does not say either. */
export const UNKNOWN_OWNER = 'group:default/unknown';

/** Without these a model is not complete; what stands there meanwhile is the strictest reading. */
const TO_STATE = ['owner', 'risk', 'teamSize', 'intendedUse'] as const;

const MAX_TAGS = 20;
const MAX_NOTES_LENGTH = 2_000;
/** Each round takes out all that is wrong; what is added instead is right. */
const MAX_ROUNDS = 5;

/** What the models of one source have in common. */
export interface SourceDefaults {
  /** Id of the source, such as `mlflow:main`. */
  provider: string;
  /** As people know it, such as `MLflow main`. */
  title: string;
  namespace: string;
  /** For models that do not state them. The owner still counts as to be completed. */
  defaults: Partial<
    Record<'owner' | 'system' | 'teamSize' | 'lifecycle', string>
  >;
  labels: Record<string, string>;
}

/**
 * The Model entity of what a source says. What the kind refuses is left out and noted; what it demands and the source does
 * not say is filled in by the strictest reading, and listed as to be completed.
 * @param name - name of the entity
 * @param bases - entity refs of base models that the draft names otherwise, by their names
 */
export function toModelEntity(
  draft: ModelDraft,
  name: string,
  source: SourceDefaults,
  bases: Map<string, string> = new Map(),
): ModelEntityV1alpha1 {
  const notes = [...(draft.notes ?? [])];
  const spec = { ...draft.spec };
  addReferences(spec, draft, bases, notes);
  let registry = draft.registry;
  let entity = assemble(draft, name, source, { spec, registry });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const errors = findModelEntityErrors(entity);
    if (errors.length === 0) {
      break;
    }
    for (const { path, message } of errors) {
      const field = /^spec\.([A-Za-z]+)/.exec(path)?.[1] as SpecField;
      if (field && field in spec) {
        delete spec[field];
      } else if (path.startsWith('metadata.annotations')) {
        registry = undefined;
      }
      notes.push(`${path} ${message}; it was left out`);
    }
    entity = assemble(draft, name, source, { spec, registry });
  }
  const text = plainText(notes.join('\n'), MAX_NOTES_LENGTH);
  if (text) {
    entity.metadata.annotations![ANNOTATION_SOURCE_NOTES] = text;
  }
  return entity;
}

function assemble(
  draft: ModelDraft,
  name: string,
  source: SourceDefaults,
  { spec, registry }: Pick<ModelDraft, 'spec' | 'registry'>,
): ModelEntityV1alpha1 {
  const { provider, defaults } = source;
  const missing = TO_STATE.filter(
    field =>
      spec[field] === undefined &&
      !(field === 'teamSize' && defaults.teamSize !== undefined),
  );
  const location = `${SOURCE_LOCATION_TYPE}:${provider}`;
  const framework = plainText(
    draft.framework && frameworkName(draft.framework),
    100,
  );
  const license = plainText(draft.license, 100);
  const description = plainText(draft.description, 2_000);
  const tags = [...new Set((draft.tags ?? []).map(toTag))].filter(Boolean);
  return {
    apiVersion: MODEL_API_VERSION,
    kind: MODEL_KIND,
    metadata: {
      name,
      namespace: source.namespace,
      title: plainText(draft.title ?? draft.name, 100) ?? name,
      ...(description && { description }),
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        [ANNOTATION_PROVIDED_BY]: provider,
        ...(draft.url && {
          [ANNOTATION_VIEW_URL]: draft.url,
          [ANNOTATION_EDIT_URL]: draft.editUrl ?? draft.url,
        }),
        ...(registry && { [ANNOTATION_REGISTRY]: registry }),
        ...(framework && { [ANNOTATION_FRAMEWORK]: framework }),
        ...(license && { [ANNOTATION_LICENSE]: license }),
        ...(draft.cardFile && { [ANNOTATION_MODEL_CARD]: draft.cardFile }),
        ...(missing.length > 0 && {
          [ANNOTATION_TO_BE_COMPLETED]: missing.join(','),
        }),
      },
      ...(Object.keys(source.labels).length > 0 && { labels: source.labels }),
      ...(tags.length > 0 && { tags: tags.slice(0, MAX_TAGS) }),
      ...(draft.url && { links: [{ url: draft.url, title: source.title }] }),
    },
    spec: {
      type: typeOfTask(spec.task),
      lifecycle: defaults.lifecycle ?? 'experimental',
      owner: defaults.owner ?? UNKNOWN_OWNER,
      risk: 'high',
      teamSize: defaults.teamSize ?? 'large',
      intendedUse: 'Not stated yet.',
      ...(defaults.system && { system: defaults.system }),
      ...spec,
    } as ModelEntityV1alpha1['spec'],
  };
}

/** Adds what a source names by names of its own to the references, where it is known what they mean. */
function addReferences(
  spec: ModelDraft['spec'],
  draft: ModelDraft,
  bases: Map<string, string>,
  notes: string[],
) {
  const known = (draft.baseModels ?? []).flatMap(
    base => bases.get(base) ?? (base.startsWith('model:') ? base : []),
  );
  if (known.length > 0) {
    spec.derivedFrom = [
      ...new Set([...asList(spec.derivedFrom), ...known]),
    ].sort();
  }
  const unknown = (draft.baseModels ?? []).filter(
    base => !bases.has(base) && !base.startsWith('model:'),
  );
  if (unknown.length > 0) {
    notes.push(
      `Derived from ${unknown.join(
        ', ',
      )}, which is no model of this catalog under that name`,
    );
  }
  const isReference = (name: string) => name.startsWith('resource:');
  const datasets = draft.datasets ?? [];
  const references = datasets.filter(isReference);
  if (references.length > 0) {
    spec.trainedOn = [
      ...new Set([...asList(spec.trainedOn), ...references]),
    ].sort();
  }
  const others = datasets.filter(name => !isReference(name));
  if (others.length > 0) {
    notes.push(
      `Trained on ${others.join(
        ', ',
      )}; write resource:<namespace>/<name> to relate it to a data set of the catalog`,
    );
  }
}

function asList(value: unknown): string[] {
  return Array.isArray(value) ? value : [];
}
