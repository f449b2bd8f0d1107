import Box from '@mui/material/Box';
import type { BreakGlassPreview } from '@slipway/backstage-plugin-model-delivery-common';
import type { Live } from '../api';
import { Caption, Duration, PageState, Sub } from '../components';
import { Notice } from '../promotions/Notice';
import { inSentence } from '../promotions/slots';
import { BypassedList } from './BypassedList';

/** What an emergency would go past and set off, before anybody confirms it. */
export function EmergencyPreview(props: {
  state: Live<BreakGlassPreview | null>;
  version: string;
  environment: string;
}) {
  const { state, version, environment } = props;
  return (
    <PageState state={state} what="what it would go past" lines={4}>
      {preview =>
        preview && (
          <Box
            component="section"
            aria-label="What it goes past"
            aria-live="polite"
            sx={{
              display: 'grid',
              gap: 1,
              p: 1.5,
              borderRadius: '8px',
              bgcolor: 'action.hover',
              fontSize: 13,
              lineHeight: '18px',
            }}
          >
            {preview.refusedBecause && (
              <Notice tone="failed">
                <b>Not possible:</b> {preview.refusedBecause}.
              </Notice>
            )}
            <Caption sx={{ m: 0 }}>Goes past</Caption>
            <BypassedList
              bypassed={preview.bypassed}
              label={`What ${version} goes past`}
            />
            <Caption sx={{ m: '4px 0 0' }}>And then</Caption>
            <Box component="ul" sx={{ m: 0, pl: 2 }}>
              <li>
                {version} takes all traffic of {environment}
                {preview.waitsFor
                  ? ` right after promotion ${preview.waitsFor}, which moves traffic there now and is not stopped`
                  : ' at once'}
                ; what serves now stays ready to return.
              </li>
              {preview.replaces && (
                <li>
                  Promotion {preview.replaces}, which waits to do the same, is
                  cancelled, and whoever requested it is told.
                </li>
              )}
              <li>
                The owner and the role {inSentence(preview.reviewRole.title)}{' '}
                are told, and a {inSentence(preview.reviewRole.title)} has to
                review it within{' '}
                <Duration seconds={preview.reviewWithinSeconds} />.
              </li>
            </Box>
            <Sub>Its gates are judged and kept as they are.</Sub>
          </Box>
        )
      }
    </PageState>
  );
}
