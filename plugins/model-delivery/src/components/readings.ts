import * as icons from './icons';
import type { Reading } from './measurements';
import type { StateAppearance } from './states';

/** How a comparison of two versions is said. */
export const readings: Record<Reading, StateAppearance> = {
  better: { label: 'Better', tone: 'ok', icon: icons.PassedIcon },
  worse: { label: 'Worse', tone: 'failed', icon: icons.FailedIcon },
  'no-difference': {
    label: 'No difference',
    tone: 'neutral',
    icon: icons.InconclusiveIcon,
  },
  'not-comparable': {
    label: 'Not comparable',
    tone: 'neutral',
    icon: icons.NoEvidenceIcon,
  },
};
