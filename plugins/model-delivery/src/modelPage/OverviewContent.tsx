import { ReactElement, useState } from 'react';
import Box from '@mui/material/Box';
import type { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';
import { LiveDot, PageState } from '../components';
import { AtAGlance } from './AtAGlance';
import { DeliveryCard, IntendedUseCard, LineageCard } from './AboutModel';
import { useCandidateChanges, useCandidateVerdicts } from './candidate';
import { EnvironmentCards } from './EnvironmentCards';
import { EvaluationCard } from './EvaluationCard';
import { OpenPromotionCards } from './OpenPromotionCards';
import { RunsCard } from './RunsCard';
import { SourceNotice } from './SourceNotice';
import { OutsideChangesNotice } from '../outsideChanges/OutsideChangesNotice';
import { RevokedNotice } from '../revocations/RevokedNotice';
import { useModelDetail } from './useModelDetail';

/** Where a model stands: what serves where, what is under way, how good it is, what it is for. */
export function OverviewContent(
  props: {
    /** Cards of other plugins on the catalog's overview, shown below. */
    cards?: { element: ReactElement }[];
  } = {},
) {
  const { cards = [] } = props;
  const model = useModelDetail();
  return (
    <>
      <PageState state={model} what="the model’s delivery" lines={8}>
        {data => <Overview model={data} live={model} />}
      </PageState>
      {cards.length > 0 && <CatalogCards cards={cards} />}
    </>
  );
}

function Overview(props: {
  model: ModelDetail;
  live: ReturnType<typeof useModelDetail>;
}) {
  const { model, live } = props;
  const changes = useCandidateChanges(model);
  const verdicts = useCandidateVerdicts(model);
  return (
    <Box sx={{ display: 'grid', gap: 2.5 }}>
      <SourceNotice />
      <OutsideChangesNotice model={model} onChanged={live.reload} />
      <RevokedNotice model={model} onChanged={live.reload} />
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Box sx={{ display: 'flex', justifyContent: 'flex-end' }}>
          <LiveDot status={live.status} updatedAt={live.updatedAt} />
        </Box>
        <AtAGlance
          model={model}
          changes={changes.data ?? null}
          verdicts={verdicts ?? null}
        />
        <EnvironmentCards model={model} />
      </Box>
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            lg: 'minmax(0, 1fr) 376px',
          },
          gap: 2.5,
          alignItems: 'start',
        }}
      >
        <Column>
          <OpenPromotionCards promotions={model.openPromotions} />
          <EvaluationCard model={model} changes={changes} />
          <RunsCard model={model} />
        </Column>
        <Column>
          <IntendedUseCard />
          <LineageCard />
          <DeliveryCard model={model} />
        </Column>
      </Box>
    </Box>
  );
}

/** What the catalog and other plugins say of the entity: closed, and only drawn once it is opened. */
function CatalogCards(props: { cards: { element: ReactElement }[] }) {
  const [open, setOpen] = useState(false);
  return (
    <Box
      component="details"
      onToggle={event => setOpen((event.target as HTMLDetailsElement).open)}
      sx={{ mt: 2.5 }}
    >
      <Box
        component="summary"
        sx={{ cursor: 'pointer', fontSize: 14, fontWeight: 700, py: 1 }}
      >
        In the catalog
      </Box>
      {open && (
        <Box
          sx={{
            display: 'grid',
            gridTemplateColumns: {
              xs: 'minmax(0, 1fr)',
              md: 'repeat(auto-fit, minmax(420px, 1fr))',
            },
            gap: 2.5,
          }}
        >
          {props.cards.map((card, index) => (
            <Box key={index} sx={{ minWidth: 0 }}>
              {card.element}
            </Box>
          ))}
        </Box>
      )}
    </Box>
  );
}

function Column(props: { children: React.ReactNode }) {
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr)',
        gap: 2.5,
      }}
    >
      {props.children}
    </Box>
  );
}
