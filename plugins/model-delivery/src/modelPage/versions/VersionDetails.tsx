import { useId, useState } from 'react';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import { Caption, PageState } from '../../components';
import { ChangesTable } from '../ChangesTable';
import { useModelName } from '../useModelDetail';
import { Evaluations } from './Evaluations';
import { PartChanges } from './PartChanges';
import { VersionPartsList } from './VersionPartsList';

/** All parts of a version, how it compares with another one, and every evaluation of it. */
export function VersionDetails(props: {
  version: Version;
  production: Version | undefined;
  others: Version[];
}) {
  const { version, production, others } = props;
  const { ref, namespace, name } = useModelName();
  const [against, setAgainst] = useState('');
  const selectId = useId();
  const changes = useLive(
    `changes/${ref}/${version.version}/${against}/${production?.version}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET(
          '/models/{namespace}/{name}/versions/{version}/changes',
          {
            params: {
              path: { namespace, name, version: version.version },
              query: { against: against || undefined },
            },
            signal,
          },
        ),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  const comparable = others.filter(other => other.version !== version.version);
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          lg: 'minmax(0, 2fr) minmax(0, 3fr)',
        },
        gap: '0 32px',
        pl: { sm: 3 },
        pb: 2,
        // The table may be wider than the screen, its details need not be
        position: 'sticky',
        left: 0,
        width: '100cqi',
      }}
    >
      <Box>
        <Caption>Parts</Caption>
        <VersionPartsList version={version} />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mt: 1.5 }}>
          <Caption sx={{ m: 0 }}>Compared with</Caption>
          <TextField
            select
            id={selectId}
            size="small"
            value={against}
            onChange={event => setAgainst(event.target.value)}
            SelectProps={{ native: true }}
            inputProps={{ 'aria-label': `Compare ${version.version} with` }}
            sx={{ '& select': { fontSize: 13, py: '4px' } }}
          >
            <option value="">
              {production
                ? `${production.version}, in production`
                : 'production, where nothing serves yet'}
            </option>
            {comparable.map(other => (
              <option key={other.version} value={other.version}>
                {other.version}
              </option>
            ))}
          </TextField>
        </Box>
        <PageState state={changes} what="the comparison">
          {data => (
            <>
              {data.metrics.length > 0 && <ChangesTable changes={data} />}
              <PartChanges changes={data} />
            </>
          )}
        </PageState>
        <Caption>Evaluations</Caption>
        <Evaluations version={version.version} />
      </Box>
    </Box>
  );
}
