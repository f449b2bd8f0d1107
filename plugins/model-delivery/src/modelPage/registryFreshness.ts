import type { RegistryStatus } from '@slipway/backstage-plugin-model-delivery-common';
import { icons, StateAppearance } from '../components';

/** How fresh what was read from a registry is. */
export function registryFreshness(registry: RegistryStatus): StateAppearance {
  if (registry.error) {
    return { label: 'Not reached', tone: 'error', icon: icons.ErrorIcon };
  }
  if (registry.stale) {
    return { label: 'Stale', tone: 'warned', icon: icons.StaleIcon };
  }
  return { label: 'Fresh', tone: 'ok', icon: icons.PassedIcon };
}
