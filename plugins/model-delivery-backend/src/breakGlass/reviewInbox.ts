import { ApprovalPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { decodeCursor, PageRequest, toPage } from '../database/paging';
import { UnitOfWork } from '../database/UnitOfWork';
import { toDate } from '../database/values';
import {
  JoinedPromotionRow,
  selectPromotions,
  toPromotionRecord,
} from '../promotions/promotionStore';
import { toPromotionSummary } from '../promotions/toPromotion';

/** Whose reviews are asked about. */
interface Reviewer {
  /** Narrows to the models that they may see. */
  visible: (query: Knex.QueryBuilder) => void;
  person: string;
  /** The groups that they are in. */
  groups: string[];
}

/** How many emergencies wait for somebody's review. */
export async function countReviews(
  { knex }: UnitOfWork,
  { visible, person, groups }: Reviewer,
): Promise<number> {
  const [{ reviews }] = await knex('break_glass')
    .join('promotions', 'promotions.id', 'break_glass.promotion_id')
    .join('models', 'models.ref', 'promotions.model_ref')
    .modify(visible)
    .modify(whereToReview, person, groups)
    .count({ reviews: '*' });
  return Number(reviews);
}

/** One page of the emergencies that wait for somebody's review, the first to be due first. */
export async function listReviews(
  work: UnitOfWork,
  { visible, person, groups }: Reviewer,
  page: PageRequest,
): Promise<Pick<ApprovalPage, 'items' | 'nextCursor'>> {
  const rows = (await selectPromotions(work.knex)
    .modify(visible)
    .modify(whereToReview, person, groups)
    .modify(query => {
      if (page.cursor) {
        const [at, id] = decodeCursor(page.cursor, 'time', 'number');
        query.whereRaw(
          '(break_glass.review_by, break_glass.promotion_id) > (?, ?)',
          [at, id],
        );
      }
    })
    .orderBy([
      { column: 'break_glass.review_by' },
      { column: 'break_glass.promotion_id' },
    ])
    .limit(page.limit + 1)) as JoinedPromotionRow[];
  return toPage(
    rows,
    page.limit,
    row => [toDate(row.glass_review_by!).getTime(), row.id],
    row => {
      const record = toPromotionRecord(row);
      return {
        promotion: toPromotionSummary(record, work.now()),
        roles: [record.breakGlass!.reviewRole.role],
        barredBecause: null,
        decision: null,
      };
    },
  );
}

/** Those that wait for a review, of whoever is in the groups and not barred. */
function whereToReview(
  query: Knex.QueryBuilder,
  person: string,
  groups: string[],
): void {
  query
    .whereNull('break_glass.reviewed_at')
    .whereIn('break_glass.review_group', groups)
    .whereNot('promotions.requested_by', person)
    .whereNotExists(bars =>
      bars
        .from('approval_bars')
        .whereRaw('approval_bars.promotion_id = promotions.id')
        .where('approval_bars.person', person),
    );
}
