import { parseEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Waiver,
  WaiverPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import { Duration, icons, PageState, RiskBars, Sub } from '../components';
import { buttonSx } from '../promotions/buttonSx';

/** Waivers that wait for the caller, each with a way to the verdict that it is about; nothing while there is none. */
export function WaiversToDecide() {
  const waivers = usePages<WaiverPage>(
    'waivers/to-decide',
    ({ client, cursor, signal }) =>
      client
        .GET('/waivers', { params: { query: { limit: 20, cursor } }, signal })
        .then(dataOf),
    waiver => waiver.id,
    { concerns: () => true },
  );
  if (waivers.data?.length === 0) {
    return null;
  }
  return (
    <Box
      component="section"
      aria-label="Waivers"
      sx={{ bgcolor: 'background.paper', borderRadius: '8px', p: '12px 8px' }}
    >
      <Box
        component="h2"
        sx={{ m: 0, p: '0 8px 4px', fontSize: 13, lineHeight: '18px' }}
      >
        Waivers to decide{' '}
        {waivers.data && (
          <Box
            component="span"
            sx={{ color: 'text.secondary', fontWeight: 400 }}
          >
            {waivers.data.length}
            {waivers.hasMore && ' or more'}
          </Box>
        )}
      </Box>
      <PageState state={waivers} what="the waivers" lines={1}>
        {items => (
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
            {items.map(waiver => (
              <Entry key={waiver.id} waiver={waiver} />
            ))}
          </Box>
        )}
      </PageState>
      {waivers.hasMore && (
        <Button
          sx={buttonSx}
          size="small"
          onClick={waivers.loadMore}
          disabled={waivers.loadingMore}
        >
          {waivers.loadingMore ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </Box>
  );
}

function Entry(props: { waiver: Waiver }) {
  const { waiver } = props;
  const { viewer } = waiver;
  const entityRoute = useRouteRef(entityRouteRef);
  const query = new URLSearchParams({
    environment: waiver.environment,
    gate: waiver.gate,
    version: waiver.version,
  });
  return (
    <Box component="li" sx={{ p: 1, fontSize: 13, lineHeight: '18px' }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
        <Link
          to={`${entityRoute(parseEntityRef(waiver.model))}/gates?${query}`}
        >
          {waiver.modelTitle} {waiver.version}
        </Link>
        <RiskBars risk={waiver.risk} />
      </Box>
      {waiver.verdict.title}, for {waiver.environment}
      {viewer.barredBecause ? (
        <Sub sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
          <icons.LockIcon sx={{ fontSize: 14 }} />
          {viewer.barredBecause}
        </Sub>
      ) : (
        <Sub>
          Waits <Duration from={waiver.askedAt} />
        </Sub>
      )}
    </Box>
  );
}
