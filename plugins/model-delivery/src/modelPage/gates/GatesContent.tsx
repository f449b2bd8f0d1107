import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  GateMatrix as GateMatrixData,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import { Card, Digest, LiveDot, PageState, SampleChip } from '../../components';
import { useModelDetail, useModelName } from '../useModelDetail';
import { noVersions } from '../versions/noVersions';
import { GateExplanation } from './GateExplanation';
import { GateFilters } from './GateFilters';
import { GateMatrix } from './GateMatrix';
import { OutsideQuestions } from './OutsideQuestions';
import { filterGates, GateFilter, verdictOf } from './matrix';

/** One cell of the matrix. */
export interface PickedCell {
  gate: string;
  version: string;
}

/** The gates of each version, by stage, and why each verdict is what it is. */
export function GatesContent() {
  const { ref, namespace, name } = useModelName();
  const model = useModelDetail();
  const [params, setParams] = useSearchParams();
  const environment = params.get('environment') ?? undefined;
  const [filter, setFilter] = useState<GateFilter>('all');
  const picked = toCell(params);
  /** The address holds what one looks at, so that it can be sent to those who decide. */
  const look = (at: { environment?: string; cell?: PickedCell | null }) =>
    setParams(
      {
        ...(at.environment !== undefined && { environment: at.environment }),
        ...at.cell,
      },
      { replace: true },
    );
  const setPicked = (cell: PickedCell | null) => look({ environment, cell });
  const matrix = useLive(
    `gates/${ref}/${environment}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/gates', {
          params: { path: { namespace, name }, query: { environment } },
          signal,
        }),
      ),
    { concerns: concernsModel(ref), pollSeconds: 15 },
  );
  const verdict = findVerdict(matrix.data, picked);
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          lg: verdict ? 'minmax(0, 1fr) 376px' : 'minmax(0, 1fr)',
        },
        gap: 2.5,
        alignItems: 'start',
      }}
    >
      <Box sx={{ display: 'grid', gap: 2.5, minWidth: 0 }}>
        <Card
          title="Gates by version"
          state={model.data?.sample && <SampleChip />}
          aside={
            <LiveDot status={matrix.status} updatedAt={matrix.updatedAt} />
          }
        >
          <PageState
            state={matrix}
            what="the gates"
            lines={10}
            isEmpty={data => data.versions.length === 0}
            empty={noVersions(
              model.data,
              'The model’s pipeline registers versions; the gates of its policy are then judged for each of them.',
            )}
          >
            {data => (
              <>
                <Box
                  sx={{
                    display: 'flex',
                    flexWrap: 'wrap',
                    alignItems: 'center',
                    gap: 1.5,
                    mb: 1.5,
                  }}
                >
                  <GateFilters
                    matrix={data}
                    filter={filter}
                    onFilter={setFilter}
                  />
                  <TextField
                    select
                    label="For"
                    size="small"
                    value={data.environment}
                    onChange={event =>
                      look({ environment: event.target.value })
                    }
                    SelectProps={{ native: true }}
                    InputLabelProps={{ shrink: true }}
                    sx={{
                      ml: { sm: 'auto' },
                      '& select': { fontSize: 13, py: '6px' },
                    }}
                  >
                    {data.environments.map(each => (
                      <option key={each} value={each}>
                        {each}
                      </option>
                    ))}
                  </TextField>
                </Box>
                <GateMatrix
                  matrix={data}
                  gates={filterGates(data, filter)}
                  picked={picked}
                  onPick={setPicked}
                />
                <Box sx={{ mt: 1, fontSize: 12, color: 'text.secondary' }}>
                  Policy {data.policy.name}{' '}
                  <Digest
                    value={data.policy.digest}
                    of="digest of the policy"
                  />
                </Box>
              </>
            )}
          </PageState>
        </Card>
        <OutsideQuestions />
      </Box>
      {verdict && picked && (
        <GateExplanation
          key={`${picked.gate} ${picked.version}`}
          verdict={verdict}
          version={picked.version}
          matrix={matrix.data!}
          onChanged={matrix.reload}
          column={
            matrix.data!.versions.find(each => each.version === picked.version)!
          }
          onClose={() => setPicked(null)}
        />
      )}
    </Box>
  );
}

function toCell(params: URLSearchParams): PickedCell | null {
  const gate = params.get('gate');
  const version = params.get('version');
  return gate && version ? { gate, version } : null;
}

function findVerdict(
  matrix: GateMatrixData | undefined,
  picked: PickedCell | null,
) {
  const column =
    picked && matrix?.versions.find(each => each.version === picked.version);
  return column && verdictOf(column, picked.gate);
}
