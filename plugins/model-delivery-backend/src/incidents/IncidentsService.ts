import { InputError } from '@backstage/errors';
import {
  Incident,
  IncidentReport,
  incidentReportPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { toDate } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { assertNotInFuture, assertOrder } from '../http/checkTimes';
import { recordIncident } from '../metrics/recordIncidents';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { findVersion } from '../versions/versionStore';
import { findCause } from './findCause';
import { IncidentRow, toIncident } from './IncidentRecord';

const TOLD = [
  'title',
  'detected_at',
  'resolved_at',
  'caused_by_version',
  'deployment_id',
  'url',
] as const;

/** Keeps the failures in production that people and monitoring report. */
export class IncidentsService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;

  constructor(context: EngineContext, models: ModelsService) {
    this.#context = context;
    this.#models = models;
  }

  /**
   * Stores the incident as it now stands, linked to the deployment that caused it.
   * @throws InputError, NotFoundError, NotAllowedError
   */
  async report(
    principal: Principal,
    modelRef: string,
    incidentId: string,
    report: IncidentReport,
  ): Promise<{ incident: Incident; created: boolean }> {
    const model = await this.#models.requireFor(
      principal,
      incidentReportPermission,
      modelRef,
    );
    const versionId = await this.#check(model, report);
    return this.#context.work.run(async tx => {
      const detectedAt = new Date(report.detectedAt);
      const row: IncidentRow = {
        id: randomUUID(),
        model_ref: model.ref,
        external_id: incidentId,
        title: report.title,
        detected_at: detectedAt,
        resolved_at: report.resolvedAt ? new Date(report.resolvedAt) : null,
        caused_by_version: report.causedByVersion ?? null,
        deployment_id: await findCause(tx.knex, {
          modelRef: model.ref,
          versionId,
          detectedAt,
        }),
        url: report.url ?? null,
      };
      const before = await this.#save(tx, row);
      const stored = { ...row, id: before?.id ?? row.id };
      if (!before || TOLD.some(key => !isSame(before[key], row[key]))) {
        await recordIncident(tx.knex, model, stored, before?.deployment_id);
        this.#tell(tx, { model, actor: principal.ref, row, before });
        await this.#models.refreshStatus(tx, model.ref);
      }
      return { incident: toIncident(stored), created: !before };
    });
  }

  /** One page of a model's incidents, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    page: PageRequest,
  ): Promise<Page<Incident>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows: IncidentRow[] = await this.#context.work
      .knex<IncidentRow>('incidents')
      .where({ model_ref: model.ref })
      .modify(query => {
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'text');
          query.whereRaw('(detected_at, id) < (?, ?)', [at, id]);
        }
      })
      .orderBy([
        { column: 'detected_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.limit + 1);
    return toPage(
      rows,
      page.limit,
      row => [toDate(row.detected_at).getTime(), row.id],
      toIncident,
    );
  }

  async #check(
    model: ModelRecord,
    report: IncidentReport,
  ): Promise<string | null> {
    const now = this.#context.work.now();
    assertNotInFuture('request/body/detectedAt', report.detectedAt, now);
    assertNotInFuture('request/body/resolvedAt', report.resolvedAt, now);
    assertOrder(
      'request/body/detectedAt',
      report.detectedAt,
      'request/body/resolvedAt',
      report.resolvedAt,
    );
    if (report.causedByVersion === undefined) {
      return null;
    }
    const version = await findVersion(
      this.#context.work.knex,
      model.ref,
      report.causedByVersion,
    );
    if (!version) {
      throw new InputError(
        `request/body/causedByVersion is ${report.causedByVersion}, but ${model.ref} has no such version`,
      );
    }
    return version.id;
  }

  /** @returns the row as it was before, undefined for a new one. */
  async #save(
    tx: Transaction,
    row: IncidentRow,
  ): Promise<IncidentRow | undefined> {
    await tx
      .knex('incidents')
      .insert(row)
      .onConflict(['model_ref', 'external_id'])
      .ignore();
    const stored: IncidentRow | undefined = await tx
      .knex<IncidentRow>('incidents')
      .where({ model_ref: row.model_ref, external_id: row.external_id })
      .forUpdate()
      .first();
    if (stored!.id === row.id) {
      return undefined;
    }
    await tx
      .knex('incidents')
      .where({ id: stored!.id })
      .update({ ...row, id: stored!.id });
    return stored;
  }

  #tell(
    tx: Transaction,
    options: {
      model: ModelRecord;
      actor: string;
      row: IncidentRow;
      before: IncidentRow | undefined;
    },
  ): void {
    const { model, actor, row, before } = options;
    const resolved = row.resolved_at !== null && !before?.resolved_at;
    tx.record({
      actor,
      action: incidentAction(!before, resolved),
      model: model.ref,
      subject: `incident:${model.name}/${row.external_id}`,
      summary: `Incident ${row.external_id} of ${model.title}: ${row.title}${
        resolved ? ' (resolved)' : ''
      }`,
      details: {
        detectedAt: toDate(row.detected_at).toISOString(),
        resolvedAt: row.resolved_at && toDate(row.resolved_at).toISOString(),
        causedByVersion: row.caused_by_version,
        deployment: row.deployment_id,
      },
    });
  }
}

function incidentAction(created: boolean, resolved: boolean): string {
  if (resolved) {
    return 'incident.resolved';
  }
  return created ? 'incident.reported' : 'incident.updated';
}

function isSame(before: unknown, after: unknown): boolean {
  return after instanceof Date
    ? before !== null && toDate(before as Date).getTime() === after.getTime()
    : before === after;
}
