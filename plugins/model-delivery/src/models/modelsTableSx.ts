import { ModelColumn } from './modelColumns';

const STAR = '24px';
const GAP = 10;
/** Least width and part of the model's own column. */
const NAME = { least: 150, part: 2.25 };
/** Columns that need more than this, in pixels, scroll sideways; fewer keep their headings in sight. */
const MOST_WITHOUT_SCROLLING = 880;

/**
 * The widths of the table's columns, as the variables that {@link modelsTableSx} reads: of all of them, and without those
 * that a table of middle width leaves out.
 */
export function columnWidths(columns: ModelColumn[]) {
  const of = (shown: Pick<ModelColumn, 'least' | 'part'>[]) =>
    [
      STAR,
      ...[NAME, ...shown].map(({ least, part }) =>
        part === 0 ? `${least}px` : `minmax(${least}px, ${part}fr)`,
      ),
    ].join(' ');
  const leastOf = (shown: ModelColumn[]) =>
    [NAME, ...shown].reduce((sum, { least }) => sum + least + GAP, 24);
  const middle = columns.filter(
    ({ className }) => !className?.includes('wide'),
  );
  return {
    '--columns': of(columns),
    '--columns-middle': of(middle),
    '--least': `${leastOf(columns)}px`,
    '--least-middle': `${leastOf(middle)}px`,
    ...(leastOf(columns) > MOST_WITHOUT_SCROLLING && {
      overflowX: 'auto',
      overflowY: 'hidden',
    }),
  } as const;
}

/**
 * The list as a table that turns into cards where its container is narrow. Its rows are placed one by one, since only those
 * that the window shows are there; that needs them to be grids, hence roles in place of table elements.
 */
export const modelsTableSx = {
  fontSize: 13,
  lineHeight: '18px',
  fontVariantNumeric: 'tabular-nums',
  '& [role="table"]': { minWidth: 'var(--least)' },
  '& .row': {
    display: 'grid',
    gridTemplateColumns: 'var(--columns)',
    gap: `0 ${GAP}px`,
    p: '8px 0',
    borderBottom: '1px solid',
    borderColor: 'divider',
    boxSizing: 'border-box',
  },
  '& .row > *': { minWidth: 0 },
  '& .heads': {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    bgcolor: 'background.paper',
  },
  '& .head': { borderColor: 'text.secondary', p: '6px 0', fontSize: 12 },
  '& .head > *': { fontWeight: 700 },
  '& .body': { position: 'relative' },
  '& .body .row': {
    position: 'absolute',
    top: 0,
    left: 0,
    width: '100%',
    minHeight: 54,
  },
  '& .body .row:hover': { bgcolor: 'action.hover' },
  '& .row > .num': { textAlign: 'right' },
  // Thousands of them pass by: nothing that is made anew for each
  '& .star button': {
    display: 'inline-flex',
    p: '4px',
    m: '-4px 0',
    border: 0,
    borderRadius: '50%',
    bgcolor: 'transparent',
    color: 'text.secondary',
    fontSize: 18,
    cursor: 'pointer',
    '&:hover': { bgcolor: 'action.hover' },
  },
  '& .star input': {
    width: 18,
    height: 18,
    m: '4px',
    cursor: 'pointer',
    '&[aria-disabled="true"]': { opacity: 0.4, cursor: 'not-allowed' },
  },
  '& .name, & .owner': { overflowWrap: 'anywhere' },
  '& .name a': { fontWeight: 700 },
  '& .coming': { gridColumn: '2 / -1' },
  '& .cardLabel': { display: 'none' },
  '@container (min-width: 660px)': {
    '&.compact .body .row': {
      alignItems: 'center',
      p: '3px 0',
      minHeight: 35,
    },
    '&.compact .body .row > *:not(.star)': {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    // What qualifies a fact is what a dense list leaves out
    '&.compact .body .sub': { display: 'none' },
    '&.compact .name .sub': { display: 'inline', ml: '6px' },
  },
  '@container (max-width: 899px)': {
    '& [role="table"]': { minWidth: 'var(--least-middle)' },
    '& .row': { gridTemplateColumns: 'var(--columns-middle)' },
    '& .wide': { display: 'none' },
  },
  '@container (max-width: 659px)': {
    '& [role="table"]': { minWidth: 0 },
    '& .head': {
      position: 'absolute',
      width: '1px',
      height: '1px',
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      p: 0,
    },
    '& .body .row': {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
      gap: '8px 12px',
      p: '12px 0',
    },
    '& .star': { position: 'absolute', right: 0, top: 12 },
    '& .name': { gridColumn: '1 / -1', pr: '36px !important' },
    '& .coming': { gridColumn: '1 / -1' },
    '& .cardLabel': {
      display: 'block',
      fontSize: 11,
      lineHeight: '16px',
      color: 'text.secondary',
    },
  },
} as const;
