import { ServiceUnavailableError } from '@backstage/errors';
import { ModelRegistry } from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { BriefCache } from '../BriefCache';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { VersionsService } from '../versions/VersionsService';

/** How long somebody who looks at a page waits for a registry, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long an answer is given out before the registry is asked again, in milliseconds. */
const KEEP_MS = 30_000;

/** A version as its registry calls it. */
export interface VersionThere {
  /** Name of the registered model. */
  model: string;
  version: string;
  runId?: string;
  /** Id of the logged model that it was made from. */
  loggedModel?: string;
}

/** The registry that a version is in. */
export interface FoundRegistry {
  registry: ModelRegistry;
  of: VersionThere;
  /** The version among those of all registries. */
  key: string;
}

/** Asks a registry, unless it answered the same question (by `key`) within the last half minute. */
export type AskBriefly<T> = (
  registry: ModelRegistry,
  key: string,
  question: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** Asks registries of a version while somebody waits. */
export class AskedRegistry {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;

  constructor(
    context: EngineContext,
    services: { models: ModelsService; versions: VersionsService },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
  }

  /**
   * Where a version is that somebody may read; undefined when it is in no registry that is connected.
   * @throws NotFoundError, NotAllowedError
   */
  async find(
    principal: Principal,
    modelRef: string,
    versionName: string,
  ): Promise<FoundRegistry | undefined> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const told = await this.#versions.inRegistry(model, versionName);
    const { registry: named } = model;
    const registry = this.#context.registries.find(
      ({ type, id }) => type === named?.type && id === named.id,
    );
    if (!named || !registry || !told) {
      return undefined;
    }
    const of = { model: named.model, ...told };
    return { registry, of, key: JSON.stringify([named.type, named.id, of]) };
  }

  /**
   * What a registry answers.
   * @throws ServiceUnavailableError when it does not within 10 s, or answers nonsense.
   */
  async ask<T>(
    registry: ModelRegistry,
    question: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await question(signal);
    } catch (error) {
      throw new ServiceUnavailableError(
        signal.aborted
          ? `The registry ${registry.type}://${
              registry.id
            } did not answer within ${PATIENCE_MS / 1_000} s; try again later`
          : `The registry ${registry.type}://${
              registry.id
            } could not be asked: ${
              error instanceof Error ? error.message : String(error)
            }`,
      );
    }
  }

  /**
   * Asks as `ask` does, and gives answers out again for a short while.
   * @param most - answers that are kept at once
   */
  briefly<T>(most: number): AskBriefly<T> {
    const kept = new BriefCache<T>({
      keepMs: KEEP_MS,
      most,
      now: () => this.#context.work.now().getTime(),
    });
    return (registry, key, question) =>
      kept.get(key, () => this.ask(registry, question));
  }
}
