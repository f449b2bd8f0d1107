import { Fragment } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type {
  Measurement,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Code,
  Digest,
  formatInterval,
  formatMeasurement,
  metricTitle,
  PersonName,
  readings,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
  VisuallyHidden,
} from '../../../components';
import { ComparedVersion } from './comparedVersion';
import {
  ComparedCell,
  ComparedGroup,
  ComparedRow,
  compareSideBySide,
} from './comparison';

/** What a {@link ComparisonTable} shows and says. */
export interface ComparisonTableProps {
  /** The first is what the others are read against. */
  versions: Version[];
  /** What each is called. */
  columns: ComparedVersion[];
  /** Whether the numbers of each can be compared with those of the first. */
  comparable: boolean[];
  /** Measurements of parts of the population, for each version. */
  slices: Measurement[][];
  onlyDifferent: boolean;
  /** Called with the key of a column. */
  onFirst: (key: string) => void;
  /** Called with the key of a column. */
  onRemove: (key: string) => void;
}

const DIGEST = /^(sha256:)?[0-9a-f]{40,64}$/;

/** A column per version, a line per metric and part; what is not as in the first version is marked. */
export function ComparisonTable(props: ComparisonTableProps) {
  const { versions, columns, slices, comparable } = props;
  const { onlyDifferent, onFirst, onRemove } = props;
  const groups = compareSideBySide(versions, { slices, comparable });
  return (
    <ScrollRegion label="Versions side by side">
      <Box
        component="table"
        sx={[
          tableSx,
          {
            minWidth: {
              xs: 110 + versions.length * 120,
              sm: 200 + versions.length * 170,
            },
            tableLayout: 'fixed',
            '& td': { overflowWrap: 'anywhere' },
            // What a line is about stays in sight
            '& tr > :first-of-type:not([colspan]):not(td)': {
              position: 'sticky',
              left: 0,
              zIndex: 1,
              bgcolor: 'background.paper',
            },
          },
        ]}
      >
        <thead>
          <tr>
            <Box
              component="th"
              scope="col"
              sx={{ width: { xs: 110, sm: 180 }, overflowWrap: 'anywhere' }}
            >
              Part or metric
            </Box>
            {versions.map((version, index) => (
              <Box
                component="th"
                scope="col"
                key={columns[index].key}
                sx={{
                  '&&': { whiteSpace: 'normal', overflowWrap: 'anywhere' },
                }}
              >
                {columns[index].label}
                <Sub>
                  made <Time at={version.createdAt} />
                </Sub>
                {index === 0 ? (
                  <Sub>the others are read against it</Sub>
                ) : (
                  <Button
                    size="small"
                    onClick={() => onFirst(columns[index].key)}
                    sx={{
                      textTransform: 'none',
                      p: 0,
                      minWidth: 0,
                      minHeight: 24,
                      mr: 1,
                    }}
                  >
                    Read against it
                  </Button>
                )}
                {versions.length > 2 && (
                  <Button
                    size="small"
                    onClick={() => onRemove(columns[index].key)}
                    sx={{
                      textTransform: 'none',
                      p: 0,
                      minWidth: 0,
                      minHeight: 24,
                    }}
                  >
                    Leave out
                    <VisuallyHidden> {columns[index].label}</VisuallyHidden>
                  </Button>
                )}
              </Box>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(group => (
            <Group
              key={group.title}
              group={group}
              columns={versions.length}
              onlyDifferent={onlyDifferent}
            />
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}

function Group(props: {
  group: ComparedGroup;
  columns: number;
  onlyDifferent: boolean;
}) {
  const { group, columns, onlyDifferent } = props;
  const rows = group.rows.filter(({ differs }) => differs || !onlyDifferent);
  const same = group.rows.length - rows.length;
  return (
    <Fragment>
      <tr>
        <Box
          component="th"
          scope="rowgroup"
          colSpan={columns + 1}
          sx={{ '&&': { pt: 2, fontSize: 12, color: 'text.secondary' } }}
        >
          {group.title}
          {same > 0 && ` (${same} the same)`}
        </Box>
      </tr>
      {rows.map(row => (
        <tr key={JSON.stringify([row.name, row.slice])}>
          <th scope="row">
            {group.kind === 'metrics' ? (
              <>
                {metricTitle(row.name)}
                {row.slice && (
                  <Sub>{`${row.slice.attribute}: ${row.slice.value}`}</Sub>
                )}
              </>
            ) : (
              <PersonName principal={row.name} />
            )}
          </th>
          {row.cells.map((cell, index) => (
            <Cell
              // Columns stay where they are
              key={index}
              cell={cell}
              name={row.name}
              beside={valuesOf(row)}
              changed={row.changed[index]}
            />
          ))}
        </tr>
      ))}
    </Fragment>
  );
}

/** What was measured, side by side. */
function valuesOf({ cells }: ComparedRow): number[] {
  return cells.flatMap(cell =>
    cell?.kind === 'metric' ? [cell.measurement.value] : [],
  );
}

function Cell(props: {
  cell: ComparedCell;
  name: string;
  beside: number[];
  changed: boolean;
}) {
  const { cell, name, beside, changed } = props;
  return (
    <Box
      component="td"
      sx={changed ? { bgcolor: 'action.hover' } : undefined}
      data-changed={changed || undefined}
    >
      {changed && (
        <>
          <span aria-hidden>≠ </span>
          <VisuallyHidden>Differs: </VisuallyHidden>
        </>
      )}
      <Value cell={cell} name={name} beside={beside} />
    </Box>
  );
}

function Value(props: { cell: ComparedCell; name: string; beside: number[] }) {
  const { cell, name, beside } = props;
  if (cell === null) {
    return <Sub sx={{ display: 'inline' }}>None</Sub>;
  }
  if (cell.kind === 'metric') {
    return (
      <>
        {formatMeasurement(cell.measurement, beside)}
        <Sub>{formatInterval(cell.measurement) ?? 'no interval'}</Sub>
        {cell.reading && (
          <>
            <StateLabel appearance={readings[cell.reading]} />
            <Sub>{cell.words}</Sub>
          </>
        )}
      </>
    );
  }
  if (DIGEST.test(cell.text)) {
    return (
      <Digest
        value={cell.text}
        {...(cell.text.startsWith('sha256:')
          ? { of: `digest of ${name}` }
          : { commit: true })}
      />
    );
  }
  return (
    <>
      {cell.text.includes(':default/') ? (
        <PersonName principal={cell.text} />
      ) : (
        <Code>{cell.text}</Code>
      )}
      {cell.digest && cell.digest !== cell.text && (
        <Sub>
          <Digest value={cell.digest} of={`digest of ${name}`} />
        </Sub>
      )}
    </>
  );
}
