import {
  formatCoarse,
  formatDuration,
  formatExact,
  formatRelative,
  Moment,
  stepFor,
  toMillis,
  useNow,
} from './clock';

/** What a {@link Time} shows. */
export interface TimeProps {
  at: Moment;
  /**
   * `relative`: `52 min ago` or `in 3 min`; `since`: `52 min`; `clock`: `13:20` in the reader's time; `date`: `5 Nov 2026`;
   * `datetime`: `5 Nov 2026, 13:20`.
   */
  as?: 'relative' | 'since' | 'clock' | 'date' | 'datetime';
}

/** A moment, with its exact UTC and local time on hover and for machines. */
export function Time(props: TimeProps) {
  const { at, as = 'relative' } = props;
  const now = useNow(stepFor(at));
  return (
    <time
      dateTime={new Date(toMillis(at)).toISOString()}
      title={formatExact(at)}
      style={{ whiteSpace: 'nowrap' }}
    >
      {write(at, as, now)}
    </time>
  );
}

function write(at: Moment, as: NonNullable<TimeProps['as']>, now: number) {
  const date = new Date(toMillis(at));
  switch (as) {
    case 'since':
      return formatCoarse((now - toMillis(at)) / 1000);
    case 'clock':
      return date.toLocaleTimeString('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
      });
    case 'date':
      return date.toLocaleDateString('en-GB', { dateStyle: 'medium' });
    case 'datetime':
      return date.toLocaleString('en-GB', {
        dateStyle: 'medium',
        timeStyle: 'short',
      });
    default:
      return formatRelative(at, now);
  }
}

/** A length of time: given, or from one moment to another, or until now while it runs. */
export function Duration(
  props: { seconds: number } | { from: Moment; to?: Moment | null },
) {
  const now = useNow('seconds' in props || props.to ? 60_000 : 1000);
  const seconds =
    'seconds' in props
      ? props.seconds
      : (toMillis(props.to ?? now) - toMillis(props.from)) / 1000;
  return (
    <span style={{ whiteSpace: 'nowrap' }} title={`${Math.round(seconds)} s`}>
      {formatDuration(Math.max(0, seconds))}
    </span>
  );
}
