import Paper from '@mui/material/Paper';
import Box from '@mui/material/Box';

/** What lies under the pointer; the same numbers are in the chart's table. */
export function ChartTooltip(props: {
  title: string;
  lines: { title: string; value: string }[];
}) {
  return (
    <Paper
      elevation={3}
      sx={{ px: 1, py: 0.5, fontSize: 12, lineHeight: '16px' }}
    >
      <Box sx={{ fontWeight: 700 }}>{props.title}</Box>
      {props.lines.length === 0 && <div>No data</div>}
      {props.lines.map(line => (
        <Box
          key={line.title}
          sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}
        >
          <span>{line.title}</span>
          <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums' }}>
            {line.value}
          </Box>
        </Box>
      ))}
    </Paper>
  );
}
