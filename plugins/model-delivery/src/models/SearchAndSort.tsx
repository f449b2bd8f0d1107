import { useEffect, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { icons } from '../components';
import { countPicked, ModelsQuery, ModelsSort, SORTS } from './modelsQuery';

const TYPING_MILLIS = 250;

/** What a {@link SearchAndSort} shows and says. */
export interface SearchAndSortProps {
  query: ModelsQuery;
  onSearch: (q: string) => void;
  onSort: (sort: ModelsSort) => void;
  filtersShown: boolean;
  onShowFilters: () => void;
}

/** The search field, reached by `/`, the order, and on narrow screens the way to the facets. */
export function SearchAndSort(props: SearchAndSortProps) {
  const { query, onSearch, onSort, filtersShown, onShowFilters } = props;
  const [text, setText] = useState(query.q);
  const input = useRef<HTMLInputElement>(null);
  const search = useRef(onSearch);
  search.current = onSearch;
  // The address changes by other ways than this field
  useEffect(() => setText(query.q), [query.q]);
  useEffect(() => {
    if (text === query.q) {
      return undefined;
    }
    const timer = window.setTimeout(() => search.current(text), TYPING_MILLIS);
    return () => window.clearTimeout(timer);
  }, [text, query.q]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing =
        target.isContentEditable ||
        ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const picked = countPicked(query);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}>
      <TextField
        inputRef={input}
        type="search"
        size="small"
        value={text}
        onChange={event => setText(event.target.value)}
        placeholder="Search by name, owner, task"
        inputProps={{ 'aria-label': 'Search models', maxLength: 200 }}
        InputProps={{
          startAdornment: (
            <InputAdornment position="start">
              <icons.SearchIcon />
            </InputAdornment>
          ),
        }}
        disabled={query.starred}
        sx={{ flex: '1 1 240px', '& input': { fontSize: 14, py: '7px' } }}
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
