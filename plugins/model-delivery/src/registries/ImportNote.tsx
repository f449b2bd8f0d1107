import type { RegistryHealth } from '@slipway/backstage-plugin-model-delivery-common';
import { formatDuration, Time, toMillis, useNow } from '../components';
import { Notice } from '../promotions/Notice';

/** Below this many seconds a rate says nothing. */
const LEAST_SECONDS = 5;

/** How far the reading of everything is. A registry does not say how much it holds, so there is no percentage. */
export function ImportNote(props: {
  progress: NonNullable<RegistryHealth['import']>;
  isFirst: boolean;
}) {
  const { progress, isFirst } = props;
  const { startedAt, versions, reachedAt } = progress;
  const seconds = (useNow(5_000) - toMillis(startedAt)) / 1_000;
  return (
    <Notice tone="running">
      {isFirst
        ? 'Everything is being read for the first time'
        : 'Everything is being read again'}
      : {versions.toLocaleString('en')} versions in{' '}
      {formatDuration(Math.max(0, seconds))}
      {seconds >= LEAST_SECONDS &&
        `, ${(versions / seconds).toLocaleString('en', {
          maximumSignificantDigits: 2,
        })} a second`}
      .
      {reachedAt && (
        <>
          {' '}
          It goes by when versions were created, and is at{' '}
          <Time at={reachedAt} as="datetime" />.
        </>
      )}{' '}
      An interruption loses nothing.
    </Notice>
  );
}
