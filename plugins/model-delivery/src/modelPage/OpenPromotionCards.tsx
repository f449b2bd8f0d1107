import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { PromotionSummary } from '@slipway/backstage-plugin-model-delivery-common';
import Box from '@mui/material/Box';
import {
  Card,
  PersonName,
  StateLabel,
  Sub,
  Time,
  useTones,
} from '../components';
import { ActOnPromotion } from '../promotions/ActOnPromotion';
import { promotionRouteRef } from '../routes';

/** Promotions under way, each in one sentence, with what one may do about it. */
export function OpenPromotionCards(props: { promotions: PromotionSummary[] }) {
  return (
    <>
      {props.promotions.map(promotion => (
        <OpenPromotionCard key={promotion.id} promotion={promotion} />
      ))}
    </>
  );
}

function OpenPromotionCard(props: { promotion: PromotionSummary }) {
  const { promotion } = props;
  const promotionRoute = useRouteRef(promotionRouteRef);
  const tones = useTones();
  const verb =
    promotion.kind === 'rollback' ? 'Open rollback' : 'Open promotion';
  return (
    <Card
      title={`${verb}: ${promotion.version} to ${promotion.environment}`}
      state={<StateLabel promotion={promotion.state} filled />}
      aside={
        <>
          for <Time at={promotion.stateSince} as="since" />
        </>
      }
      footer={
        <>
          <Link to={promotionRoute({ id: promotion.id })}>
            Open the promotion
          </Link>
          <Sub>
            {promotion.bundle &&
              `Part of the bundle ${promotion.bundle.name}. `}
            Requested by <PersonName principal={promotion.requestedBy} />{' '}
            <Time at={promotion.requestedAt} />
            {promotion.slotsTotal > 0 &&
              `, ${promotion.slotsFilled} of ${promotion.slotsTotal} approvals`}
          </Sub>
        </>
      }
    >
      <Box component="p" sx={{ m: 0, fontSize: 14, lineHeight: '20px' }}>
        {promotion.statement}
      </Box>
      {promotion.share !== null && (
        <Box
          role="img"
          aria-label={`${promotion.share} % of the traffic goes to ${promotion.version}`}
          sx={{
            mt: 1,
            height: 6,
            borderRadius: '3px',
            bgcolor: 'divider',
            overflow: 'hidden',
          }}
        >
          <Box
            sx={{
              width: `${promotion.share}%`,
              height: '100%',
              bgcolor: tones.running.mark,
            }}
          />
        </Box>
      )}
      <ActOnPromotion id={promotion.id} />
    </Card>
  );
}
