import Box from '@mui/material/Box';
import type { Risk } from '@slipway/backstage-plugin-model-delivery-common';

const words: Record<Risk, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
};
const filledBars: Record<Risk, number> = { low: 1, medium: 2, high: 3 };

/** Risk is no state: three bars and a word, without colour. */
export function RiskBars(props: { risk: Risk }) {
  const { risk } = props;
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'flex-end',
        gap: '6px',
        verticalAlign: 'top',
        whiteSpace: 'nowrap',
        fontSize: 13,
        lineHeight: '18px',
        fontWeight: risk === 'high' ? 700 : 400,
      }}
    >
      <Box
        component="span"
        aria-hidden
        sx={{
          display: 'inline-flex',
          alignItems: 'flex-end',
          gap: '2px',
          height: 15,
          pb: '3px',
        }}
      >
        {[5, 8, 11].map((height, index) => (
          <Box
            key={height}
            component="span"
            sx={{
              width: 3,
              height,
              borderRadius: '1px',
              bgcolor:
                index < filledBars[risk] ? 'text.primary' : 'action.disabled',
            }}
          />
        ))}
      </Box>
      {words[risk]}
    </Box>
  );
}
