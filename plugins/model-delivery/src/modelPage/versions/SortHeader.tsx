import Box from '@mui/material/Box';
import ArrowDownwardIcon from '@mui/icons-material/ArrowDownward';
import ArrowUpwardIcon from '@mui/icons-material/ArrowUpward';
import { sortBy, VersionsQuery } from './versionsQuery';

/** What a {@link SortHeader} shows and says. */
export interface SortHeaderProps {
  title: string;
  /** What the list is sorted by when it is pressed. */
  sort: string;
  query: VersionsQuery;
  onSort: (query: VersionsQuery) => void;
  /** Of a column of numbers. */
  numeric?: boolean;
}

/** The head of a column by which the list can be sorted, either way. */
export function SortHeader(props: SortHeaderProps) {
  const { title, sort, query, onSort, numeric } = props;
  const current = query.sort === sort;
  const Arrow = query.order === 'asc' ? ArrowUpwardIcon : ArrowDownwardIcon;
  const ariaSort = query.order === 'asc' ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      className={numeric ? 'num' : undefined}
      aria-sort={current ? ariaSort : undefined}
    >
      <Box
        component="button"
        type="button"
        onClick={() => onSort(sortBy(query, sort))}
        sx={{
          all: 'unset',
          display: 'inline-flex',
          alignItems: 'center',
          gap: '2px',
          minHeight: 24,
          my: '-3px',
          cursor: 'pointer',
          '&:hover': { textDecoration: 'underline' },
          '&:focus-visible': { outline: '2px solid', outlineOffset: '2px' },
        }}
      >
        {title}
        {current && <Arrow aria-hidden sx={{ fontSize: 14 }} />}
      </Box>
    </th>
  );
}
