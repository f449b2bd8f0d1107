import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, usePages } from '../../api';
import {
  formatInterval,
  formatMeasurement,
  metricTitle,
  PageState,
  ScrollRegion,
  Sub,
  tableSx,
  Time,
} from '../../components';
import { RevokedMark } from '../../revocations/RevokedMark';
import { RevokeEvidence } from '../../revocations/RevokeEvidence';
import { useModelName } from '../useModelDetail';

/** Every evaluation of a version, with all its measurements by slice. */
export function Evaluations(props: { version: string }) {
  const { version } = props;
  const { ref, namespace, name } = useModelName();
  const evaluations = usePages(
    `evaluations/${ref}/${version}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET(
          '/models/{namespace}/{name}/versions/{version}/evaluations',
          {
            params: {
              path: { namespace, name, version },
              query: { limit: 20, cursor },
            },
            signal,
          },
        ),
      ),
    evaluation => evaluation.id,
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  return (
    <PageState
      state={evaluations}
      what="the evaluations"
      isEmpty={items => items.length === 0}
      empty={{
        title: 'Nothing measured yet',
        text: 'The pipeline reports evaluations as it makes them.',
      }}
    >
      {items => (
        <>
          {items.map(evaluation => (
            <Box
              component="details"
              key={evaluation.id}
              sx={{ borderBottom: 1, borderColor: 'divider', py: 1 }}
            >
              <Box component="summary" sx={{ cursor: 'pointer' }}>
                <b>{metricTitle(evaluation.fact)}</b>, measured{' '}
                <Time at={evaluation.measuredAt} />
                {evaluation.source && ` by ${evaluation.source}`},{' '}
                {evaluation.metrics.length === 1
                  ? '1 measurement'
                  : `${evaluation.metrics.length} measurements`}
                {evaluation.dataset && (
                  <Sub sx={{ pl: 2 }}>
                    on {evaluation.dataset.name}
                    {evaluation.dataset.version &&
                      `@${evaluation.dataset.version}`}
                  </Sub>
                )}
                {evaluation.revoked && (
                  <RevokedMark mark={evaluation.revoked} />
                )}
              </Box>
              {!evaluation.revoked && (
                <Box sx={{ my: 1 }}>
                  <RevokeEvidence
                    version={version}
                    evaluation={evaluation.id}
                    onRevoked={evaluations.reload}
                  />
                </Box>
              )}
              <Measurements
                label={`Measurements of ${evaluation.id}`}
                measurements={evaluation.metrics}
              />
            </Box>
          ))}
          {evaluations.hasMore && (
            <Button
              size="small"
              onClick={evaluations.loadMore}
              disabled={evaluations.loadingMore}
              sx={{ textTransform: 'none' }}
            >
              Earlier evaluations
            </Button>
          )}
        </>
      )}
    </PageState>
  );
}

function Measurements(props: { label: string; measurements: Measurement[] }) {
  const { label, measurements } = props;
  return (
    <ScrollRegion label={label}>
      <Box component="table" sx={tableSx}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Slice</th>
            <th scope="col" className="num">
              Value
            </th>
            <th scope="col">Interval</th>
            <th scope="col" className="num">
              n
            </th>
          </tr>
        </thead>
        <tbody>
          {measurements.map(measurement => (
            <tr
              key={`${measurement.name} ${measurement.slice?.attribute} ${measurement.slice?.value}`}
            >
              <th scope="row">{metricTitle(measurement.name)}</th>
              <td>
                {measurement.slice
                  ? `${measurement.slice.attribute}: ${measurement.slice.value}`
                  : 'All'}
              </td>
              <td className="num">{formatMeasurement(measurement)}</td>
              <td>{formatInterval(measurement) ?? 'None'}</td>
              <td className="num">
                {measurement.sampleSize?.toLocaleString('en') ?? 'Not told'}
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
