import Box from '@mui/material/Box';
import { DeedNotice } from './DeedNotice';
import { PromotionActions } from './PromotionActions';
import { usePromotion } from './usePromotion';
import { usePromotionDeeds } from './usePromotionDeeds';

/** What this person may do with a promotion now, for a page that shows it among other things. */
export function ActOnPromotion(props: { id: string }) {
  const live = usePromotion(props.id);
  const deeds = usePromotionDeeds(live.data, live.reload);
  const promotion = live.data;
  // Without it the link to the promotion is left, which tells what is wrong
  if (!promotion) {
    return null;
  }
  return (
    <Box sx={{ display: 'grid', gap: 1, mt: 1.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <PromotionActions promotion={promotion} deeds={deeds} />
      </Box>
      <DeedNotice deeds={deeds} state={promotion.state} />
    </Box>
  );
}
