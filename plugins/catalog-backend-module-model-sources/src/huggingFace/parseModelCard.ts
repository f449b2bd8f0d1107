import { InputError } from '@backstage/errors';
import {
  splitFrontMatter,
  SplitText,
} from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { asObject } from '../entities/asObject';
import { ModelDraft } from '../entities/ModelDraft';
import { statedFields } from '../entities/statedFields';
import { cardFileOf } from '../files/cardFileOf';
import { folderName } from '../files/folderName';
import { FileFormat } from '../files/ModelFiles';
import { FoundFile } from '../files/readTarget';
import { readCardText } from './cardText';

/** Front matter with none of these is not that of a model. */
const OF_MODELS = [
  'pipeline_tag',
  'library_name',
  'base_model',
  'model_name',
  'model-index',
  'license',
  'slipway',
];
/** Front matter with one of these is that of a data set. */
const OF_DATASETS = ['dataset_info', 'task_categories', 'annotations_creators'];
const MAX_ITEMS = 50;
const MAX_ITEM_LENGTH = 200;

/** Hugging Face model cards: Markdown with front matter. */
export const modelCardFormat: FileFormat = {
  maxBytes: 1024 * 1024,
  parse: parseModelCard,
};

/**
 * The model that a README.md tells of; none when it has no front matter, or that of something else.
 * @throws InputError when the front matter is no YAML.
 */
export function parseModelCard(text: string, file: FoundFile): ModelDraft[] {
  const split = read(text);
  const data = asObject(split?.front);
  if (
    !split ||
    !OF_MODELS.some(key => key in data) ||
    OF_DATASETS.some(key => key in data)
  ) {
    return [];
  }
  const body = readCardText(split.body);
  const ours = asObject(data.slipway);
  const { spec, framework, registry } = statedFields([
    ['task', textOf(data.pipeline_tag)],
    ['intendedUse', body.intendedUse],
    ...(body.outOfScope
      ? [['outOfScope', [body.outOfScope.slice(0, 500)]] as const]
      : []),
    ...Object.entries(ours).map(
      ([key, value]) => [`slipway.${key}`, value] as const,
    ),
  ]);
  const index = asObject(listOf(data['model-index'])[0]);
  const name =
    textOf(ours.name) ??
    textOf(data.model_name) ??
    textOf(index.name) ??
    folderName(file.source);
  return [
    {
      source: file.source,
      name,
      title: body.title ?? name,
      description: body.description,
      url: file.url,
      cardFile: cardFileOf(file),
      registry,
      framework: framework ?? textOf(data.library_name),
      license:
        textOf(data.license) === 'other'
          ? textOf(data.license_name) ?? 'other'
          : textOf(data.license),
      tags: textsOf(data.tags),
      spec,
      baseModels: textsOf(data.base_model),
      datasets: textsOf(data.datasets),
    },
  ];
}

function read(text: string): SplitText | undefined {
  try {
    return splitFrontMatter(text);
  } catch (error) {
    throw new InputError(
      `has front matter that ${String((error as Error).message)
        .split('\n')[0]
        .replace(/^The front matter /, '')}`,
    );
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string'
    ? value.trim().slice(0, MAX_ITEM_LENGTH) || undefined
    : undefined;
}

function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? listOf(value) : [value];
  return [...new Set(values.flatMap(each => textOf(each) ?? []))];
}
