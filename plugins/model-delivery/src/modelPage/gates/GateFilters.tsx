import Box from '@mui/material/Box';
import type { GateMatrix } from '@slipway/backstage-plugin-model-delivery-common';
import { Choice } from '../../components';
import { filterGates, GateFilter, servingColumn } from './matrix';

/** All gates, those that hold the newest version up, and those that changed since the version that serves. */
export function GateFilters(props: {
  matrix: GateMatrix;
  filter: GateFilter;
  onFilter: (filter: GateFilter) => void;
}) {
  const { matrix, filter, onFilter } = props;
  const serving = servingColumn(matrix);
  const options: { value: GateFilter; label: string }[] = [
    { value: 'all', label: 'All gates' },
    { value: 'blocking', label: `Blocking ${matrix.versions[0].version}` },
    ...(serving && serving !== matrix.versions[0]
      ? [
          {
            value: 'changed' as const,
            label: `Changed since ${serving.version}`,
          },
        ]
      : []),
  ];
  return (
    <Box
      role="group"
      aria-label="Which gates"
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
    >
      {options.map(({ value, label }) => {
        const current = value === filter;
        return (
          <Choice key={value} current={current} onClick={() => onFilter(value)}>
            {label}{' '}
            <Box
              component="span"
              sx={{ color: current ? 'inherit' : 'text.secondary', ml: '2px' }}
            >
              {filterGates(matrix, value).length}
            </Box>
          </Choice>
        );
      })}
    </Box>
  );
}
