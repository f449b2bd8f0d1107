import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  evidenceRevokePermission,
  Revocation,
  RevocationPreview,
  RevocationRequest,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { isUniqueViolation, StaleStateError } from '../database/values';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson } from '../people/requireRole';
import { productionOf } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { changeModel } from '../promotions/changeModel';
import { VersionRecord } from '../versions/VersionRecord';
import { VersionsService } from '../versions/VersionsService';
import { WaiverUpkeep } from '../waivers/WaiverUpkeep';
import { findConcerned, stopPromotions } from './applyRevocation';
import { findResting, Resting, toEffects } from './findEffects';
import { notifyRevoked, recipientsOf } from './notifications';
import {
  insertRevocation,
  JoinedRevocationRow,
  metricNames,
  selectRevocations,
  toMark,
  toRevocation,
} from './revocationStore';
import { recordRevoked } from './recordRevoked';
import { Enforcement, EvaluationName } from './types';
import { effectsText } from './words';

/** What is revoked and why. */
type Asked = RevocationRequest & { because?: Enforcement };

/** An evaluation in question. */
interface Found {
  model: ModelRecord;
  version: VersionRecord;
  evaluation: EvaluationRow;
  name: EvaluationName;
}

/** Withdraws evidence that was found wrong, and stops or marks what rests on it. */
export class RevocationsService {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #waivers: WaiverUpkeep;

  constructor(options: {
    context: Pick<EngineContext, 'work'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    waivers: WaiverUpkeep;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#waivers = options.waivers;
  }

  /** What rests on an evaluation now. */
  async preview(
    principal: Principal,
    modelRef: string,
    asked: { version: string; evaluation: string },
  ): Promise<RevocationPreview> {
    const { knex } = this.#context.work;
    const model = await this.#models.requireReadable(principal, modelRef);
    const { version, evaluation, name } = await this.#find(model, asked);
    const row = await findByEvaluation(knex, evaluation.id);
    return {
      version: version.name,
      evaluation: evaluation.external_id,
      fact: evaluation.fact,
      metrics: metricNames(evaluation),
      effects: toEffects(await findResting(knex, model.ref, name)),
      revocation: row ? toMark(row) : null,
    };
  }

  /** One page of a model's revocations, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    page: PageRequest,
  ): Promise<Page<Revocation>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows = await selectRevocations(this.#context.work.knex)
      .where('revocations.model_ref', model.ref)
      .modify(query => {
        if (page.cursor) {
          const [id] = decodeCursor(page.cursor, 'number');
          query.where('revocations.id', '<', id);
        }
      })
      .orderBy('revocations.id', 'desc')
      .limit(page.limit + 1);
    return toPage(rows, page.limit, row => [row.id], toRevocation);
  }

  /**
   * Withdraws an evaluation. Nothing is deleted but the measurements that gates would read: they are `no-evidence` until
   * somebody measures anew, whatever had been measured before.
   * @returns it, and whether it is new: the same key, or the same reason by the same person, gives the same
   * @throws ConflictError when somebody revoked it before; NotFoundError, NotAllowedError
   */
  async revoke(
    principal: Principal,
    modelRef: string,
    body: RevocationRequest,
  ): Promise<{ revocation: Revocation; isNew: boolean }> {
    const model = await this.#models.requireFor(
      principal,
      evidenceRevokePermission,
      modelRef,
    );
    requirePerson(principal, 'revoke evidence');
    return this.#revoke(principal.ref, model, body);
  }

  /**
   * Withdraws an evaluation since a policy says so, in the name of a person who needs no permission on the model for it.
   * Nobody is told: whoever enforces tells in one of all that the fault revoked, and the row has whom that concerns.
   * @throws ConflictError when somebody revoked it before; NotFoundError
   */
  async enforce(
    by: string,
    modelRef: string,
    body: RevocationRequest & { because: Enforcement },
  ): Promise<void> {
    await this.#revoke(by, await this.#models.require(modelRef), body);
  }

