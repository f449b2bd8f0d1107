/**
 * The list as a table that turns into cards where its container is narrow. Rows outside the window are not laid out, so that
 * ten thousand of them scroll as smoothly as ten; that needs them to be grids, hence roles in place of table elements.
 */
export const modelsTableSx = {
  fontSize: 13,
  lineHeight: '18px',
  fontVariantNumeric: 'tabular-nums',
  '& .row': {
    display: 'grid',
    gridTemplateColumns:
      '24px minmax(0, 2.25fr) minmax(0, 1.1fr) minmax(0, 1fr) minmax(0, 1.15fr) minmax(0, 1.2fr) minmax(0, 1.2fr) 78px 84px',
    gap: '0 10px',
    p: '8px 0',
    borderBottom: '1px solid',
    borderColor: 'divider',
  },
  '& .row > *': { minWidth: 0 },
  '& .head': { borderColor: 'text.secondary', p: '6px 0', fontSize: 12 },
  '& .head > *': { fontWeight: 700 },
  '& .body .row': {
    minHeight: 54,
  },
  '& .many .row': {
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 54px',
  },
  '& .body .row:hover': { bgcolor: 'action.hover' },
  '& .row > .num': { textAlign: 'right' },
  '& .name, & .owner': { overflowWrap: 'anywhere' },
  '& .name a': { fontWeight: 700 },
  '& .cardLabel': { display: 'none' },
  '@container (max-width: 899px)': {
    '& .row': {
      gridTemplateColumns:
        '24px minmax(0, 1.8fr) minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.15fr) minmax(0, 1.2fr) minmax(0, 1.2fr)',
    },
    '& .wide': { display: 'none' },
  },
  '@container (max-width: 659px)': {
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
      position: 'relative',
    },
    '& .many .row': { containIntrinsicSize: 'auto 150px' },
    '& .star': { position: 'absolute', right: 0, top: 8 },
    '& .name': { gridColumn: '1 / -1', pr: '36px !important' },
    '& .cardLabel': {
      display: 'block',
      fontSize: 11,
      lineHeight: '16px',
      color: 'text.secondary',
    },
  },
} as const;
