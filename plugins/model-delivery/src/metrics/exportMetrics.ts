import {
  dataOf,
  MetricsGroupPage,
  ModelDeliveryClient,
} from '@slipway/backstage-plugin-model-delivery-common';
import type { apiFilterOf, GroupBy } from './metricsQuery';

/** Filter of the metrics API. */
export type MetricsFilter = ReturnType<typeof apiFilterOf>;

/** Every group of a period, page after page, as an export needs them. */
export async function fetchAllGroups(
  client: ModelDeliveryClient,
  by: GroupBy,
  filter: MetricsFilter,
): Promise<MetricsGroupPage['items']> {
  const items: MetricsGroupPage['items'] = [];
  let cursor: string | undefined;
  do {
    const page: MetricsGroupPage = dataOf(
      await client.GET('/metrics/groups', {
        params: { query: { ...filter, by, limit: 200, cursor } },
      }),
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

/** Gives the reader a text as a file, with a byte order mark so that spreadsheets read UTF-8. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(
    new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Some browsers read the file only after the click has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}
