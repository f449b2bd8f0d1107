import type { PolicyChange } from '@slipway/backstage-plugin-model-delivery-common';
import { icons, StateAppearance } from '../components';

/** How a difference between two policies is said and drawn. */
export const effects: Record<PolicyChange['effect'], StateAppearance> = {
  tightened: { label: 'Tightened', tone: 'running', icon: icons.LockIcon },
  loosened: { label: 'Loosened', tone: 'warned', icon: icons.WarnedIcon },
  changed: {
    label: 'Changed',
    tone: 'neutral',
    icon: icons.InconclusiveIcon,
  },
};

const ORDER: PolicyChange['effect'][] = ['tightened', 'loosened', 'changed'];

/** Differences counted in a sentence: `3 tightened, 1 loosened`. */
export function changesText(changes: PolicyChange[]): string {
  return (
    ORDER.flatMap(effect => {
      const count = changes.filter(each => each.effect === effect).length;
      return count > 0 ? [`${count} ${effect}`] : [];
    }).join(', ') || 'No difference'
  );
}

/** Differences by environment, what is about the whole policy first. */
export function byEnvironment(
  changes: PolicyChange[],
): [environment: string, changes: PolicyChange[]][] {
  const groups = new Map<string, PolicyChange[]>();
  changes.forEach(change => {
    const name = change.environment ?? 'The whole policy';
    groups.set(name, [...(groups.get(name) ?? []), change]);
  });
  return [...groups];
}