  async #revoke(
    by: string,
    model: ModelRecord,
    body: Asked,
  ): Promise<{ revocation: Revocation; isNew: boolean }> {
    const { work } = this.#context;
    const found = await this.#find(model, body);
    const repeated = await this.#repeated(by, found, body);
    if (repeated) {
      return { revocation: toRevocation(repeated), isNew: false };
    }
    try {
      const row = await changeModel(
        { work, models: this.#models },
        model.ref,
        tx => this.#withdraw(tx, by, found, body),
      );
      await this.#afterwards(found, row);
      return { revocation: toRevocation(row), isNew: true };
    } catch (error) {
      // Two at once: whoever came second learns of the first
      const winner = await this.#repeated(by, found, body);
      if (winner) {
        return { revocation: toRevocation(winner), isNew: false };
      }
      throw isUniqueViolation(error)
        ? new ConflictError(
            `The idempotency key '${body.idempotencyKey}' was used for another revocation`,
          )
        : error;
    }
  }

  async #withdraw(
    tx: Parameters<Parameters<EngineContext['work']['run']>[0]>[0],
    by: string,
    { model, version, evaluation, name }: Found,
    body: Asked,
  ): Promise<JoinedRevocationRow> {
    // Reports of this version and other revocations wait here, so that no measurement slips in between.
    await tx
      .knex('versions')
      .where({ id: version.id })
      .forNoKeyUpdate()
      .first('id');
    const reason = body.reason.trim();
    const why = whyOf(evaluation.external_id, reason);
    const resting = await findResting(tx.knex, model.ref, name);
    const people = await findConcerned(tx, resting);
    const effects = toEffects(resting);
    const { because } = body;
    const id = await insertRevocation(tx, {
      modelRef: model.ref,
      versionId: version.id,
      evaluationId: evaluation.id,
      reason,
      by,
      effects,
      idempotencyKey: body.idempotencyKey,
      fault: because?.fault,
      concerned: because && recipientsOf({ model, by, people }),
    });
    await tx
      .knex('measurements')
      .where({ evaluation_id: evaluation.id })
      .delete();
    await stopPromotions(tx, resting.promotions, {
      ...name,
      why,
    });
    const row = (await selectRevocations(tx.knex)
      .where('revocations.id', id)
      .first())!;
    recordRevoked(tx, {
      model,
      version,
      evaluation,
      revocation: id,
      by,
      reason,
      effects,
      because,
    });
    if (!because) {
      notifyRevoked(tx, {
        model,
        row,
        recipients: recipientsOf({ model, by, people }),
        verdict: this.#verdictOf(model, evaluation, resting),
        effects: effectsText(effects),
      });
    }
    return row;
  }

  /**
   * A promotion that was made in the very moment of the revocation may have read what was withdrawn: it is found by a
   * second look. Waivers of gates that are judged otherwise now end.
   */
  async #afterwards(found: Found, row: JoinedRevocationRow): Promise<void> {
    const { work } = this.#context;
    const { model, name } = found;
    const { promotions } = await findResting(work.knex, model.ref, name);
    const { effects } = toRevocation(row);
    const missed = promotions.filter(
      ({ record }) =>
        !effects.promotions.some(each => each.id === String(record.id)),
    );
    if (missed.length > 0) {
      await changeModel({ work, models: this.#models }, model.ref, async tx => {
        await stopPromotions(tx, missed, {
          ...name,
          why: whyOf(row.evaluation, row.reason),
        });
      });
    }
    await this.#waivers.sweep(found.version.id);
  }

  /** Where the evidence was read: the gate of an environment that asks for it. */
  #verdictOf(
    model: ModelRecord,
    evaluation: EvaluationRow,
    { promotions, deployments }: Resting,
  ): { environment: string; gate: string | undefined } {
    const policy = this.#policies.forModel(model);
    const named =
      promotions[0]?.record.environment ?? deployments[0]?.environment;
    const environment =
      policy.environments.find(each => each.name === named) ??
      productionOf(policy);
    const facts = metricNames(evaluation).map(
      each => `${evaluation.fact}.metrics.${each}`,
    );
    return {
      environment: environment.name,
      gate: policy.gates.find(
        gate =>
          environment.gates.includes(gate.id) &&
          gate.requires.some(each => facts.includes(each)),
      )?.id,
    };
  }

  async #find(
    model: ModelRecord,
    asked: { version: string; evaluation: string },
  ): Promise<Found> {
    const version = await this.#versions.require(model.ref, asked.version);
    const evaluation = await this.#context.work
      .knex<EvaluationRow>('evaluations')
      .where({ version_id: version.id, external_id: asked.evaluation })
      .first();
    if (!evaluation) {
      throw new NotFoundError(
        `Version ${version.name} of ${model.ref} has no evaluation ${asked.evaluation}`,
      );
    }
    return {
      model,
      version,
      evaluation,
      name: {
        versionId: version.id,
        versionDigest: version.digest,
        evaluation: evaluation.external_id,
      },
    };
  }

  /** @throws ConflictError when it was revoked otherwise, or the key was used for another evaluation. */
  async #repeated(
    by: string,
    { evaluation }: Found,
    body: RevocationRequest,
  ): Promise<JoinedRevocationRow | undefined> {
    const { knex } = this.#context.work;
    const row = await findByEvaluation(knex, evaluation.id);
    if (!row) {
      return undefined;
    }
    const isSame =
      row.revoked_by === by &&
      (row.reason === body.reason.trim() ||
        (row.idempotency_key !== null &&
          row.idempotency_key === body.idempotencyKey));
    if (!isSame) {
      throw new StaleStateError(
        `The evaluation ${row.evaluation} was revoked already by ${row.revoked_by}: ${row.reason}`,
        { revocation: toMark(row) },
      );
    }
    return row;
  }
}

async function findByEvaluation(
  knex: Knex,
  evaluationId: string,
): Promise<JoinedRevocationRow | undefined> {
  return selectRevocations(knex)
    .where('revocations.evaluation_id', evaluationId)
    .first();
}

/** Continues "it is evaluated again: …" and "paused, since …". */
function whyOf(evaluation: string, reason: string): string {
  return `the evaluation ${evaluation} was revoked: ${reason}`;
}
