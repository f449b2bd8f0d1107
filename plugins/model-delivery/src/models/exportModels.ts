import {
  dataOf,
  ModelDeliveryClient,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { CsvValue, ModelColumn } from './modelColumns';
import { ModelsQuery } from './modelsQuery';
import { listQuery } from './useModels';

const LEADING: ModelColumn['csv'] = [
  ['ref', model => model.ref],
  ['title', model => model.title],
  ['task', model => model.task],
];
const TRAILING: ModelColumn['csv'] = [
  ['sample', model => String(model.sample)],
];

/** What a spreadsheet takes for the beginning of a formula, in full width too. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The models with the chosen columns as CSV by RFC 4180; what a spreadsheet would take for a formula is quoted as text. */
export function modelsToCsv(
  models: ModelSummary[],
  columns: ModelColumn[],
): string {
  const cell = (value: CsvValue) => {
    const text = value === null ? '' : String(value);
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const fields = [
    ...LEADING,
    ...columns.flatMap(column => column.csv),
    ...TRAILING,
  ];
  return [
    fields.map(([name]) => name),
    ...models.map(model => fields.map(([, of]) => cell(of(model)))),
  ]
    .map(row => row.join(','))
    .join('\r\n');
}

/** Every model that the query shows, not only those on the screen. */
export async function loadAllModels(
  client: ModelDeliveryClient,
  query: ModelsQuery,
): Promise<ModelSummary[]> {
  const models: ModelSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = dataOf(
      await client.GET('/models', {
        params: { query: { ...listQuery(query), limit: 200, cursor } },
      }),
    );
    models.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return models;
}

/** Hands a text or bytes to the browser as a download. */
export function download(name: string, type: string, content: BlobPart) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
