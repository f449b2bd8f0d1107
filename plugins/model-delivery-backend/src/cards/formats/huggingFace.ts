import { PIPELINE_DATA } from '@huggingface/tasks';
import {
  CardMeasurement,
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { stringify } from 'yaml';
import { FRONT_MATTER_LABELS } from '../readCardText';
import { embedCard } from './embeddedCard';
import { factsToMarkdown } from './markdownText';

/** The key of the front matter that holds the whole card, of which Hugging Face's form has no fields for some. */
export const CARD_KEY = 'slipway';

/** Keys that are a list, whatever their number. */
const LISTS = new Set(['datasets', 'metrics', 'tags', 'language']);

/** The card as a `README.md` of Hugging Face: front matter with the evaluation results, and the sections as text. */
export function toHuggingFace(card: ModelCard): string {
  const front = {
    ...Object.fromEntries(
      FRONT_MATTER_LABELS.flatMap(([key, label]) => {
        const values = valuesOf(card, key, label);
        if (values.length === 0) {
          return [];
        }
        return [
          [key, values.length > 1 || LISTS.has(key) ? values : values[0]],
        ];
      }),
    ),
    ...modelIndex(card),
    [CARD_KEY]: { card: embedCard(card) },
  };
  const yaml = stringify(front, { lineWidth: 0, version: '1.2' });
  const body = card.sections
    .map(section => ({ section, text: sectionToMarkdown(section) }))
    .filter(({ text }) => text !== '')
    .map(({ section, text }) => `## ${oneLine(section.title)}\n\n${text}\n`);
  return [`---\n${yaml}---\n`, `# ${oneLine(card.title)}\n`, ...body].join(
    '\n',
  );
}

/** What a section says, in Markdown: what is known first, then the team's words. */
export function sectionToMarkdown(section: CardSection): string {
  return [factsToMarkdown(section), ...section.texts.map(each => each.markdown)]
    .filter(each => each !== '')
    .join('\n\n');
}

function valuesOf(card: ModelCard, key: string, label: string): string[] {
  const facts = card.sections
    .flatMap(({ facts: all }) => all)
    .filter(
      each =>
        each.label === label &&
        // Names of the catalog mean nothing on Hugging Face
        each.ref === undefined,
    )
    .map(each => each.text);
  const values = [...new Set(facts)];
  return key === 'pipeline_tag'
    ? values.filter(each => Object.hasOwn(PIPELINE_DATA, each)).slice(0, 1)
    : values;
}

/** Evaluation results by data set, as Hugging Face's `model-index` has them. */
function modelIndex(card: ModelCard): Record<string, unknown> {
  const measured = card.sections
    .flatMap(each => each.measurements)
    .filter(each => each.fact === 'candidate');
  if (measured.length === 0) {
    return {};
  }
  const [task = 'other'] = valuesOf(card, 'pipeline_tag', 'Task');
  const datasets = [
    ...new Set(measured.map(each => each.dataset ?? 'not named')),
  ];
  return {
    'model-index': [
      {
        name: card.title,
        results: datasets.map(dataset => ({
          task: { type: task },
          dataset: { name: dataset, type: dataset },
          metrics: measured
            .filter(each => (each.dataset ?? 'not named') === dataset)
            .map(toMetric),
        })),
      },
    ],
  };
}

function toMetric(each: CardMeasurement): Record<string, unknown> {
  const { slice, interval, sampleSize } = each;
  const more = {
    ...(slice && { slice }),
    ...(interval && { interval }),
    ...(sampleSize !== undefined && { sampleSize }),
  };
  return {
    type: each.name,
    value: each.value,
    ...(slice && { name: `${each.name} (${slice.attribute}: ${slice.value})` }),
    ...(Object.keys(more).length > 0 && { args: more }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
