import { parseEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import {
  ModelPage,
  modelReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ModelResource } from '../access/modelRules';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { OperationRequest } from '../http/operations';
import { CardLimit, sweepCardStates } from './cardState';
import { KeptCounts } from './KeptCounts';
import { listModels } from './listModels';
import { toCatalogColumns } from './modelProjection';
import { ModelRecord, toModelRecord, toModelResource } from './ModelRecord';
import {
  findLastChange,
  findModel,
  findModels,
  saveFromCatalog,
} from './modelStore';
import { refreshModelStatus } from './refreshModelStatus';

type ModelPermission = Parameters<
  EngineContext['authorizer']['requireOnModel']
>[1];

/** Knows the models of the catalog, and where the delivery of each stands. */
export class ModelsService {
  readonly #context: EngineContext;
  readonly #counts: KeptCounts;
  readonly #cardLimits: () => CardLimit[];

  /** @param cardLimits - how old cards may be by the policies in force now, for every risk and size of team */
  constructor(context: EngineContext, cardLimits: () => CardLimit[]) {
    this.#context = context;
    this.#cardLimits = cardLimits;
    this.#counts = new KeptCounts({
      lastChange: () => findLastChange(context.work.knex),
      now: () => context.work.now(),
    });
  }

  /**
   * The model of that entity ref; asks the catalog when it is not known yet. Never call it within a transaction.
   * @throws NotFoundError when the catalog has no such model.
   */
  async require(ref: string): Promise<ModelRecord> {
    const key = ref.toLocaleLowerCase('en-US');
    const { work, catalog, auth } = this.#context;
    const known = await findModel(work.knex, key);
    if (known && known.removed_at === null) {
      return toModelRecord(known);
    }
    const entity =
      parseEntityRef(key).kind === 'model'
        ? await catalog.getEntityByRef(key, {
            credentials: await auth.getOwnServiceCredentials(),
          })
        : undefined;
    if (!entity) {
      throw new NotFoundError(`There is no model ${key} in the catalog`);
    }
    const row = await work.run(async tx => {
      await saveFromCatalog(tx, [toCatalogColumns(entity)], tx.now);
      return findModel(tx.knex, key);
    });
    return toModelRecord(row!);
  }

  /**
   * The model, if the caller may do this to it.
   * @throws NotFoundError, NotAllowedError
   */
  async requireFor(
    principal: Principal,
    permission: ModelPermission,
    ref: string,
  ): Promise<ModelRecord> {
    const model = await this.require(ref);
    await this.#context.authorizer.requireOnModel(
      principal,
      permission,
      toModelResource(model),
    );
    return model;
  }

  /**
   * The model, if the caller may see it.
   * @throws NotFoundError, NotAllowedError
   */
  async requireReadable(
    principal: Principal,
    ref: string,
  ): Promise<ModelRecord> {
    return this.requireFor(principal, modelReadPermission, ref);
  }

  /**
   * One page of the models that the caller may see.
   * @throws InputError for a cursor of another list; NotAllowedError when the caller may see none.
   */
  async list(
    principal: Principal,
    query: OperationRequest<'listModels'>['query'],
  ): Promise<ModelPage> {
    const { work, authorizer } = this.#context;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    return listModels(work.knex, visible, query, {
      now: work.now(),
      registries: this.#context.registries,
      registryIntervalMs: this.#context.config.registryIntervalMs,
      counts: this.#counts,
    });
  }

  /** What permission rules look at, for the models behind the refs; undefined for those that are not known. */
  async getResources(refs: string[]): Promise<(ModelResource | undefined)[]> {
    const rows = await findModels(
      this.#context.work.knex,
      refs.map(ref => ref.toLocaleLowerCase('en-US')),
    );
    const byRef = new Map(rows.map(row => [row.ref, row]));
    return refs.map(ref => {
      const row = byRef.get(ref.toLocaleLowerCase('en-US'));
      return row && toModelResource(row);
    });
  }

  /**
   * Works out anew where the model's delivery stands, and tells open pages. Call it at the end of each transaction that
   * changed a promotion, deployment, incident or version of it: it takes the lock of the model's row.
   */
  async refreshStatus(tx: Transaction, ref: string): Promise<void> {
    const limits = this.#cardLimits();
    await refreshModelStatus(
      tx.knex,
      ref,
      tx.now,
      ({ risk, teamSize }) =>
        limits.find(each => each.risk === risk && each.teamSize === teamSize)
          ?.days ?? null,
    );
    tx.publish({ topic: 'signal.model', payload: { model: ref } });
  }

  /** Marks the cards that became too old, or that policies judge otherwise by now. Call it now and then. */
  async ageCards(): Promise<void> {
    const { work } = this.#context;
    await sweepCardStates(work.knex, this.#cardLimits(), work.now());
  }
}
