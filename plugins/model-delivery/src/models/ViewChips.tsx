import { Link } from 'react-router-dom';
import Box from '@mui/material/Box';
import { icons } from '../components';
import { formatModelsQuery, ModelsQuery, sameSelection } from './modelsQuery';
import type { View } from './useViews';

/** Views that are one click away, each an address of its own. */
export function ViewChips(props: { views: View[]; query: ModelsQuery }) {
  const { views, query } = props;
  return (
    <Box
      component="nav"
      aria-label="Views"
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
    >
      {views.map(view => {
        const current = sameSelection(view.query, query);
        return (
          <Box
            key={view.id}
            component={Link}
            to={{ search: formatModelsQuery(view.query).toString() }}
            aria-current={current ? 'page' : undefined}
            sx={{
              display: 'inline-flex',
              alignItems: 'center',
              gap: '6px',
              height: { xs: 36, sm: 28 },
              px: '10px',
              borderRadius: '18px',
              border: '1px solid',
              borderColor: current ? 'text.primary' : 'divider',
              bgcolor: current ? 'text.primary' : 'background.paper',
              color: current ? 'background.paper' : 'text.primary',
              fontSize: 13,
              textDecoration: 'none',
              fontVariantNumeric: 'tabular-nums',
              '&:hover': { borderColor: 'text.primary' },
            }}
          >
            {view.id === 'starred' && <icons.StarIcon />}
            {view.label}{' '}
            {view.count !== undefined && (
              <Box
                component="span"
                sx={{ color: current ? 'inherit' : 'text.secondary' }}
              >
                {view.count.toLocaleString('en')}
              </Box>
            )}
          </Box>
        );
      })}
    </Box>
  );
}
