import Box from '@mui/material/Box';
import type {
  Promotion,
  Rollout,
  TrafficWatch,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber } from '../charts';
import {
  Card,
  formatDuration,
  icons,
  StateAppearance,
  StateLabel,
  Time,
} from '../components';
import { AnalysisTable } from './AnalysisTable';
import { Notice } from './Notice';

const appearances: Record<TrafficWatch['state'], StateAppearance> = {
  watching: { label: 'Watched', tone: 'running', icon: icons.RunningIcon },
  over: { label: 'Over', tone: 'ok', icon: icons.PassedIcon },
  ended: { label: 'Ended', tone: 'neutral', icon: icons.StoppedIcon },
  failed: { label: 'Failed', tone: 'failed', icon: icons.FailedIcon },
};

/** How a version does after it took over all traffic, against the one before when that last served. */
export function WatchCard(props: {
  promotion: Promotion;
  rollout: Rollout;
  watch: TrafficWatch;
}) {
  const { promotion, rollout, watch } = props;
  const before = promotion.from?.version ?? 'the version before';
  return (
    <Card
      title="After full traffic"
      aside={<StateLabel appearance={appearances[watch.state]} />}
    >
      <Box component="p" sx={{ m: 0, mb: watch.analysis.length ? 1.5 : 0 }}>
        <Course watch={watch} before={before} />{' '}
        {watch.state === 'watching' && rollout.previousKeptUntil && (
          <>
            {before} is kept ready until{' '}
            <Time at={rollout.previousKeptUntil} as="datetime" />.
          </>
        )}
      </Box>
      {watch.state === 'watching' && watch.unseenSince && (
        <Box sx={{ mb: 1.5 }}>
          <Notice tone="warned">
            Nothing can be measured since{' '}
            <Time at={watch.unseenSince} as="datetime" />. It is tried again.
          </Notice>
        </Box>
      )}
      {watch.analysis.length > 0 && (
        <AnalysisTable
          label="After full traffic"
          analysis={watch.analysis}
          minimumSamples={rollout.plan.steps.at(-1)?.minimumSamples ?? 0}
        />
      )}
    </Card>
  );
}

function Course(props: { watch: TrafficWatch; before: string }) {
  const { watch, before } = props;
  const count = (n: number) => formatNumber(n, { digits: 0 });
  const judged =
    watch.windows === 0
      ? 'nothing is judged yet'
      : `${count(watch.windowsPassed)} of ${count(
          watch.windows,
        )} judgements passed`;
  if (watch.state === 'watching') {
    return (
      <>
        Compared with what {before} did when it last served, every{' '}
        {formatDuration(watch.windowSeconds)} until{' '}
        <Time at={watch.until} as="datetime" />: {judged}. Errors beyond their
        margin bring {before} back by themselves.
      </>
    );
  }
  return (
    <>
      {watch.endedAt && (
        <>
          Until <Time at={watch.endedAt} as="datetime" />:{' '}
        </>
      )}
      {watch.endedBecause}.
    </>
  );
}
