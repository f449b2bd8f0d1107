import { useId } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  dataOf,
  MeasureId,
  MetricsEventPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import { formatSpan } from '../charts';
import { icons, PageState, StateLabel, Sub, Time } from '../components';
import { promotionRouteRef } from '../routes';
import type { MetricsFilter } from './exportMetrics';
import { measureWords } from './measureText';
import { Period, periodText } from './period';
import { buttonSx } from '../promotions/buttonSx';

type Event = MetricsEventPage['items'][number];

/** The very events behind one number, newest first, with the way to each promotion, run and model. */
export function EventsDrawer(props: {
  measure: MeasureId | undefined;
  filter: MetricsFilter;
  period: Period;
  onClose: () => void;
}) {
  const { measure, filter, period, onClose } = props;
  const titleId = useId();
  return (
    <Drawer
      anchor="right"
      open={measure !== undefined}
      onClose={onClose}
      PaperProps={{
        role: 'dialog',
        'aria-modal': true,
        'aria-labelledby': titleId,
        sx: { width: { xs: 1, sm: 520 }, p: 2, fontSize: 13 },
      }}
    >
      {measure && (
        <>
          <Box sx={{ display: 'flex', alignItems: 'flex-start', gap: 1 }}>
            <Box sx={{ flex: 1 }}>
              <Box
                component="h2"
                id={titleId}
                sx={{ m: 0, fontSize: 20, lineHeight: '28px' }}
              >
                {measureWords[measure].title}
              </Box>
              <Sub>
                {measureWords[measure].definition}. {periodText(period)}, newest
                first.
              </Sub>
            </Box>
            <IconButton aria-label="Close the events" onClick={onClose}>
              <icons.CloseIcon />
            </IconButton>
          </Box>
          <Events measure={measure} filter={filter} />
        </>
      )}
    </Drawer>
  );
}

function Events(props: { measure: MeasureId; filter: MetricsFilter }) {
  const { measure, filter } = props;
  const events = usePages<MetricsEventPage>(
    `metrics/events/${measure}/${JSON.stringify(filter)}`,
    ({ client, cursor, signal }) =>
      client
        .GET('/metrics/events', {
          params: { query: { ...filter, measure, limit: 50, cursor } },
          signal,
        })
        .then(dataOf),
    keyOf,
    { pollSeconds: 60 },
  );
  return (
    <PageState
      state={events}
      what="the events"
      isEmpty={items => items.length === 0}
      empty={{ title: 'No events', text: measureWords[measure].noData }}
    >
      {items => (
        <>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, mt: 1, p: 0 }}>
            {items.map((event: Event) => (
              <Box
                component="li"
                key={keyOf(event)}
                sx={{ py: 1, borderTop: 1, borderColor: 'divider' }}
              >
                <EventLine event={event} measure={measure} />
              </Box>
            ))}
          </Box>
          {events.hasMore ? (
            <Button
              sx={buttonSx}
              onClick={events.loadMore}
              disabled={events.loadingMore}
            >
              {events.loadingMore ? 'Loading…' : 'Show more'}
            </Button>
          ) : (
            <Sub>
              {items.length === 1
                ? 'This is the only event.'
                : `These are all ${items.length} events.`}
            </Sub>
          )}
        </>
      )}
    </PageState>
  );
}

function EventLine(props: { event: Event; measure: MeasureId }) {
  const { event, measure } = props;
  const promotionPath = useRouteRef(promotionRouteRef);
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: '2px 12px' }}>
        <b>
          <EntityRefLink
            entityRef={event.model}
            title={event.modelTitle}
            hideIcon
            disableTooltip
          />
          {event.version && ` ${event.version}`}
        </b>
        <Box sx={{ ml: 'auto', fontVariantNumeric: 'tabular-nums' }}>
          {event.value !== null && <b>{formatSpan(event.value)}</b>}
        </Box>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: '2px 12px' }}>
        <span>{event.detail}</span>
        <Counted event={event} measure={measure} />
      </Box>
      <Sub sx={{ display: 'flex', flexWrap: 'wrap', gap: '2px 12px' }}>
        <Time at={event.at} as="datetime" />
        {event.promotionId && (
          <Link to={promotionPath({ id: event.promotionId })}>
            Promotion {event.promotionId}
          </Link>
        )}
        {event.url && (
          <Link to={event.url}>{event.runId ? 'Pipeline run' : 'Details'}</Link>
        )}
      </Sub>
    </>
  );
}

/** For shares: whether this one counts among them. */
function Counted(props: { event: Event; measure: MeasureId }) {
  const { event, measure } = props;
  if (measure === 'change-failure-rate' && event.counted) {
    return <StateLabel verdict="failed">Counts as failure</StateLabel>;
  }
  if (measure === 'pipeline-reliability' && !event.counted) {
    return <StateLabel run="error">Lost run</StateLabel>;
  }
  if (measure === 'rework-rate' && event.counted) {
    return <StateLabel verdict="warned">Rework</StateLabel>;
  }
  if (measure === 'break-glass-rate' && event.counted) {
    return <StateLabel verdict="warned">Emergency</StateLabel>;
  }
  return event.counted ||
    measure === 'change-failure-rate' ||
    measure === 'rework-rate' ||
    measure === 'break-glass-rate' ? null : (
    <Sub>not counted: a link it needs is missing</Sub>
  );
}

function keyOf(event: Event): string {
  return [
    event.at,
    event.model,
    event.deploymentId,
    event.runId,
    event.kind,
  ].join('|');
}
