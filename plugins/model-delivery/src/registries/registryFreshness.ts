import type {
  ModelSourceHealth,
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

const FIRST_READING: StateAppearance = {
  label: 'First reading',
  tone: 'running',
  icon: icons.RunningIcon,
};

/** The same for a connection of which more is known: what is being read for the first time is neither fresh nor stale. */
export function connectionState(registry: RegistryHealth): StateAppearance {
  return !registry.error && registry.lastSuccessAt === null
    ? FIRST_READING
    : registryFreshness(registry);
}

/** How fresh what was read of a source of models is. */
export function sourceState(source: ModelSourceHealth): StateAppearance {
  if (source.error) {
    return { label: 'Not read whole', tone: 'error', icon: icons.ErrorIcon };
  }
  return source.succeededAt === null
    ? FIRST_READING
    : registryFreshness(source);
}
