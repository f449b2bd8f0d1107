import Box from '@mui/material/Box';
import type { VersionChanges } from '@slipway/backstage-plugin-model-delivery-common';
import { formatDifference, differenceUnit } from '../charts/numbers';
import {
  formatInterval,
  formatMeasurement,
  metricTitle,
  quantityOf,
  readings,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
} from '../components';
import { IntervalPair } from './IntervalPair';

/** The metrics of one version against those of another, each with its interval and what that says. */
export function ChangesTable(props: { changes: VersionChanges }) {
  const { changes } = props;
  const against = changes.against ?? 'production';
  return (
    <ScrollRegion label={`Metrics of ${changes.version} against ${against}`}>
      <Box component="table" sx={[tableSx, { minWidth: 520 }]}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {changes.against && (
              <th scope="col" className="num">
                {changes.against}
              </th>
            )}
            <th scope="col" className="num">
              {changes.version}
            </th>
            <th scope="col">Values with 95 % intervals</th>
            <th scope="col">Reading</th>
          </tr>
        </thead>
        <tbody>
          {changes.metrics.map(metric => (
            <tr key={metric.name}>
              <th scope="row">
                {metricTitle(metric.name)}
                <Sub>{direction(metric.higherIsBetter)}</Sub>
              </th>
              {changes.against && (
                <td className="num">
                  {metric.from
                    ? formatMeasurement(metric.from, valuesOf(metric))
                    : 'No data'}
                </td>
              )}
              <td className="num">
                {metric.to
                  ? formatMeasurement(metric.to, valuesOf(metric))
                  : 'No data'}
              </td>
              <td>
                <IntervalPair
                  from={metric.from}
                  to={metric.to}
                  fromLabel={against}
                  toLabel={changes.version}
                />
                <Sub>{differenceText(metric)}</Sub>
              </td>
              <td>
                {changes.against ? (
                  <StateLabel appearance={readings[metric.reading]} />
                ) : (
                  <Sub>Nothing to compare with</Sub>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}

function direction(higherIsBetter: boolean | undefined): string {
  if (higherIsBetter === undefined) {
    return 'direction not told';
  }
  return higherIsBetter ? 'higher is better' : 'lower is better';
}

type MetricChange = VersionChanges['metrics'][number];

/** What was measured, side by side. */
function valuesOf({ from, to }: MetricChange): number[] {
  return [from, to].flatMap(each => (each ? [each.value] : []));
}

function differenceText(metric: MetricChange): string {
  if (metric.difference !== null) {
    const quantity = quantityOf(metric.unit, valuesOf(metric));
    const unit = differenceUnit(quantity);
    return `${formatDifference(metric.difference, quantity)}${
      unit ? ` ${unit}` : ''
    }`;
  }
  return (metric.to && formatInterval(metric.to)) ?? '';
}
