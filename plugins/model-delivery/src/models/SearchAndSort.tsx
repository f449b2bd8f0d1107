import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { Choice, ColumnChoice, icons, SearchField } from '../components';
import { MODEL_COLUMNS } from './modelColumns';
import { Density, ModelsLayout, USUAL_LAYOUT } from './modelsLayout';
import { countPicked, ModelsQuery, ModelsSort, SORTS } from './modelsQuery';

const DENSITIES: { value: Density; label: string }[] = [
  { value: 'comfortable', label: 'Comfortable' },
  { value: 'compact', label: 'Compact' },
];

/** What a {@link SearchAndSort} shows and says. */
export interface SearchAndSortProps {
  query: ModelsQuery;
  onSearch: (q: string) => void;
  onSort: (sort: ModelsSort) => void;
  filtersShown: boolean;
  onShowFilters: () => void;
  layout: ModelsLayout;
  onLayout: (layout: ModelsLayout) => void;
  /** Whether models are being chosen to be compared. */
  isComparing: boolean;
  onCompare: () => void;
}

/** The search field, the order, the columns and density, the choice of models to compare, and on narrow screens the way to the facets. */
export function SearchAndSort(props: SearchAndSortProps) {
  const { query, onSearch, onSort, filtersShown, onShowFilters } = props;
  const { layout, onLayout, isComparing, onCompare } = props;
  const [choosing, setChoosing] = useState(false);
  const picked = countPicked(query);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}>
      <SearchField
        value={query.q}
        onSearch={onSearch}
        label="Search models"
        placeholder="Search by name, owner, task, data set"
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
        aria-expanded={choosing}
        onClick={() => setChoosing(was => !was)}
        sx={{ textTransform: 'none' }}
      >
        Columns
      </Button>
      <Button
        variant="outlined"
        color="inherit"
        aria-pressed={isComparing}
        onClick={onCompare}
        sx={{ textTransform: 'none' }}
      >
        Compare
      </Button>
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
      {choosing && <LayoutChoice layout={layout} onLayout={onLayout} />}
    </Box>
  );
}

function LayoutChoice(props: Pick<SearchAndSortProps, 'layout' | 'onLayout'>) {
  const { layout, onLayout } = props;
  return (
    <Box
      role="group"
      aria-label="Columns and density"
      sx={{
        flex: '1 0 100%',
        display: 'grid',
        gap: 1,
        p: 1.5,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      <ColumnChoice
        columns={MODEL_COLUMNS}
        chosen={layout.columns}
        onChange={columns => onLayout({ ...layout, columns })}
      />
      <Box
        role="group"
        aria-label="Density"
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
      >
        {DENSITIES.map(({ value, label }) => (
          <Choice
            key={value}
            current={layout.density === value}
            onClick={() => onLayout({ ...layout, density: value })}
          >
            {label}
          </Choice>
        ))}
        <Button
          size="small"
          onClick={() => onLayout(USUAL_LAYOUT)}
          sx={{ textTransform: 'none' }}
        >
          As it was at first
        </Button>
      </Box>
    </Box>
  );
}
