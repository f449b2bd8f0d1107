/**
 * How tables look: dense, two-line rows, numbers at the right. For a plain `<table>`; cells with numbers have the class
 * `num`.
 */
export const tableSx = {
  borderCollapse: 'collapse',
  width: '100%',
  fontSize: 13,
  lineHeight: '18px',
  fontVariantNumeric: 'tabular-nums',
  '& th': {
    textAlign: 'left',
    fontWeight: 700,
  },
  '& thead th': {
    fontSize: 12,
    p: '6px 8px',
    borderBottom: '1px solid',
    borderColor: 'text.secondary',
    verticalAlign: 'bottom',
    whiteSpace: 'nowrap',
  },
  '& td, & tbody th': {
    p: 1,
    borderBottom: '1px solid',
    borderColor: 'divider',
    verticalAlign: 'top',
  },
  '& tbody tr:last-of-type > *': { borderBottom: 0 },
  // The first child, of whichever type
  '&& tr > :not(* + *)': { pl: 0 },
  '&& td:last-of-type, && thead th:last-of-type': { pr: 0 },
  '& .num': { textAlign: 'right', whiteSpace: 'nowrap' },
} as const;
