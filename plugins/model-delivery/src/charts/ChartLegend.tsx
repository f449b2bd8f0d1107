import Box from '@mui/material/Box';

/** One sign of a chart and what it stands for. */
export interface LegendEntry {
  label: string;
  color: string;
  mark: 'line' | 'dashed' | 'dotted' | 'band' | 'block' | 'triangle';
  /** How a line is dashed, where it is not as `mark` says. */
  dash?: string;
  /** Of a block that is drawn lighter than its colour. */
  opacity?: number;
}

/** What the signs of a chart stand for, each drawn as it looks there. */
export function ChartLegend(props: { entries: LegendEntry[] }) {
  return (
    <Box
      component="ul"
      sx={{
        listStyle: 'none',
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 2,
        rowGap: 0.5,
        m: 0,
        mt: 0.5,
        p: 0,
        fontSize: 12,
        lineHeight: '16px',
        color: 'text.secondary',
      }}
    >
      {props.entries.map(entry => (
        <Box
          component="li"
          key={entry.label}
          sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}
        >
          <LegendMark entry={entry} />
          {entry.label}
        </Box>
      ))}
    </Box>
  );
}

function LegendMark(props: { entry: LegendEntry }) {
  const { color, mark, dash, opacity = 1 } = props.entry;
  switch (mark) {
    case 'block':
    case 'band':
      return (
        <svg width="12" height="10" aria-hidden="true">
          <rect
            width="12"
            height="10"
            fill={color}
            opacity={mark === 'band' ? 0.25 : opacity}
          />
        </svg>
      );
    case 'triangle':
      return (
        <svg width="10" height="10" aria-hidden="true">
          <path d="M0 10l5-9 5 9z" fill={color} />
        </svg>
      );
    default:
      return (
        <svg width="24" height="8" aria-hidden="true">
          <path
            d="M0 4H24"
            stroke={color}
            strokeWidth={mark === 'dotted' ? 1.5 : 2}
            strokeDasharray={
              dash ??
              { line: undefined, dashed: '5 3', dotted: '1.5 3.5' }[mark]
            }
          />
        </svg>
      );
  }
}
