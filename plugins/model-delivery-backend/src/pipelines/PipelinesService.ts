import { NotFoundError } from '@backstage/errors';
import {
  evidenceReportPermission,
  PipelineRun,
  PipelineRunReport,
} from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { StaleStateError, toDate } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { recordFinishedRun } from '../metrics/recordRuns';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { digestOf } from '../policies/digest';
import {
  checkPipelineRun,
  inStageOrder,
  isFinished,
  stageTakenBack,
} from './pipelineRun';
import { PipelineRunRow, toPipelineRun } from './PipelineRunRecord';

/** Keeps what pipelines report of their runs. */
export class PipelinesService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;

  constructor(context: EngineContext, models: ModelsService) {
    this.#context = context;
    this.#models = models;
  }

  /**
   * Stores the run as it now stands. What is over stays: a finished run takes only the very same report again, and a
   * finished stage cannot be taken back by a report that arrives late.
   * @throws InputError, ConflictError, NotFoundError, NotAllowedError
   */
  async report(
    principal: Principal,
    modelRef: string,
    runId: string,
    report: PipelineRunReport,
  ): Promise<{ run: PipelineRun; created: boolean }> {
    const model = await this.#models.requireFor(
      principal,
      evidenceReportPermission,
      modelRef,
    );
    checkPipelineRun(report, this.#context.work.now());
    return this.#context.work.run(async tx => {
      const row = toRow(principal.ref, model, runId, report);
      await tx
        .knex('pipeline_runs')
        .insert(row)
        .onConflict(['model_ref', 'external_id'])
        .ignore();
      const stored: PipelineRunRow | undefined = await tx
        .knex<PipelineRunRow>('pipeline_runs')
        .where({ model_ref: model.ref, external_id: runId })
        .forUpdate()
        .first();
      const created = stored!.id === row.id;
      if (!created && stored!.digest === row.digest) {
        return { run: toPipelineRun(stored!), created };
      }
      if (!created) {
        assertMovesOn(stored!, row);
        await tx
          .knex('pipeline_runs')
          .where({ id: stored!.id })
          .update({ ...row, id: stored!.id });
      }
      const run = { ...row, id: stored!.id };
      await this.#tell(tx, { model, run, created });
      return { run: toPipelineRun(run), created };
    });
  }

  /** One page of a model's runs, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    page: PageRequest,
  ): Promise<Page<PipelineRun>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows: PipelineRunRow[] = await this.#context.work
      .knex<PipelineRunRow>('pipeline_runs')
      .where({ model_ref: model.ref })
      .modify(query => {
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'text');
          query.whereRaw('(started_at, id) < (?, ?)', [at, id]);
        }
      })
      .orderBy([
        { column: 'started_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.limit + 1);
    return toPage(
      rows,
      page.limit,
      row => [toDate(row.started_at).getTime(), row.id],
      toPipelineRun,
    );
  }

  /** The run of that id of the CI system. */
  async get(
    principal: Principal,
    modelRef: string,
    runId: string,
  ): Promise<PipelineRun> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const row = await this.#context.work
      .knex<PipelineRunRow>('pipeline_runs')
      .where({ model_ref: model.ref, external_id: runId })
      .first();
    if (!row) {
      throw new NotFoundError(`${model.ref} has no pipeline run ${runId}`);
    }
    return toPipelineRun(row);
  }

  async #tell(
    tx: Transaction,
    options: { model: ModelRecord; run: PipelineRunRow; created: boolean },
  ): Promise<void> {
    const { model, run, created } = options;
    const finished = isFinished(run.outcome);
    if (finished) {
      await recordFinishedRun(tx.knex, model, run);
    }
    tx.record({
      actor: run.reported_by,
      action: runAction(finished, created),
      model: model.ref,
      subject: `run:${model.name}/${run.external_id}`,
      summary: finished
        ? `Pipeline run ${run.external_id} of ${model.title} ended: ${run.outcome}`
        : `Pipeline run ${run.external_id} of ${model.title} is running`,
      details: {
        digest: run.digest,
        outcome: run.outcome,
        trigger: run.trigger,
        commit: run.commit,
        version: run.version,
      },
    });
    tx.publish({ topic: 'signal.model', payload: { model: model.ref } });
  }
}

function runAction(finished: boolean, created: boolean): string {
  if (finished) {
    return 'run.finished';
  }
  return created ? 'run.started' : 'run.updated';
}

function assertMovesOn(stored: PipelineRunRow, row: PipelineRunRow): void {
  if (isFinished(stored.outcome)) {
    throw new StaleStateError(
      `Pipeline run ${stored.external_id} is over (${stored.outcome}) and cannot be changed any more; report another run under its own id`,
      { outcome: stored.outcome },
    );
  }
  const stage = stageTakenBack(
    JSON.parse(stored.stages),
    JSON.parse(row.stages),
  );
  if (stage) {
    throw new StaleStateError(
      `request/body/stages takes back the outcome of ${stage.stage}, which is ${stage.outcome}; a later report was received already`,
      { stage: stage.stage, outcome: stage.outcome },
    );
  }
}

function toRow(
  actor: string,
  model: ModelRecord,
  runId: string,
  report: PipelineRunReport,
): PipelineRunRow {
  return {
    id: randomUUID(),
    model_ref: model.ref,
    external_id: runId,
    trigger: report.trigger,
    outcome: report.outcome,
    started_at: new Date(report.startedAt),
    finished_at: report.finishedAt ? new Date(report.finishedAt) : null,
    commit: report.commit ?? null,
    url: report.url ?? null,
    version: report.version ?? null,
    stages: JSON.stringify(inStageOrder(report.stages ?? [])),
    reported_by: actor,
    digest: digestOf(report),
  };
}
