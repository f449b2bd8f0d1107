import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { Sub, Time } from '../components';
import { promotionRouteRef } from '../routes';
import { ReviewLabel } from './ReviewLabel';

/** A small mark on a model of which an emergency promotion waits for its review, with the way to it. */
export function ReviewDueMark(props: {
  reviewDue: ModelSummary['reviewDue'];
  /** In one line, beside a label that says that it is an emergency. */
  inline?: boolean;
}) {
  const { reviewDue, inline } = props;
  const promotionRoute = useRouteRef(promotionRouteRef);
  if (!reviewDue) {
    return null;
  }
  const due = (
    <>
      due <Time at={reviewDue.reviewBy} />
    </>
  );
  return (
    <>
      <Link to={promotionRoute({ id: reviewDue.promotionId })}>
        <ReviewLabel breakGlass={reviewDue} />
      </Link>
      {inline ? <>, {due}</> : <Sub>Emergency promotion, {due}</Sub>}
    </>
  );
}
