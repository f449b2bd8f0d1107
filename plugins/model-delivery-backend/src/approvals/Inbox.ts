import {
  ApprovalPage,
  modelReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { countReviews, listReviews } from '../breakGlass/reviewInbox';
import { decodeCursor, PageRequest, toPage } from '../database/paging';
import { toDate } from '../database/values';
import { findHandedOnTo } from '../delegations/delegationStore';
import {
  JoinedPromotionRow,
  selectPromotions,
  toPromotionRecord,
} from '../promotions/promotionStore';
import { toPromotionSummary } from '../promotions/toPromotion';
import { DecisionRow, toDecision } from './decisionStore';

type Section = 'waiting' | 'barred' | 'decided' | 'reviews';
type Item = ApprovalPage['items'][number];

/** What waits for a person, what they may not decide, and what they decided; each paged in SQL. */
export class Inbox {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;

  constructor(
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>,
  ) {
    this.#context = context;
  }

  /** One page of a section: what waits longest first, what was decided last first. */
  async list(
    principal: Principal,
    section: Section,
    page: PageRequest,
  ): Promise<ApprovalPage> {
    const { work, authorizer, directory } = this.#context;
    const filter = await authorizer.modelFilter(principal, modelReadPermission);
    const handedOn = principal.isUser
      ? await findHandedOnTo(work.knex, principal.ref, work.now())
      : [];
    const own = principal.isUser
      ? [...(await directory.groupsOf(principal.ref))]
      : [];
    const groups = [...own, ...handedOn.map(each => each.group_ref)];
    const [{ waiting }] = await work
      .knex('promotions')
      .join('models', 'models.ref', 'promotions.model_ref')
      .modify(filter)
      .modify(whereWaiting, principal.ref, groups)
      .count({ waiting: '*' });
    // What somebody did in an emergency is reviewed by who holds the role, not by who stands in
    const reviewer = { visible: filter, person: principal.ref, groups: own };
    const counts = {
      waiting: Number(waiting),
      reviews: await countReviews(work, reviewer),
    };
    if (section === 'reviews') {
      return { counts, ...(await listReviews(work, reviewer, page)) };
    }
    if (section === 'decided') {
      return { counts, ...(await this.#decided(principal, filter, page)) };
    }
    const rows = (await selectPromotions(work.knex)
      .modify(filter)
      .modify(
        section === 'waiting' ? whereWaiting : whereBarred,
        principal.ref,
        groups,
      )
      .modify(query => {
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'number');
          query.whereRaw('(promotions.asked_at, promotions.id) > (?, ?)', [
            at,
            id,
          ]);
        }
      })
      .orderBy([{ column: 'promotions.asked_at' }, { column: 'promotions.id' }])
      .limit(page.limit + 1)) as JoinedPromotionRow[];
    const details = await this.#rolesAndBars(
      rows.map(row => row.id),
      principal.ref,
      groups,
    );
    return {
      counts,
      ...toPage(
        rows,
        page.limit,
        row => [row.asked_at ? toDate(row.asked_at).getTime() : 0, row.id],
        (row): Item => ({
          promotion: toPromotionSummary(toPromotionRecord(row), work.now()),
          roles: details.roles.get(row.id) ?? [],
          barredBecause: details.bars.get(row.id) ?? null,
          decision: null,
        }),
      ),
    };
  }

  async #decided(
    principal: Principal,
    filter: (query: Knex.QueryBuilder) => void,
    page: PageRequest,
  ) {
    const { work } = this.#context;
    const decisions: DecisionRow[] = await work
      .knex('decisions')
      .join('promotions', 'promotions.id', 'decisions.promotion_id')
      .join('models', 'models.ref', 'promotions.model_ref')
      .modify(filter)
      .where('decisions.decided_by', principal.ref)
      // What was decided on a bundle was decided once
      .whereNotExists(others =>
        others
          .from('decisions as other_decisions')
          .join(
            'promotions as others',
            'others.id',
            'other_decisions.promotion_id',
          )
          .whereRaw(
            'others.bundle_promotion_id = promotions.bundle_promotion_id',
          )
          .whereRaw('others.id < promotions.id')
          .whereRaw('other_decisions.decided_by = decisions.decided_by')
          .whereRaw('other_decisions.decided_at = decisions.decided_at'),
      )
      .modify(query => {
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'text');
          query.whereRaw('(decisions.decided_at, decisions.id) < (?, ?)', [
            at,
            id,
          ]);
        }
      })
      .orderBy([
        { column: 'decisions.decided_at', order: 'desc' },
        { column: 'decisions.id', order: 'desc' },
      ])
      .limit(page.limit + 1)
      .select('decisions.*');
    const rows = (await selectPromotions(work.knex).whereIn(
      'promotions.id',
      decisions.map(each => each.promotion_id),
    )) as JoinedPromotionRow[];
    const byId = new Map(rows.map(row => [row.id, toPromotionRecord(row)]));
    return toPage(
      decisions,
      page.limit,
      row => [toDate(row.decided_at).getTime(), row.id],
      (row): Item => ({
        promotion: toPromotionSummary(byId.get(row.promotion_id)!, work.now()),
        roles: [],
        barredBecause: null,
        decision: toDecision(row),
      }),
    );
  }

  async #rolesAndBars(ids: number[], person: string, groups: string[]) {
    const { knex } = this.#context.work;
    const slots: { promotion_id: number; role: string }[] = await knex(
      'approval_slots',
    )
      .whereIn('promotion_id', ids)
      .whereIn('group_ref', groups)
      .whereRaw('filled < minimum')
      .orderBy('role')
      .select('promotion_id', 'role');
    const bars: { promotion_id: number; because: string }[] = await knex(
      'approval_bars',
    )
      .whereIn('promotion_id', ids)
      .where({ person })
      .select('promotion_id', 'because');
    const roles = new Map<number, string[]>();
    slots.forEach(({ promotion_id: id, role }) =>
      roles.set(id, [...(roles.get(id) ?? []), role]),
    );
    return {
      roles,
      bars: new Map(bars.map(bar => [bar.promotion_id, bar.because])),
    };
  }
}

