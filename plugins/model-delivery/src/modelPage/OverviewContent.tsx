import { ReactElement, useState } from 'react';
import Box from '@mui/material/Box';
import { LiveDot, PageState } from '../components';
import { DeliveryCard, IntendedUseCard, LineageCard } from './AboutModel';
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
        {data => (
          <Box sx={{ display: 'grid', gap: 2.5 }}>
            <SourceNotice />
            <OutsideChangesNotice model={data} onChanged={model.reload} />
            <RevokedNotice model={data} onChanged={model.reload} />
            <Box>
              <Box sx={{ display: 'flex', justifyContent: 'flex-end', mb: 1 }}>
                <LiveDot status={model.status} updatedAt={model.updatedAt} />
              </Box>
              <EnvironmentCards model={data} />
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
                <OpenPromotionCards promotions={data.openPromotions} />
                <EvaluationCard model={data} />
                <RunsCard model={data} />
              </Column>
              <Column>
                <IntendedUseCard />
                <LineageCard />
                <DeliveryCard model={data} />
              </Column>
            </Box>
          </Box>
        )}
      </PageState>
      {cards.length > 0 && <CatalogCards cards={cards} />}
    </>
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
