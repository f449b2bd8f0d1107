import { Fragment } from 'react';
import Box from '@mui/material/Box';
import type {
  GateDefinition,
  GateMatrix as GateMatrixData,
  GateVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  useTones,
  VerdictIcon,
  visuallyHiddenSx,
} from '../../components';
import { verdicts } from '../../components/states';
import { restsOnRevoked } from '../../revocations/revoked';
import type { PickedCell } from './GatesContent';
import { gatesByStage, stageTitles, verdictOf } from './matrix';

/** What a {@link GateMatrix} shows. */
export interface GateMatrixProps {
  matrix: GateMatrixData;
  gates: GateDefinition[];
  picked: PickedCell | null;
  onPick: (cell: PickedCell) => void;
}

/** Versions across, gates down, by stage. Each verdict can be opened; passes are quiet, so that what is not stands out. */
export function GateMatrix(props: GateMatrixProps) {
  const { matrix, gates, picked, onPick } = props;
  const { versions } = matrix;
  if (gates.length === 0) {
    return <Box sx={{ py: 3 }}>No gate fits.</Box>;
  }
  return (
    <>
      <ScrollRegion label={`Gates for ${matrix.environment} by version`}>
        <Box
          component="table"
          sx={[
            tableSx,
            {
              tableLayout: 'fixed',
              minWidth: {
                xs: 140 + versions.length * 84,
                sm: 220 + versions.length * 76,
              },
              '& td, & thead th:not(:first-of-type)': { textAlign: 'center' },
              '& td': { p: '3px', verticalAlign: 'middle' },
              '& tbody th': { fontWeight: 400 },
              '& tbody th[scope=row], & thead th:first-of-type': {
                position: 'sticky',
                left: 0,
                zIndex: 1,
                bgcolor: 'background.paper',
              },
            },
          ]}
        >
          <colgroup>
            <Box component="col" sx={{ width: { xs: 140, sm: 220 } }} />
            {versions.map(({ version }) => (
              <col key={version} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Gate</th>
              {versions.map(column => (
                <th scope="col" key={column.version}>
                  {column.version}
                  <Sub>{whereabouts(column)}</Sub>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {gatesByStage(gates).map(group => (
              <Fragment key={group.stage}>
                <tr>
                  <Box
                    component="th"
                    scope="colgroup"
                    colSpan={versions.length + 1}
                    sx={{
                      pt: '16px !important',
                      fontWeight: '700 !important',
                      borderColor: 'text.secondary',
                    }}
                  >
                    {stageTitles[group.stage]}
                  </Box>
                </tr>
                {group.gates.map(gate => (
                  <tr key={gate.id}>
                    <th scope="row">
                      {gate.title}
                      {!gate.blocking && <Sub>only warns</Sub>}
                    </th>
                    {versions.map(column => (
                      <Cell
                        key={column.version}
                        gate={gate}
                        version={column.version}
                        verdict={verdictOf(column, gate.id)}
                        picked={
                          picked?.gate === gate.id &&
                          picked.version === column.version
                        }
                        onPick={onPick}
                      />
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
      <Legend
        showsRevoked={versions.some(each => each.verdicts.some(restsOnRevoked))}
      />
    </>
  );
}

function whereabouts(column: GateMatrixData['versions'][number]): string {
  if (column.servingIn.length > 0) {
    return column.servingIn.join(', ');
  }
  return column.preview ? 'as it stands' : 'promotion';
}

function Cell(props: {
  gate: GateDefinition;
  version: string;
  verdict: GateVerdict | undefined;
  picked: boolean;
  onPick: (cell: PickedCell) => void;
}) {
  const { gate, version, verdict, picked, onPick } = props;
  const tones = useTones();
  if (!verdict) {
    return (
      <td>
        <span aria-hidden>·</span>
        <Box component="span" sx={visuallyHiddenSx}>
          Not reached
        </Box>
      </td>
    );
  }
  const { label: word, tone: plainTone } = verdicts[verdict.verdict];
  const isRevoked = restsOnRevoked(verdict);
  const label = isRevoked ? `${word} on revoked evidence` : word;
  const tone = isRevoked ? 'failed' : plainTone;
  return (
    <td>
      <Box
        component="button"
        type="button"
        aria-pressed={picked}
        aria-label={`${label}: ${gate.title}, ${version}`}
        title={label}
        onClick={() => onPick({ gate: gate.id, version })}
        sx={{
          display: 'inline-grid',
          placeItems: 'center',
          width: 36,
          height: 26,
          p: 0,
          border: 0,
          borderRadius: '4px',
          cursor: 'pointer',
          color: 'inherit',
          bgcolor:
            verdict.verdict === 'passed' && !isRevoked
              ? 'transparent'
              : tones[tone].surface,
          ...(isRevoked && struckSx(tones.failed.text)),
          outline: picked ? '2px solid' : 'none',
          outlineColor: 'text.primary',
          '&:hover': { bgcolor: tones[tone].surface },
          '&:focus-visible': { outline: '2px solid', outlineOffset: 1 },
        }}
      >
        <VerdictIcon verdict={verdict.verdict} decorative />
      </Box>
    </td>
  );
}

/** Strikes through a verdict that does not hold any more. */
function struckSx(color: string) {
  return {
    position: 'relative',
    '&::after': {
      content: '""',
      position: 'absolute',
      left: 4,
      right: 4,
      top: '50%',
      borderTop: `2px solid ${color}`,
      transform: 'rotate(-20deg)',
    },
  };
}

function Legend(props: { showsRevoked: boolean }) {
  const { showsRevoked } = props;
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: '4px 16px',
        mt: 1.5,
        fontSize: 12,
        color: 'text.secondary',
      }}
    >
      <b>Lets through</b>
      <StateLabel verdict="passed" />
      <StateLabel verdict="warned" />
      <StateLabel verdict="waived" />
      <b>Blocks</b>
      <StateLabel verdict="failed" />
      <StateLabel verdict="no-evidence" />
      <StateLabel verdict="error" />
      <span>· not reached</span>
      {showsRevoked && <span>Struck through: its evidence was revoked</span>}
    </Box>
  );
}
