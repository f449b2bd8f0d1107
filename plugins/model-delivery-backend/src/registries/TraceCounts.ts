import { TraceCount } from '@slipway/backstage-plugin-model-delivery-common';
import { RegistryTraces } from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { BriefCache } from '../BriefCache';
import { AskedRegistry } from './AskedRegistry';
import { checkTraces } from './registryChanges';

/** How long a count is given out before it is made again, in milliseconds. */
const KEEP_MS = 30_000;
const MOST_KEPT = 1_000;

/** Tells how many traces versions left while they were used, as their registries count them now. */
export class TraceCounts {
  readonly #asked: AskedRegistry;
  readonly #kept: BriefCache<RegistryTraces | undefined>;

  constructor(asked: AskedRegistry, now: () => Date) {
    this.#asked = asked;
    this.#kept = new BriefCache({
      keepMs: KEEP_MS,
      most: MOST_KEPT,
      now: () => now().getTime(),
    });
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
    const traces = await this.#kept.get(key, () =>
      this.#asked.ask(registry, async signal =>
        checkTraces(
          await registry.readTraces?.({ model, version, loggedModel, signal }),
        ),
      ),
    );
    return traces
      ? { state: 'read', ...traces }
      : { state: 'not-kept', count: null };
  }
}
