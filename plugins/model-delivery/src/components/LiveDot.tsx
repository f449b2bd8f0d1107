import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';
import { formatExact, formatRelative, useNow } from './clock';
import { useTones } from './tones';
import { VisuallyHidden } from './VisuallyHidden';

/** How fresh what one sees is. */
export type LiveStatus = 'live' | 'polling' | 'stale';

const pulse = keyframes`50% { opacity: 0.45; }`;

/** "Live, updated 2 s ago", "Polling" or "Stale since": one per page. */
export function LiveDot(props: {
  status: LiveStatus;
  /** Milliseconds since 1970 of the last answer; null before the first. */
  updatedAt: number | null;
}) {
  const { status, updatedAt } = props;
  const now = useNow(1000);
  const tones = useTones();
  const colors = {
    live: tones.ok.mark,
    polling: tones.running.mark,
    stale: tones.warned.mark,
  };
  const words: Record<LiveStatus, string> = {
    live: 'Live',
    polling: 'Polling',
    stale: 'Stale',
  };
  let since = '';
  if (updatedAt !== null) {
    // A clock that lags the last answer by less than a tick must not say "in 1 s"
    const ago = formatRelative(Math.min(updatedAt, now), now);
    since =
      status === 'stale'
        ? ` since ${new Date(updatedAt).toLocaleTimeString('en-GB')}`
        : `, updated ${ago}`;
  }
  return (
    <Box
      component="span"
      title={updatedAt === null ? undefined : formatExact(updatedAt)}
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: '6px',
        fontSize: 12,
        lineHeight: '16px',
        whiteSpace: 'nowrap',
        color: 'text.secondary',
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      <Box
        // Beats once with each answer: a dot that pulses without end keeps the browser drawing
        key={updatedAt}
        component="span"
        sx={{
          width: 8,
          height: 8,
          borderRadius: '50%',
          bgcolor: colors[status],
          animation: status === 'live' ? `${pulse} 0.8s ease-in-out` : '',
          '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
        }}
      />
      {words[status]}
      {since}
      <VisuallyHidden role="status">
        {status === 'stale' ? 'What you see is no longer up to date' : ''}
      </VisuallyHidden>
    </Box>
  );
}
