import {
  CardMeasurement,
  CardSection,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Facts and measurements of a section as Markdown; empty when it has none. */
export function factsToMarkdown(section: CardSection): string {
  const facts = section.facts.map(
    ({ label, text }) => `- **${escape(label)}**: ${escape(text)}`,
  );
  const rows = section.measurements.map(
    each =>
      `| ${[
        each.name,
        each.slice ? `${each.slice.attribute}: ${each.slice.value}` : 'all',
        measured(each),
        each.sampleSize?.toString() ?? '',
        each.dataset ?? '',
        each.fact,
      ]
        .map(escape)
        .join(' | ')} |`,
  );
  const table =
    rows.length === 0
      ? []
      : [
          '| Metric | Slice | Value | Sample | Data | Of |',
          '| --- | --- | --- | --- | --- | --- |',
          ...rows,
        ];
  return [facts.join('\n'), table.join('\n')]
    .filter(each => each !== '')
    .join('\n\n');
}

/** A value with its unit and interval, such as `0.842 (0.83 to 0.85 at 95 %)`. */
export function measured({ value, unit, interval }: CardMeasurement): string {
  const shown = unit ? `${value} ${unit}` : String(value);
  return interval
    ? `${shown} (${interval.low} to ${interval.high} at ${
        // As whole as it was meant: 0.95 times 100 is a hair beside 95
        Number((interval.level * 100).toFixed(6))
      } %)`
    : shown;
}

/** Text that Markdown shows as it is, in one line. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#!&~]/g, '\\$&')
    .trim();
}
