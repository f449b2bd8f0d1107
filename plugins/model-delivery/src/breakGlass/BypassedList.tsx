import Box from '@mui/material/Box';
import type { Bypassed } from '@slipway/backstage-plugin-model-delivery-common';
import { Sub } from '../components';

const kindWords: Record<Bypassed['kind'], string> = {
  approval: 'Approval',
  gate: 'Gate',
  environment: 'Environment before',
  soak: 'Soak',
  'freeze-window': 'Freeze window',
  bundle: 'Bundle',
  rollout: 'Stepwise rollout',
};

/** Everything that an emergency goes past, by name. */
export function BypassedList(props: { bypassed: Bypassed[]; label: string }) {
  const { bypassed, label } = props;
  if (bypassed.length === 0) {
    return (
      <Sub>Nothing: its gates, approvals and rollout would not hold it.</Sub>
    );
  }
  return (
    <Box
      component="ul"
      aria-label={label}
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gap: '2px',
        fontSize: 13,
        lineHeight: '18px',
      }}
    >
      {bypassed.map(({ kind, name, title }) => (
        <Box
          component="li"
          key={`${kind} ${name}`}
          sx={{
            display: 'grid',
            gridTemplateColumns: {
              xs: 'minmax(0, 1fr)',
              sm: '132px minmax(0, 1fr)',
            },
            columnGap: 1.5,
          }}
        >
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {kindWords[kind]}
          </Box>
          <Box component="span" sx={{ overflowWrap: 'anywhere' }}>
            {title}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
