import { Link } from 'react-router-dom';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { icons } from '../components';
import { formatModelsQuery, ModelsQuery, sameSelection } from './modelsQuery';
import type { SavedView } from './savedViews';
import type { View } from './useViews';

const chipSx = (current: boolean) =>
  ({
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
  } as const);

/** What {@link ViewChips} show. */
export interface ViewChipsProps {
  views: View[];
  saved: SavedView[];
  query: ModelsQuery;
  /** Called when a saved view is followed, besides its address. */
  onSaved: (view: SavedView) => void;
  /** Opens what saves and changes views. */
  onSave: () => void;
}

/** Views that are one click away, each an address of its own: everybody's, and those that the person saved. */
export function ViewChips(props: ViewChipsProps) {
  const { views, saved, query, onSaved, onSave } = props;
  const search = formatModelsQuery(query).toString();
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
            sx={chipSx(current)}
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
      {saved.map(view => (
        <Box
          key={view.id}
          component={Link}
          to={{ search: view.search }}
          onClick={() => onSaved(view)}
          aria-current={view.search === search ? 'page' : undefined}
          sx={{ ...chipSx(view.search === search), maxWidth: 260 }}
        >
          <Box
            component="span"
            sx={{
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              whiteSpace: 'nowrap',
            }}
          >
            {view.name}
          </Box>
        </Box>
      ))}
      <Button
        size="small"
        onClick={onSave}
        sx={{ textTransform: 'none', minHeight: { xs: 36, sm: 28 } }}
      >
        Save this view
      </Button>
    </Box>
  );
}
