import { NotFoundError } from '@backstage/errors';
import {
  DataFault,
  DataFaultRequest,
  lineageRaisePermission,
  lineageReadPermission,
  LineageImpact,
} from '@slipway/backstage-plugin-model-delivery-common';
import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { DatabaseTime, StaleStateError, toIso } from '../database/values';
import { requirePerson } from '../people/requireRole';
import { RevocationsService } from '../revocations/RevocationsService';
import { CatalogView } from './CatalogView';
import { findImpact, Impact, IMPACT_BOUNDS } from './findImpact';
import { LineageWalk, WalkNode } from './LineageWalk';
import { entityNodeId, namedNodeId, parseNodeId } from './nodeIds';
import { requireSomeModels } from './requireSomeModels';
import { revokeAffected } from './revokeAffected';

/** Faults of a data set that are shown. */
const FAULTS_SHOWN = 20;

interface FaultRow {
  id: number;
  dataset: string;
  dataset_key: string;
  title: string;
  version: string | null;
  reason: string;
  raised_by: string;
  raised_at: DatabaseTime;
  notified: string;
  versions: number;
  serving: number;
  revoked: number;
  idempotency_key: string;
}

interface Found {
  dataset: string;
  title: string;
  impact: Impact;
}

/** Says what a faulty data set affects, and tells those who answer for it. */
export class ImpactService {
  readonly #context: EngineContext;
  readonly #revocations: RevocationsService;

  constructor(context: EngineContext, revocations: RevocationsService) {
    this.#context = context;
    this.#revocations = revocations;
  }

  /**
   * What is affected if a data set is faulty, or one version of it.
   * @throws InputError, NotFoundError, NotAllowedError
   */
  async impact(
    principal: Principal,
    asked: { dataset: string; version?: string },
  ): Promise<LineageImpact> {
    const { authorizer, work } = this.#context;
    const { dataset, title, impact } = await this.#find(principal, asked);
    return {
      dataset,
      title,
      version: asked.version ?? null,
      ...impact,
      mayRaise:
        principal.isUser &&
        (await authorizer.may(principal, lineageRaisePermission)),
      faults: await findFaults(work.knex, dataset),
    };
  }

  /**
   * Says that a data set is faulty: the owner of each model that was made of it is told, once, and evidence is revoked
   * where that was asked for and the person may.
   * @returns it, and whether it is new: the same key gives the same
   * @throws NotAllowedError, NotFoundError; ConflictError for a key that was used for another one
   */
  async raise(
    principal: Principal,
    body: DataFaultRequest,
  ): Promise<{ fault: DataFault; isNew: boolean }> {
    const { authorizer, work } = this.#context;
    await authorizer.require(principal, lineageRaisePermission);
    requirePerson(principal, 'say that data are faulty');
    const { dataset, title, impact } = await this.#find(principal, body);
    const affected = impact.versions.length;
    const serving = impact.versions.filter(
      each => each.serving.length > 0,
    ).length;
    const { row, isNew } = await work.run(async tx => {
      const inserted: FaultRow[] = await tx
        .knex('data_faults')
        .insert({
          dataset,
          dataset_key: keyOf(dataset),
          title,
          version: body.version ?? null,
          reason: body.reason.trim(),
          raised_by: principal.ref,
          raised_at: tx.now,
          notified: JSON.stringify(impact.owners),
          versions: affected,
          serving,
          idempotency_key: body.idempotencyKey,
        })
        .onConflict(['raised_by', 'idempotency_key'])
        .ignore()
        .returning('*');
      if (inserted.length === 0) {
        const known: FaultRow = await tx
          .knex<FaultRow>('data_faults')
          .where({
            raised_by: principal.ref,
            idempotency_key: body.idempotencyKey,
          })
          .first()
          .then(found => found!);
        assertSame(known, { dataset, body });
        return { row: known, isNew: false };
      }
      const what = body.version ? `${title} ${body.version}` : title;
      tx.record({
        actor: principal.ref,
        action: 'data.faulty',
        model: null,
        subject: `dataset:${dataset}`,
        summary: `${what} is faulty: ${body.reason.trim()}`,
        details: {
          dataset,
          version: body.version ?? null,
          versions: impact.versions.map(
            each => `${each.model}@${each.version}`,
          ),
          owners: impact.owners,
        },
      });
      for (const owner of impact.owners) {
        tx.publish({
          topic: 'notification',
          payload: {
            recipients: [owner],
            title: `${what} is faulty`,
            description: `${body.reason.trim()} ${wordsFor(impact, owner)}`,
            link: linkFor(impact, owner, dataset),
            severity: 'high',
            scope: `data-fault:${inserted[0].id}:${owner}`,
          },
        });
      }
      return { row: inserted[0], isNew: true };
    });
    if (body.revoke) {
      const revoked = await revokeAffected({
        context: this.#context,
        revocations: this.#revocations,
        principal,
        versions: impact.versions.filter(each => each.certain),
        reason: `${title}${
          body.version ? ` ${body.version}` : ''
        }, which it was made of, is faulty: ${row.reason}`,
      });
      await work.knex('data_faults').where({ id: row.id }).update({ revoked });
      return { fault: toFault({ ...row, revoked }), isNew };
    }
    return { fault: toFault(row), isNew };
  }

