import Box from '@mui/material/Box';
import type { ModelCardView } from '@slipway/backstage-plugin-model-delivery-common';
import { Card, LiveDot, PageState, SampleChip, Sub } from '../../components';
import { useModelDetail } from '../useModelDetail';
import { CardDiff } from './CardDiff';
import { CardSections } from './CardSections';
import { CardToolbar } from './CardToolbar';
import { FreshnessChip } from './FreshnessChip';
import { FreshnessPanel, MissingPanel, TextPanel } from './panels';
import { useCard, useCardQuery } from './useCard';

/** The model card of a version: what is known of it, in the team's words where they gave some, and what is missing. */
export function CardContent() {
  const model = useModelDetail();
  const [query] = useCardQuery();
  const card = useCard(query.version);
  const shown = card.data?.card.version ?? undefined;
  const isDiff = query.against !== undefined && shown !== undefined;
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          lg: isDiff ? 'minmax(0, 1fr)' : 'minmax(0, 1fr) 336px',
        },
        gap: 2.5,
        alignItems: 'start',
      }}
    >
      <Card
        title="Model card"
        state={
          <>
            {card.data && <FreshnessChip freshness={card.data.freshness} />}
            {model.data?.sample && <SampleChip />}
          </>
        }
        aside={<LiveDot status={card.status} updatedAt={card.updatedAt} />}
      >
        <PageState<ModelCardView> state={card} what="the model card" lines={10}>
          {view => (
            <>
              <CardToolbar view={view} onImported={card.reload} />
              {isDiff ? (
                <CardDiff from={query.against!} to={shown} />
              ) : (
                <>
                  {view.card.version === null && (
                    <Sub sx={{ mb: 1 }}>
                      No version is registered yet: this is what the catalog
                      knows.
                    </Sub>
                  )}
                  <CardSections card={view.card} />
                </>
              )}
            </>
          )}
        </PageState>
      </Card>
      {card.data && !isDiff && (
        <Box sx={{ display: 'grid', gap: 2.5, order: { xs: -1, lg: 0 } }}>
          <MissingPanel view={card.data} />
          <FreshnessPanel freshness={card.data.freshness} />
          <TextPanel text={card.data.text} />
        </Box>
      )}
    </Box>
  );
}
