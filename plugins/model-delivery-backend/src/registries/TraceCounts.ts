import { TraceCount } from '@slipway/backstage-plugin-model-delivery-common';
import { RegistryTraces } from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { AskBriefly, AskedRegistry } from './AskedRegistry';
import { checkTraces } from './registryChanges';

/** Counts kept at once. */
const MOST_KEPT = 1_000;

/** Tells how many traces versions left while they were used, as their registries count them now. */
export class TraceCounts {
  readonly #asked: AskedRegistry;
  readonly #ask: AskBriefly<RegistryTraces | undefined>;

  constructor(asked: AskedRegistry) {
    this.#asked = asked;
    this.#ask = asked.briefly(MOST_KEPT);
  }

  /**
   * The count, or why there is none.
   * @throws NotFoundError, NotAllowedError; ServiceUnavailableError when the registry does not answer, or nonsense.
   */
  async read(
    principal: Principal,
    modelRef: string,
    versionName: string,
  ): Promise<TraceCount> {
    const found = await this.#asked.find(principal, modelRef, versionName);
    if (!found) {
      return { state: 'not-in-registry', count: null };
    }
    const { registry, of, key } = found;
    const { model, version, loggedModel } = of;
    const traces = await this.#ask(registry, key, async signal =>
      checkTraces(
        await registry.readTraces?.({ model, version, loggedModel, signal }),
      ),
    );
    return traces
      ? { state: 'read', ...traces }
      : { state: 'not-kept', count: null };
  }
}
