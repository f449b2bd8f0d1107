import { Handlers } from '../http/operations';
import { RegistriesService } from './RegistriesService';
import { RegistrySync } from './RegistrySync';

/** Answers the operations on model registries. */
export function createRegistryHandlers(
  registries: RegistriesService,
  sync: RegistrySync,
): Pick<Handlers, 'listRegistries' | 'refreshRegistry'> {
  return {
    listRegistries: async ({ principal }) => ({
      status: 200,
      body: await registries.list(principal),
    }),
    refreshRegistry: async ({ path, principal }) => {
      await registries.refresh(principal, path, sync);
      return { status: 202, body: await registries.list(principal) };
    },
  };
}
