import Box from '@mui/material/Box';
import { appearanceOf, StateLabelSubject } from './StateLabel';
import { useTones } from './tones';

/** A state as an icon alone, with its word for those who do not see it and on hover. For matrices and dense lists. */
export function VerdictIcon(
  props: StateLabelSubject & {
    /** In pixels, 16 unless given. */
    size?: number;
    /** Leaves the word to the element around it. */
    decorative?: boolean;
  },
) {
  const { size = 16, decorative } = props;
  const { label, tone, icon: Icon } = appearanceOf(props);
  const colors = useTones()[tone];
  return (
    <Box
      component="span"
      role={decorative ? undefined : 'img'}
      aria-label={decorative ? undefined : label}
      aria-hidden={decorative || undefined}
      title={decorative ? undefined : label}
      sx={{ display: 'inline-flex', color: colors.text, fontSize: size }}
    >
      <Icon sx={{ fontSize: 'inherit' }} />
    </Box>
  );
}
