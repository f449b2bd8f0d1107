import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { icons, SearchField } from '../components';
import { countPicked, ModelsQuery, ModelsSort, SORTS } from './modelsQuery';

/** What a {@link SearchAndSort} shows and says. */
export interface SearchAndSortProps {
  query: ModelsQuery;
  onSearch: (q: string) => void;
  onSort: (sort: ModelsSort) => void;
  filtersShown: boolean;
  onShowFilters: () => void;
}

/** The search field, the order, and on narrow screens the way to the facets. */
export function SearchAndSort(props: SearchAndSortProps) {
  const { query, onSearch, onSort, filtersShown, onShowFilters } = props;
  const picked = countPicked(query);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}>
      <SearchField
        value={query.q}
        onSearch={onSearch}
        label="Search models"
        placeholder="Search by name, owner, task"
        disabled={query.starred}
        sx={{ flex: '1 1 240px' }}
      />
      <TextField
        select
        label="Sort"
        size="small"
        value={query.sort}
        onChange={event => onSort(event.target.value as ModelsSort)}
        SelectProps={{ native: true }}
        InputLabelProps={{ shrink: true }}
        sx={{ '& select': { fontSize: 14, py: '7px' } }}
      >
        {SORTS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </TextField>
      <Button
        variant="outlined"
        color="inherit"
        startIcon={<icons.FiltersIcon />}
        aria-expanded={filtersShown}
        onClick={onShowFilters}
        sx={{ display: { lg: 'none' }, textTransform: 'none' }}
      >
        Filters{picked > 0 && ` (${picked})`}
      </Button>
    </Box>
  );
}
