import { NotFoundError } from '@backstage/errors';
import {
  cardImportPermission,
  CardFreshness,
  CardTextStatus,
  ModelCard,
  ModelCardDiff,
  ModelCardView,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { findControl } from '../deployments/deploymentStore';
import { GatesService } from '../gates/GatesService';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { productionOf } from '../policies/environments';
import { Policies } from '../policies/types';
import { VersionRecord } from '../versions/VersionRecord';
import { VersionsService } from '../versions/VersionsService';
import { findLatestVersion } from '../versions/versionStore';
import { findCardImport } from './cardImportStore';
import {
  findCardDecisions,
  findCardDeployments,
  findCardMeasurements,
} from './cardSources';
import { CardTexts } from './CardTexts';
import { composeCard, CardSources } from './composeCard';
import { diffCards } from './diffCards';
import { findMissing } from './findMissing';
import { environmentAskingForAge, toFreshness } from './freshness';

/** A card, whose it is, and where its words come from. */
export interface ComposedCard {
  model: ModelRecord;
  version: VersionRecord | null;
  card: ModelCard;
  text: CardTextStatus;
}

/** Composes the cards of models from what is known and what their teams say. */
export class CardsService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: Pick<Policies, 'forModel'>;
  readonly #gates: GatesService;
  readonly #texts: CardTexts;

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      versions: VersionsService;
      policies: Pick<Policies, 'forModel'>;
      gates: GatesService;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
    this.#policies = services.policies;
    this.#gates = services.gates;
    this.#texts = new CardTexts(context);
  }

  /**
   * The card of a version, with what is missing in it and how fresh it is.
   * @throws NotFoundError, NotAllowedError
   */
  async view(
    principal: Principal,
    modelRef: string,
    versionName: string | undefined,
  ): Promise<ModelCardView> {
    const { model, version, card, text } = await this.compose(
      principal,
      modelRef,
      versionName,
    );
    return {
      card,
      ...findMissing(card),
      freshness: await this.#freshness(model, version),
      text,
      viewer: {
        mayImport:
          principal.isUser &&
          (await this.#context.authorizer.mayOnModel(
            principal,
            cardImportPermission,
            toModelResource(model),
          )),
      },
    };
  }

  /**
   * What the card of one version says otherwise than that of another.
   * @throws NotFoundError, NotAllowedError
   */
  async diff(
    principal: Principal,
    modelRef: string,
    names: { from: string; to: string },
  ): Promise<ModelCardDiff> {
    const from = await this.compose(principal, modelRef, names.from);
    const to = await this.compose(principal, modelRef, names.to);
    return { ...names, sections: diffCards(from.card, to.card) };
  }

  /**
   * The card of a version; of the one that serves in production, or else the last registered, when none is named.
   * @throws NotFoundError, NotAllowedError
   */
  async compose(
    principal: Principal,
    modelRef: string,
    versionName: string | undefined,
  ): Promise<ComposedCard> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const { auth, catalog } = this.#context;
    const entity = await catalog.getEntityByRef(model.ref, {
      // What a program may read of a model does not open the catalog to it
      credentials: principal.isUser
        ? principal.credentials
        : await auth.getOwnServiceCredentials(),
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no model ${model.ref} in the catalog, or you may not see it`,
      );
    }
    const version = await this.#version(model, versionName);
    const { status, completion } = await this.#texts.read(entity);
    const { knex } = this.#context.work;
    const imported =
      status.state === 'none' && version
        ? await findCardImport(knex, version.id)
        : undefined;
    const sources: CardSources = {
      model,
      entity,
      version,
      ...(version
        ? await findCardMeasurements(knex, version.id)
        : { measurements: [], unlisted: 0 }),
      decisions: version ? await findCardDecisions(knex, version.id) : [],
      deployments: version ? await findCardDeployments(knex, version.id) : [],
      completion: imported
        ? { content: imported.content, source: 'import' }
        : completion && { content: completion, source: 'text' },
    };
    return {
      model,
      version,
      card: composeCard(sources),
      text: imported
        ? { ...status, state: 'imported', importedBy: imported.importedBy }
        : status,
    };
  }

  async #version(
    model: ModelRecord,
    name: string | undefined,
  ): Promise<VersionRecord | null> {
    if (name !== undefined) {
      return this.#versions.require(model.ref, name);
    }
    const { knex } = this.#context.work;
    const production = productionOf(this.#policies.forModel(model));
    const serving = await findControl(knex, model.ref, production.name);
    return serving
      ? this.#versions.byId(knex, serving.versionId)
      : (await findLatestVersion(knex, model.ref)) ?? null;
  }

  async #freshness(
    model: ModelRecord,
    version: VersionRecord | null,
  ): Promise<CardFreshness> {
    const { work } = this.#context;
    const policy = this.#policies.forModel(model);
    const environment = environmentAskingForAge(policy);
    return toFreshness({
      facts: version ? await this.#versions.facts(work.knex, version.id) : [],
      policy,
      environment,
      outcomes:
        version && environment
          ? await this.#gates.judge(work.knex, {
              policy,
              environment,
              versionId: version.id,
              versionDigest: version.digest,
              production: await findControl(
                work.knex,
                model.ref,
                productionOf(policy).name,
              ),
              now: work.now(),
            })
          : [],
    });
  }
}
