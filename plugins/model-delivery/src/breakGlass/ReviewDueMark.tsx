import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { Sub, Time } from '../components';
import { promotionRouteRef } from '../routes';
import { ReviewLabel } from './ReviewLabel';

/** A small mark on a model of which an emergency promotion waits for its review, with the way to it. */
export function ReviewDueMark(props: { reviewDue: ModelSummary['reviewDue'] }) {
  const { reviewDue } = props;
  const promotionRoute = useRouteRef(promotionRouteRef);
  if (!reviewDue) {
    return null;
  }
  return (
    <>
      <Link to={promotionRoute({ id: reviewDue.promotionId })}>
        <ReviewLabel breakGlass={reviewDue} />
      </Link>
      <Sub>
        Emergency promotion, due <Time at={reviewDue.reviewBy} />
      </Sub>
    </>
  );
}
