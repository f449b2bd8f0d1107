import type {
  Measure,
  MetricsGroupPage,
  MetricsReport,
} from '@slipway/backstage-plugin-model-delivery-common';

const COLUMNS = [
  'section',
  'group',
  'from',
  'to',
  'measure',
  'value',
  'unit',
  'p90',
  'sample_size',
  'counted',
  'coverage',
  'target',
  'meets_target',
];

type Cell = string | number | boolean | null;

/**
 * What the page shows as CSV (RFC 4180): the measures, their weekly course, and the groups. What has no data is an empty
 * cell. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function metricsCsv(
  report: MetricsReport,
  groups: { by: string; items: MetricsGroupPage['items'] },
): string {
  const rows: Cell[][] = [COLUMNS];
  const add = (section: string, group: string, measure: Measure) =>
    rows.push([
      section,
      group,
      report.from,
      report.to,
      measure.id,
      measure.value,
      measure.unit,
      measure.p90,
      measure.sampleSize,
      measure.count,
      measure.coverage,
      measure.target?.value ?? null,
      measure.meetsTarget,
    ]);
  for (const measure of report.measures) {
    add('period', '', measure);
  }
  for (const measure of report.measures) {
    measure.trend.forEach((point, index) =>
      rows.push([
        'course',
        '',
        point.from,
        measure.trend[index + 1]?.from ?? report.to,
        measure.id,
        point.value,
        measure.unit,
        ...Array<null>(6).fill(null),
      ]),
    );
  }
  for (const group of groups.items) {
    for (const measure of group.measures) {
      add(groups.by, group.key, measure);
    }
  }
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  if (value === null) {
    return '';
  }
  if (typeof value !== 'string') {
    return String(value);
  }
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
