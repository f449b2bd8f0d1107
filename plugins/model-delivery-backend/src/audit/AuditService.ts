import { NotFoundError } from '@backstage/errors';
import {
  AuditEntry,
  auditReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { DatabaseTime, toIso, toNumber } from '../database/values';
import { ModelsService } from '../models/ModelsService';

interface AuditRow {
  index: number | string;
  at: DatabaseTime;
  actor: string;
  action: string;
  model_ref: string | null;
  subject: string;
  summary: string;
  leaf_hash: string;
}

const COLUMNS = [
  'index',
  'at',
  'actor',
  'action',
  'model_ref',
  'subject',
  'summary',
  'leaf_hash',
];

/** Reads the append-only log. */
export class AuditService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;

  constructor(context: EngineContext, models: ModelsService) {
    this.#context = context;
    this.#models = models;
  }

  /** One page of the log, newest first, of one model or action if given. */
  async list(
    principal: Principal,
    filter: { model?: string; action?: string },
    page: PageRequest,
  ): Promise<Page<AuditEntry>> {
    await this.#context.authorizer.require(principal, auditReadPermission);
    return this.#read('desc', page, query => {
      if (filter.model !== undefined) {
        query.where({ model_ref: filter.model.toLocaleLowerCase('en-US') });
      }
      if (filter.action !== undefined) {
        query.where({ action: filter.action });
      }
    });
  }

  /**
   * One page of what happened to a promotion, oldest first. Whoever may see its model may see it.
   * @throws NotFoundError, NotAllowedError
   */
  async promotionTimeline(
    principal: Principal,
    promotionId: string,
    page: PageRequest,
  ): Promise<Page<AuditEntry>> {
    const promotion: { model_ref: string } | undefined = /^\d{1,9}$/.test(
      promotionId,
    )
      ? await this.#context.work
          .knex('promotions')
          .where({ id: Number(promotionId) })
          .first('model_ref')
      : undefined;
    if (!promotion) {
      throw new NotFoundError(`There is no promotion ${promotionId}`);
    }
    await this.#models.requireReadable(principal, promotion.model_ref);
    return this.#read('asc', page, query =>
      query.where({ subject: `promotion:${Number(promotionId)}` }),
    );
  }

  async #read(
    order: 'asc' | 'desc',
    page: PageRequest,
    narrow: (query: Knex.QueryBuilder) => void,
  ): Promise<Page<AuditEntry>> {
    const rows: AuditRow[] = await this.#context.work
      .knex('audit_entries')
      .modify(query => {
        narrow(query);
        if (page.cursor) {
          const [index] = decodeCursor(page.cursor, 'big');
          query.where('index', order === 'asc' ? '>' : '<', index);
        }
      })
      .orderBy('index', order)
      .limit(page.limit + 1)
      .select(COLUMNS);
    return toPage(
      rows,
      page.limit,
      row => [toNumber(row.index)],
      row => ({
        index: toNumber(row.index),
        at: toIso(row.at),
        actor: row.actor,
        action: row.action,
        model: row.model_ref,
        subject: row.subject,
        summary: row.summary,
        leafHash: row.leaf_hash,
      }),
    );
  }
}