function whereAskedOf(
  query: Knex.QueryBuilder,
  person: string,
  groups: string[],
): void {
  query
    .where('promotions.state', 'awaiting-approval')
    .whereExists(openSlotsOf('promotions', groups))
    .whereNotExists(decisions =>
      decisions
        .from('decisions')
        .modify(whereOfThese, 'decisions.promotion_id')
        .where('decisions.decided_by', person)
        .whereNull('decisions.voided_at'),
    )
    .modify(whereOneOfBundle, groups);
}

/** Open slots, among those of the given alias of `promotions`, that somebody of these groups could fill. */
function openSlotsOf(alias: string, groups: string[]) {
  return (query: Knex.QueryBuilder) =>
    query
      .from('approval_slots')
      .whereRaw('approval_slots.promotion_id = ??', [`${alias}.id`])
      .whereRaw('approval_slots.filled < approval_slots.minimum')
      .whereIn('approval_slots.group_ref', groups);
}

/** Narrows to what belongs to the promotion, or to one that goes together with it. */
function whereOfThese(query: Knex.QueryBuilder, column: string): void {
  query.where(either =>
    either
      .whereRaw('?? = promotions.id', [column])
      .orWhereIn(column, members =>
        members
          .from('promotions as members')
          .whereRaw(
            'members.bundle_promotion_id = promotions.bundle_promotion_id',
          )
          .select('members.id'),
      ),
  );
}

/** Of those that go together one stands for all, once no gate of any of them keeps them back. */
function whereOneOfBundle(query: Knex.QueryBuilder, groups: string[]): void {
  const others =
    (narrow: (query: Knex.QueryBuilder) => void) =>
    (exists: Knex.QueryBuilder) =>
      exists
        .from('promotions as others')
        .whereRaw('others.bundle_promotion_id = promotions.bundle_promotion_id')
        .modify(narrow);
  query
    .whereNotExists(
      others(other =>
        other.whereNotIn('others.state', ['awaiting-approval', 'scheduled']),
      ),
    )
    .whereNotExists(
      others(other =>
        other
          .whereRaw('others.id < promotions.id')
          .where('others.state', 'awaiting-approval')
          .whereExists(openSlotsOf('others', groups)),
      ),
    );
}

function barsOf(person: string) {
  return (query: Knex.QueryBuilder) =>
    query
      .from('approval_bars')
      .modify(whereOfThese, 'approval_bars.promotion_id')
      .where('approval_bars.person', person);
}

function whereWaiting(
  query: Knex.QueryBuilder,
  person: string,
  groups: string[],
): void {
  whereAskedOf(query, person, groups);
  query.whereNotExists(barsOf(person));
}

function whereBarred(
  query: Knex.QueryBuilder,
  person: string,
  groups: string[],
): void {
  whereAskedOf(query, person, groups);
  query.whereExists(barsOf(person));
}
