import Box from '@mui/material/Box';
import { useId } from 'react';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { Code, PageState } from '../components';
import { CardsGrid } from './CardsGrid';
import { SourceCard } from './SourceCard';

/** Where the catalog's models are found beside the files that people write for it. */
export function SourcesSection() {
  const id = useId();
  const live = useLive(
    'model-sources',
    ({ client, signal }) =>
      client.GET('/model-sources', { signal }).then(dataOf),
    { pollSeconds: 15, concerns: () => false },
  );
  return (
    <Box component="section" aria-labelledby={id} sx={{ mt: 4 }}>
      <Box
        component="h2"
        id={id}
        sx={{ m: 0, mb: 1.5, fontSize: 20, lineHeight: '28px' }}
      >
        Where models are found
      </Box>
      <PageState
        state={live}
        what="the sources of models"
        lines={3}
        isEmpty={({ items }) => items.length === 0}
        empty={{
          title: 'No source of models is configured',
          text: (
            <>
              Models come from the <Code>catalog-info.yaml</Code> files that
              people write. Registered models, Hugging Face cards and ML-BOMs
              become models by <Code>catalog.providers.slipway</Code> in the
              configuration.
            </>
          ),
        }}
      >
        {({ items }) => (
          <CardsGrid>
            {items.map(source => (
              <SourceCard key={source.id} source={source} />
            ))}
          </CardsGrid>
        )}
      </PageState>
    </Box>
  );
}
