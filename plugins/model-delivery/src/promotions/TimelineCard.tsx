import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  ApiSchemas,
  AuditEntry,
  dataOf,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import {
  Caption,
  Card,
  PageState,
  PersonName,
  Sub,
  Time,
  Tone,
  useTones,
} from '../components';
import { formatNumber } from '../charts';
import { buttonSx } from './buttonSx';

const SHOWN_AT_FIRST = 8;

/** What happened to a promotion, entry by entry of the audit log, newest first. */
export function TimelineCard(props: { promotionId: string }) {
  const { promotionId } = props;
  const [isWhole, setIsWhole] = useState(false);
  const timeline = usePages<ApiSchemas['AuditPage']>(
    `promotion/${promotionId}/timeline`,
    ({ client, cursor, signal }) =>
      client
        .GET('/promotions/{id}/timeline', {
          params: { path: { id: promotionId }, query: { limit: 200, cursor } },
          signal,
        })
        .then(dataOf),
    entry => String(entry.index),
    {
      concerns: signal =>
        signal.type === 'promotion' && signal.id === promotionId,
    },
  );
  return (
    <Card title="Timeline">
      <PageState
        state={timeline}
        what="the timeline"
        isEmpty={entries => entries.length === 0}
        empty={{
          title: 'Nothing recorded yet',
          text: 'Each transition and decision is entered here as it happens.',
        }}
      >
        {entries => {
          const newestFirst = [...entries].reverse();
          const shown = isWhole
            ? newestFirst
            : newestFirst.slice(0, SHOWN_AT_FIRST);
          return (
            <>
              {timeline.hasMore && (
                <Button
                  sx={buttonSx}
                  size="small"
                  onClick={timeline.loadMore}
                  disabled={timeline.loadingMore}
                >
                  Load later entries
                </Button>
              )}
              <Days entries={shown} />
              {newestFirst.length > shown.length && (
                <Button
                  sx={buttonSx}
                  size="small"
                  onClick={() => setIsWhole(true)}
                >
                  All {formatNumber(newestFirst.length, { digits: 0 })}{' '}
                  {timeline.hasMore ? 'loaded entries' : 'entries'}
                </Button>
              )}
            </>
          );
        }}
      </PageState>
    </Card>
  );
}

function Days(props: { entries: AuditEntry[] }) {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of props.entries) {
    const day = new Date(entry.at).toDateString();
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return (
    <>
      {[...days].map(([day, entries]) => (
        <Box key={day}>
          <Caption sx={{ mt: 0 }}>
            {day === new Date().toDateString() ? (
              'Today'
            ) : (
              <Time at={entries[0].at} as="date" />
            )}
          </Caption>
          <Box component="ol" sx={{ listStyle: 'none', m: 0, mb: 2, p: 0 }}>
            {entries.map(entry => (
              <Entry key={entry.index} entry={entry} />
            ))}
          </Box>
        </Box>
      ))}
    </>
  );
}

function Entry(props: { entry: AuditEntry }) {
  const { entry } = props;
  const tones = useTones();
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: '40px minmax(0, 1fr)',
        gap: 2.5,
        pb: 1.5,
        position: 'relative',
        '&::before': {
          content: '""',
          position: 'absolute',
          left: 46,
          top: 5,
          width: 8,
          height: 8,
          borderRadius: '50%',
          bgcolor: tones[toneOf(entry.action)].mark,
          zIndex: 1,
        },
        '&:not(:last-of-type)::after': {
          content: '""',
          position: 'absolute',
          left: '49.5px',
          top: 8,
          bottom: -4,
          borderLeft: 1,
          borderColor: 'divider',
        },
      }}
    >
      <Box sx={{ fontSize: 12, color: 'text.secondary' }}>
        <Time at={entry.at} as="clock" />
      </Box>
      <Box sx={{ overflowWrap: 'anywhere' }}>
        {entry.summary}
        <Sub>
          <PersonName principal={entry.actor} />, entry{' '}
          {formatNumber(entry.index, { digits: 0 })}
        </Sub>
      </Box>
    </Box>
  );
}

function toneOf(action: string): Tone {
  if (/error/.test(action)) {
    return 'error';
  }
  if (/refus|reject|fail|rolled-back|expired|blocked/.test(action)) {
    return 'failed';
  }
  if (/void|paus|inconclusive|abort|cancel|rolling-back/.test(action)) {
    return 'warned';
  }
  if (/approv|succeeded|pass|judged/.test(action)) {
    return 'ok';
  }
  return /traffic|roll/.test(action) ? 'running' : 'neutral';
}
