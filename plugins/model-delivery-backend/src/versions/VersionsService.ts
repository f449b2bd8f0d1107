import { NotFoundError } from '@backstage/errors';
import {
  evidenceReportPermission,
  Version,
  VersionChanges,
  VersionRegistration,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Page } from '../database/paging';
import { Transaction } from '../database/UnitOfWork';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import {
  CheckedRegistration,
  checkRegistration,
  Registered,
  registerVersions,
} from './registerVersions';
import { findTexts } from './configurationTexts';
import { compareVersions } from './versionChanges';
import { FactMeasurement, NamedPerson, VersionRecord } from './VersionRecord';
import {
  findMeasurements,
  findSince,
  findVersion,
  findVersionById,
  findPredecessorInProduction,
  VersionsSince,
} from './versionStore';
import { listVersions, VersionsQuery } from './listVersions';
import { findRegistryRows, toVersionViews } from './VersionViews';

/** Whom new versions concern. */
export interface RegistrationListener {
  /** Called within the transaction that registered versions of the model. */
  versionsRegistered(
    tx: Transaction,
    model: ModelRecord,
    versions: VersionRecord[],
  ): Promise<void>;
}

/** Registers immutable versions and tells what they are made of and how they measured. */
export class VersionsService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #listeners: RegistrationListener[] = [];

  constructor(context: EngineContext, models: ModelsService) {
    this.#context = context;
    this.#models = models;
  }

  /** Has somebody told of each version that is registered from now on. */
  listen(listener: RegistrationListener): void {
    this.#listeners.push(listener);
  }

  /**
   * The version of that name.
   * @throws NotFoundError when the model has none.
   */
  async require(modelRef: string, name: string): Promise<VersionRecord> {
    const version = await findVersion(this.#context.work.knex, modelRef, name);
    if (!version) {
      throw new NotFoundError(
        `${modelRef} has no version ${name}; it may not be registered yet`,
      );
    }
    return version;
  }

  /**
   * The version of that id.
   * @throws NotFoundError when there is none.
   */
  async byId(knex: Knex, id: string): Promise<VersionRecord> {
    const version = await findVersionById(knex, id);
    if (!version) {
      throw new NotFoundError(`There is no version with the id ${id}`);
    }
    return version;
  }

  /** The latest measurement of each fact of a version, whole population: what gates read. */
  async facts(knex: Knex, versionId: string): Promise<FactMeasurement[]> {
    return (await findMeasurements(knex, [versionId])).get(versionId) ?? [];
  }

  /**
   * What lies between two versions in the order of registration: after the one (from the very first for null), up to
   * and with the other. From an equal or later one, as when an earlier version returns, it is the version alone.
   */
  async since(
    knex: Knex,
    fromVersionId: string | null,
    versionId: string,
  ): Promise<VersionsSince> {
    return findSince(knex, fromVersionId, versionId);
  }

  /** One page of a model's versions, sorted and narrowed as asked for. */
  async list(
    principal: Principal,
    modelRef: string,
    query: VersionsQuery & { limit: number },
  ): Promise<Page<Version>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const { knex } = this.#context.work;
    const page = await listVersions(knex, model.ref, query);
    return { ...page, items: await toVersionViews(knex, model, page.items) };
  }

  /**
   * What the version's registry calls it, as it was last read; undefined when it is in none.
   * @throws NotFoundError when the model has no such version.
   */
  async inRegistry(
    model: ModelRecord,
    name: string,
  ): Promise<
    { version: string; runId?: string; loggedModel?: string } | undefined
  > {
    const version = await this.require(model.ref, name);
    const rows = await findRegistryRows(this.#context.work.knex, model, [
      version,
    ]);
    const row = rows(version);
    if (!row) {
      return undefined;
    }
    const { runId, loggedModel } = JSON.parse(row.content);
    return { version: row.version, runId, loggedModel: loggedModel?.id };
  }

  /** The version as the API shows it. */
  async get(
    principal: Principal,
    modelRef: string,
    name: string,
  ): Promise<Version> {
    const model = await this.#models.requireReadable(principal, modelRef);
    return this.#view(model, await this.require(model.ref, name));
  }

  /**
   * Registers a version for a pipeline or person.
   * @throws InputError, ConflictError, NotFoundError, NotAllowedError
   */
  async register(
    principal: Principal,
    modelRef: string,
    registration: VersionRegistration,
  ): Promise<{ version: Version; created: boolean }> {
    const model = await this.#models.requireFor(
      principal,
      evidenceReportPermission,
      modelRef,
    );
    const [{ version, created }] = await this.registerAs(principal.ref, model, [
      registration,
    ]);
    return { version: await this.#view(model, version), created };
  }

  /**
   * Registers versions of one model in the name of `actor`, whose right to do so the caller has made sure of: all of them
   * or none.
   * @throws InputError, ConflictError
   */
  async registerAs(
    actor: string,
    model: ModelRecord,
    registrations: VersionRegistration[],
  ): Promise<Registered[]> {
    const checked = await this.#check(registrations);
    return this.#context.work.run(async tx => {
      const results = await registerVersions(tx, { actor, model, checked });
      const created = results
        .filter(each => each.created)
        .map(({ version }) => version);
      if (created.length > 0) {
        for (const listener of this.#listeners) {
          await listener.versionsRegistered(tx, model, created);
        }
        await this.#models.refreshStatus(tx, model.ref);
      }
      return results;
    });
  }

  /** What a version changes against another one, or against the one that serves in production. */
  async changes(
    principal: Principal,
    modelRef: string,
    name: string,
    against: string | undefined,
  ): Promise<VersionChanges> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const { knex } = this.#context.work;
    const to = await this.require(model.ref, name);
    const from = against
      ? await this.require(model.ref, against)
      : await findPredecessorInProduction(knex, model.ref, to.id);
    const facts = await findMeasurements(
      knex,
      from ? [from.id, to.id] : [to.id],
    );
    const { commits } = await findSince(knex, from?.id ?? null, to.id);
    return compareVersions(
      from ? { version: from, facts: facts.get(from.id) ?? [] } : null,
      { version: to, facts: facts.get(to.id) ?? [] },
      {
        commits: from?.id === to.id ? [] : commits,
        texts: await findTexts(
          knex,
          model.ref,
          [from, to].flatMap(each =>
            (each?.parts.configuration ?? []).map(({ digest }) => digest),
          ),
        ),
      },
    );
  }

  async #view(model: ModelRecord, version: VersionRecord): Promise<Version> {
    const views = await toVersionViews(this.#context.work.knex, model, [
      version,
    ]);
    return views[0];
  }

  async #check(
    registrations: VersionRegistration[],
  ): Promise<CheckedRegistration[]> {
    const digests = registrations.map(checkRegistration);
    const known = new Map<string, NamedPerson>();
    const resolve = async (given: string): Promise<NamedPerson> => {
      const person = known.get(given) ?? {
        given,
        ref: await this.#context.directory.resolvePerson(given),
      };
      known.set(given, person);
      return person;
    };
    const checked: CheckedRegistration[] = [];
    for (const [i, registration] of registrations.entries()) {
      const trainer = await resolve(registration.parts.trainedBy);
      const authors: NamedPerson[] = [];
      for (const given of new Set(
        registration.commits?.map(commit => commit.author),
      )) {
        authors.push(await resolve(given));
      }
      checked.push({
        registration,
        digest: digests[i],
        people: { authors, trainer },
      });
    }
    return checked;
  }
}
