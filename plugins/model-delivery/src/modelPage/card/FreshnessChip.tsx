import Box from '@mui/material/Box';
import type { CardFreshness } from '@slipway/backstage-plugin-model-delivery-common';
import { useTones } from '../../components';
import { freshnessText } from './freshness';

/** How old the card is and what the policy asks for. */
export function FreshnessChip(props: { freshness: CardFreshness }) {
  const { text, tone } = freshnessText(props.freshness);
  const colors = useTones()[tone];
  return (
    <Box
      component="span"
      sx={{
        px: 1,
        borderRadius: '10px',
        fontSize: 12,
        lineHeight: '20px',
        color: colors.text,
        bgcolor: colors.surface,
      }}
    >
      {text}
    </Box>
  );
}
