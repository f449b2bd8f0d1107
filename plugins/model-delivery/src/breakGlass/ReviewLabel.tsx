import type { BreakGlass } from '@slipway/backstage-plugin-model-delivery-common';
import { icons, StateLabel } from '../components';

const appearances = {
  due: {
    label: 'Review due',
    tone: 'warned',
    icon: icons.WarnedIcon,
  },
  overdue: {
    label: 'Review overdue',
    tone: 'failed',
    icon: icons.WarnedIcon,
  },
  reviewed: {
    label: 'Reviewed',
    tone: 'ok',
    icon: icons.PassedIcon,
  },
} as const;

/** How far the review of an emergency is. */
export function ReviewLabel(props: {
  breakGlass: { overdue: boolean; review?: BreakGlass['review'] };
  filled?: boolean;
}) {
  const { breakGlass, filled } = props;
  const { overdue, review } = breakGlass;
  const state = overdue ? 'overdue' : 'due';
  return (
    <StateLabel
      appearance={appearances[review ? 'reviewed' : state]}
      filled={filled}
    />
  );
}