  async #find(
    principal: Principal,
    asked: { dataset: string; version?: string },
  ): Promise<Found> {
    const { authorizer, work } = this.#context;
    const reference = parseNodeId(asked.dataset);
    await requireSomeModels(authorizer, principal);
    const catalog = new CatalogView(this.#context, principal);
    const seesNamed = await authorizer.may(principal, lineageReadPermission);
    const begin = async (version: string) => {
      const walk = new LineageWalk({
        knex: work.knex,
        catalog,
        bounds: IMPACT_BOUNDS,
        seesNamed,
      });
      return { walk, node: await walk.begin({ ...reference, version }) };
    };
    const pinned = asked.version ?? '';
    const certain = await begin(pinned);
    const whole = pinned === '' ? null : await begin('');
    const node = certain.node ?? whole?.node;
    if (!node) {
      throw new NotFoundError(
        `Nothing is known of ${asked.dataset}, or you may not see it`,
      );
    }
    if (certain.node) {
      await certain.walk.look([certain.node], 'downstream');
    }
    if (whole?.node) {
      await whole.walk.lookVersionless(whole.node);
    }
    return {
      dataset:
        reference.kind === 'entity'
          ? entityNodeId(reference.ref, '')
          : namedNodeId(reference.name, ''),
      title: titleOf(node, asked.dataset),
      impact: await findImpact(work.knex, catalog, {
        certain: certain.walk,
        possible: whole?.walk ?? null,
      }),
    };
  }
}

function titleOf(node: WalkNode, fallback: string): string {
  return node.entity?.title ?? node.name?.name ?? fallback;
}

async function findFaults(knex: Knex, dataset: string): Promise<DataFault[]> {
  const rows: FaultRow[] = await knex<FaultRow>('data_faults')
    .where({ dataset_key: keyOf(dataset) })
    .orderBy('id', 'desc')
    .limit(FAULTS_SHOWN);
  return rows.map(toFault);
}

function assertSame(
  row: FaultRow,
  asked: { dataset: string; body: DataFaultRequest },
): void {
  if (
    row.dataset !== asked.dataset ||
    row.version !== (asked.body.version ?? null) ||
    row.reason !== asked.body.reason.trim()
  ) {
    throw new StaleStateError(
      `The idempotency key '${row.idempotency_key}' was used for another data set, version or reason`,
      { fault: String(row.id) },
    );
  }
}

/** Continues the reason: what it means for one owner. */
function wordsFor(impact: Impact, owner: string): string {
  const own = impact.versions.filter(each => each.owner === owner);
  const serving = own.filter(each => each.serving.length > 0);
  const listed = (serving.length > 0 ? serving : own)
    .slice(0, 5)
    .map(each => `${each.title} ${each.version}`)
    .join(', ');
  if (serving.length > 0) {
    return `It went into what serves now: ${listed}.`;
  }
  return own.length > 0
    ? `It went into ${own.length} of your versions, of which none serves: ${listed}.`
    : 'Your models say that they use it.';
}

function linkFor(impact: Impact, owner: string, dataset: string): string {
  const ref = [...impact.versions, ...impact.models].find(
    each => each.owner === owner,
  )!.model;
  const [, namespace, name] = /^model:([^/]+)\/(.+)$/.exec(ref)!;
  return `/catalog/${namespace}/model/${name}/lineage?node=${encodeURIComponent(
    dataset,
  )}`;
}

function keyOf(dataset: string): string {
  return createHash('sha256').update(dataset).digest('hex');
}

function toFault(row: FaultRow): DataFault {
  return {
    id: String(row.id),
    dataset: row.dataset,
    title: row.title,
    version: row.version,
    reason: row.reason,
    raisedBy: row.raised_by,
    raisedAt: toIso(row.raised_at),
    notified: JSON.parse(row.notified),
    versions: row.versions,
    serving: row.serving,
    revoked: row.revoked,
  };
}
