import { Handlers } from '../http/operations';
import { RegistriesService } from './RegistriesService';

/** Answers the operations on model registries. */
export function createRegistryHandlers(
  registries: RegistriesService,
): Pick<Handlers, 'listRegistries'> {
  return {
    listRegistries: async ({ principal }) => ({
      status: 200,
      body: { items: await registries.list(principal) },
    }),
  };
}
