import Box from '@mui/material/Box';
import type {
  BreakGlass,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Caption, Card, PersonName, StateLabel, Time } from '../components';
import { Notice } from '../promotions/Notice';
import { inSentence } from '../promotions/slots';
import { BypassedList } from './BypassedList';
import { ReviewForm } from './ReviewForm';
import { ReviewLabel } from './ReviewLabel';

/** That a promotion is an emergency: who, why, what it went past, and what became of its review, or who owes it. */
export function BreakGlassNotice(props: {
  promotion: Promotion;
  onReviewed: () => void;
}) {
  const { promotion, onReviewed } = props;
  const { breakGlass, review, version } = promotion;
  if (!breakGlass) {
    return null;
  }
  return (
    <Card
      title="Emergency promotion"
      state={<ReviewLabel breakGlass={breakGlass} filled />}
      aside={
        breakGlass.review === null && (
          <>
            to be reviewed by a {inSentence(breakGlass.reviewRole.title)},{' '}
            {breakGlass.overdue ? 'due ' : ''}
            <Time at={breakGlass.reviewBy} />
          </>
        )
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Box sx={{ fontSize: 14, lineHeight: '20px' }}>
          <PersonName principal={promotion.requestedBy} /> broke the glass as{' '}
          {inSentence(breakGlass.role.title)}{' '}
          <Time at={promotion.requestedAt} />: “{breakGlass.reason}”
        </Box>
        <div>
          <Caption sx={{ mt: 0 }}>What {version} went past</Caption>
          <BypassedList
            bypassed={breakGlass.bypassed}
            label={`What ${version} went past`}
          />
        </div>
        <Reviewed review={breakGlass.review} />
        {review?.barredBecause && (
          <Notice tone="neutral">
            You may not review it: {asClause(review.barredBecause)}. Somebody
            else in the role {inSentence(breakGlass.reviewRole.title)} has to.
          </Notice>
        )}
        {review?.mayReview && (
          <ReviewForm promotion={promotion} onSent={onReviewed} />
        )}
      </Box>
    </Card>
  );
}

function Reviewed(props: { review: BreakGlass['review'] }) {
  const { review } = props;
  if (!review) {
    return null;
  }
  return (
    <div>
      <Caption sx={{ mt: 0 }}>Review</Caption>
      <StateLabel
        verdict={review.outcome === 'justified' ? 'passed' : 'failed'}
      >
        {review.outcome === 'justified' ? 'Justified' : 'Unjustified'}
      </StateLabel>{' '}
      by <PersonName principal={review.reviewedBy} />,{' '}
      <Time at={review.reviewedAt} />: “{review.reason}”
    </div>
  );
}

function asClause(reason: string): string {
  return reason.replace(/^You /, 'you ').replace(/\.$/, '');
}
