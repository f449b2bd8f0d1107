import Box from '@mui/material/Box';

/** Says that a model is sample data, wherever it is shown. */
export function SampleChip() {
  return (
    <Box
      component="span"
      title="Invented data that the demo starts with"
      sx={{
        display: 'inline-block',
        px: '6px',
        borderRadius: '4px',
        border: 1,
        borderColor: 'divider',
        fontSize: 11,
        lineHeight: '16px',
        fontWeight: 400,
        color: 'text.secondary',
        whiteSpace: 'nowrap',
      }}
    >
      Sample
    </Box>
  );
}
