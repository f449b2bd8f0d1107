import Box from '@mui/material/Box';
import {
  dataOf,
  ModelDetail,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { Digest, Facts } from '../components';
import { GatesInShort } from './GatesInShort';
import { previewOf } from './promotionPreview';

/** Keeps the place of what is being loaded, so that no button moves away from under a finger. */
const COMING = '…';

/** What a promotion would bind to and meet: the digest, the gates as they stand, who approves, how traffic moves. */
export function PreviewOfPromotion(props: {
  model: ModelDetail;
  version: Version | undefined;
  environment: string;
}) {
  const { model, version, environment } = props;
  const { namespace, name } = model;
  // A preview only: what may not be seen is left out, the server decides anyway
  const matrix = useLive(
    `preview/${model.ref}/${environment}`,
    ({ client, signal }) =>
      client
        .GET('/models/{namespace}/{name}/gates', {
          params: { path: { namespace, name }, query: { environment } },
          signal,
        })
        .then(dataOf, () => null),
    { pollSeconds: 60 },
  );
  const policies = useLive(
    'policies',
    ({ client, signal }) =>
      client.GET('/policies', { signal }).then(
        answer => dataOf(answer).items,
        () => null,
      ),
    { pollSeconds: 600, concerns: () => false },
  );
  if (!version) {
    return null;
  }
  const preview = previewOf(
    model,
    environment,
    version.version,
    matrix.data ?? null,
    policies.data ?? null,
  );
  return (
    <Box
      component="section"
      aria-label="What it will meet"
      aria-live="polite"
      sx={{ p: 1.5, borderRadius: '8px', bgcolor: 'action.hover' }}
    >
      <Facts
        items={[
          {
            label: 'Binds to',
            value: (
              <Digest
                value={version.digest}
                of={`digest of ${version.version}`}
                algorithm
              />
            ),
          },
          {
            label: 'Gates now',
            value:
              matrix.data === undefined
                ? COMING
                : preview.verdicts && (
                    <GatesInShort verdicts={preview.verdicts} />
                  ),
          },
          {
            label: 'Approval',
            value:
              policies.data === undefined
                ? COMING
                : preview.slots &&
                  (preview.slots.length > 0
                    ? preview.slots.join(', ')
                    : 'None'),
          },
          {
            label: 'Traffic',
            value:
              policies.data === undefined
                ? COMING
                : preview.shares && `${preview.shares.join(' → ')} %`,
          },
        ]}
      />
    </Box>
  );
}
