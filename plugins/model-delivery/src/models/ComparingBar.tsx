import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { MOST_COMPARED } from '../modelPage/versions/versionsQuery';
import { comparisonQuery } from './comparison';
import type { Comparing } from './useComparing';

/** Fewer cannot be put side by side. */
const LEAST = 2;

/** What is chosen to be compared and the way there, in sight however far down one is. */
export function ComparingBar(props: { comparing: Comparing }) {
  const { chosen, refusal, stop } = props.comparing;
  const entityRoute = useRouteRef(entityRouteRef);
  if (!chosen) {
    return null;
  }
  const [first] = chosen;
  return (
    <Box
      role="region"
      aria-label="Compare models"
      sx={{
        position: 'sticky',
        // Above the portal's own bar on a phone
        bottom: { xs: 56, sm: 0 },
        zIndex: 2,
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1,
        mx: -2,
        px: 2,
        py: 1,
        bgcolor: 'background.paper',
        borderTop: 1,
        borderColor: 'divider',
      }}
    >
      <Box role="status" sx={{ flex: '1 1 240px', overflowWrap: 'anywhere' }}>
        {first ? (
          <>
            <b>{chosen.map(({ name }) => name).join(', ')}</b> for {first.task}.
          </>
        ) : (
          <>
            Choose {LEAST} to {MOST_COMPARED} models of one task.
          </>
        )}
        {refusal && (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {' '}
            Not taken: {refusal}.
          </Box>
        )}
      </Box>
      {first && chosen.length >= LEAST ? (
        <LinkButton
          to={`${entityRoute({
            kind: 'model',
            namespace: first.namespace,
            name: first.name,
          })}/versions?${comparisonQuery(chosen)}`}
          variant="contained"
          color="primary"
          size="small"
          style={{ textTransform: 'none' }}
        >
          Compare {chosen.length} models
        </LinkButton>
      ) : (
        <Button
          variant="contained"
          size="small"
          disabled
          sx={{ textTransform: 'none' }}
        >
          Compare
        </Button>
      )}
      <Button size="small" onClick={stop} sx={{ textTransform: 'none' }}>
        Cancel
      </Button>
    </Box>
  );
}
