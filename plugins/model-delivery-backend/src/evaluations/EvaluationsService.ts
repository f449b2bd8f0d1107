import {
  Evaluation,
  EvaluationReport,
  evidenceReportPermission,
  RevocationMark,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { toDate } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { StandingFaults } from '../lineage/StandingFaults';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { digestOf } from '../policies/digest';
import { findRevocationsOf, toMark } from '../revocations/revocationStore';
import { VersionRecord } from '../versions/VersionRecord';
import { VersionsService } from '../versions/VersionsService';
import { EvaluationRow, toEvaluation } from './EvaluationRecord';
import { checkEvaluation, recordEvaluation } from './recordEvaluation';

/** Whom new evidence concerns. */
export interface EvidenceListener {
  /** Called within the transaction that recorded new evidence of the version. */
  evidenceChanged(tx: Transaction, versionId: string): Promise<void>;
}

/** Records what was measured of versions. */
export class EvaluationsService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #listener: EvidenceListener;
  readonly #faults: StandingFaults;

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      versions: VersionsService;
      promotions: EvidenceListener;
      faults: StandingFaults;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
    this.#listener = services.promotions;
    this.#faults = services.faults;
  }

  /**
   * Records an evaluation; open promotions of the version are evaluated again. It is revoked as it comes where it rests on
   * data that are said to be faulty and the policy revokes then.
   * @throws InputError, ConflictError, NotFoundError, NotAllowedError
   */
  async report(
    principal: Principal,
    modelRef: string,
    versionName: string,
    report: EvaluationReport,
  ): Promise<{ evaluation: Evaluation; created: boolean }> {
    const model = await this.#models.requireFor(
      principal,
      evidenceReportPermission,
      modelRef,
    );
    const version = await this.#versions.require(model.ref, versionName);
    checkEvaluation(report, this.#context.work.now());
    const digest = digestOf(report);
    const fault = await this.#faults.concerning(model, version, report.dataset);
    const { row, created } = await this.#context.work.run(async tx => {
      const result = await recordEvaluation(tx, {
        actor: principal.ref,
        model,
        version,
        report,
        digest,
        counts: fault === undefined,
      });
      if (result.created) {
        if (fault) {
          const evaluation = result.row;
          await this.#faults.revoke(tx, fault, { model, version, evaluation });
        }
        await this.#listener.evidenceChanged(tx, version.id);
        if (report.fact === 'card') {
          await this.#models.refreshStatus(tx, model.ref);
        } else {
          tx.publish({ topic: 'signal.model', payload: { model: model.ref } });
        }
      }
      return result;
    });
    const revoked = created && !fault ? [] : await this.#revoked(version.id);
    return {
      evaluation: toEvaluation(row, version, new Map(revoked).get(row.id)),
      created,
    };
  }

  /**
   * Records evaluations in the name of `actor`, whose right to do so the caller has made sure of: those whose ids are new.
   * @returns how many those are.
   */
  async recordNew(
    tx: Transaction,
    options: {
      actor: string;
      model: ModelRecord;
      version: VersionRecord;
      reports: EvaluationReport[];
    },
  ): Promise<number> {
    const { actor, model, version } = options;
    const known = new Set<string>(
      await tx
        .knex('evaluations')
        .where({ version_id: version.id })
        .whereIn(
          'external_id',
          options.reports.map(({ id }) => id),
        )
        .pluck('external_id'),
    );
    const reports = options.reports.filter(({ id }) => !known.has(id));
    const fault =
      reports.length > 0
        ? await this.#faults.known(tx.knex, model, version)
        : undefined;
    for (const report of reports) {
      const { row, created } = await recordEvaluation(tx, {
        actor,
        model,
        version,
        report,
        digest: digestOf(report),
        counts: fault === undefined,
      });
      if (fault && created) {
        await this.#faults.revoke(tx, fault, {
          model,
          version,
          evaluation: row,
        });
      }
    }
    if (reports.length > 0) {
      await this.#listener.evidenceChanged(tx, version.id);
      tx.publish({ topic: 'signal.model', payload: { model: model.ref } });
    }
    return reports.length;
  }

  /** One page of a version's evaluations, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    versionName: string,
    page: PageRequest,
  ): Promise<Page<Evaluation>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const version = await this.#versions.require(model.ref, versionName);
    const rows: EvaluationRow[] = await this.#context.work
      .knex<EvaluationRow>('evaluations')
      .where({ version_id: version.id })
      .modify(query => {
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'text');
          query.whereRaw('(received_at, id) < (?, ?)', [at, id]);
        }
      })
      .orderBy([
        { column: 'received_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.limit + 1);
    const revoked = new Map(await this.#revoked(version.id));
    return toPage(
      rows,
      page.limit,
      row => [toDate(row.received_at).getTime(), row.id],
      row => toEvaluation(row, version, revoked.get(row.id)),
    );
  }

  async #revoked(versionId: string): Promise<[string, RevocationMark][]> {
    const rows = await findRevocationsOf(this.#context.work.knex, [versionId]);
    return rows.map(row => [row.evaluation_id, toMark(row)]);
  }
}
