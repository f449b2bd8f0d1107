import type {
  RegistryHealth,
  RegistryStatus,
} from '@slipway/backstage-plugin-model-delivery-common';
import { icons, StateAppearance } from '../components';

const STALE: StateAppearance = {
  label: 'Stale',
  tone: 'warned',
  icon: icons.StaleIcon,
};

/** How fresh what was read from a registry is. */
export function registryFreshness(
  registry: Pick<RegistryStatus, 'error' | 'stale'>,
): StateAppearance {
  if (registry.error) {
    return { label: 'Not reached', tone: 'error', icon: icons.ErrorIcon };
  }
  return registry.stale
    ? STALE
    : { label: 'Fresh', tone: 'ok', icon: icons.PassedIcon };
}

/** The same for a connection of which more is known: what is being read for the first time is neither fresh nor stale. */
export function connectionState(registry: RegistryHealth): StateAppearance {
  return !registry.error && registry.lastSuccessAt === null
    ? { label: 'First reading', tone: 'running', icon: icons.RunningIcon }
    : registryFreshness(registry);
}
