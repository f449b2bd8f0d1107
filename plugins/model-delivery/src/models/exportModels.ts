import {
  dataOf,
  ModelDeliveryClient,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ModelsQuery } from './modelsQuery';
import { listQuery } from './useModels';

const COLUMNS: [string, (model: ModelSummary) => string | number | null][] = [
  ['ref', model => model.ref],
  ['title', model => model.title],
  ['task', model => model.task],
  ['owner', model => model.owner],
  ['risk', model => model.risk],
  ['tier', model => model.tier],
  ['lifecycle', model => model.lifecycle],
  ['production version', model => model.production?.version ?? null],
  ['in production since', model => model.production?.since ?? null],
  ['health', model => model.health.state],
  ['waiting', model => model.waiting.kind],
  ['latest version', model => model.latestVersion],
  ['versions', model => model.versionCount],
  ['last deployed', model => model.lastDeployedAt],
  ['sample', model => String(model.sample)],
];

/** The models as CSV by RFC 4180; what a spreadsheet would take for a formula is quoted as text. */
export function modelsToCsv(models: ModelSummary[]): string {
  const cell = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  return [
    COLUMNS.map(([name]) => name),
    ...models.map(model => COLUMNS.map(([, of]) => cell(of(model)))),
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

/** Hands a text to the browser as a download. */
export function download(name: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
