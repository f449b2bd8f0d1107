import Box from '@mui/material/Box';
import type {
  Promotion,
  Rollout,
  RolloutStep,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber } from '../charts';
import {
  Card,
  formatCoarse,
  formatDuration,
  icons,
  PersonName,
  StateLabel,
  Sub,
  toMillis,
  Tone,
  useNow,
  useTones,
} from '../components';
import { ClockOrDate } from './StateRail';

const meanings: Record<Rollout['plan']['strategy'], string> = {
  canary: 'Canary, judged once per step, fails closed',
  'blue-green': 'Blue-green, all traffic in one switch, fails closed',
  direct: 'Direct, all traffic at once',
};

/** The steps of a rollout, each with its share, window, samples and verdict. */
export function RolloutSteps(props: {
  promotion: Promotion;
  rollout: Rollout;
}) {
  const { promotion, rollout } = props;
  const next = rollout.steps.find(step => step.state === 'pending');
  return (
    <Card
      title="Rollout steps"
      aside={
        rollout.plan.adoptedShare === undefined
          ? meanings[rollout.plan.strategy]
          : 'Adopts what it was found to have: no traffic is taken from it'
      }
    >
      <Box
        component="ol"
        sx={{
          listStyle: 'none',
          m: 0,
          p: 0,
          display: 'grid',
          gap: 1.5,
          gridTemplateColumns: {
            xs: 'repeat(2, minmax(0, 1fr))',
            md: `repeat(${Math.min(rollout.steps.length, 4)}, minmax(0, 1fr))`,
          },
        }}
      >
        {rollout.steps.map(step => (
          <Step
            key={step.index}
            step={step}
            isNext={step === next}
            isPaused={promotion.state === 'paused' && step.state === 'running'}
          />
        ))}
      </Box>
    </Card>
  );
}

function Step(props: {
  step: RolloutStep;
  isNext: boolean;
  isPaused: boolean;
}) {
  const { step, isNext, isPaused } = props;
  const tones = useTones();
  const isCurrent = step.state === 'running';
  return (
    <Box
      component="li"
      aria-current={isCurrent ? 'step' : undefined}
      sx={{
        border: 1,
        borderColor: isCurrent ? tones.running.text : 'divider',
        boxShadow: isCurrent ? `inset 0 0 0 1px ${tones.running.text}` : 'none',
        borderRadius: '8px',
        p: '10px 12px',
      }}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          justifyContent: 'space-between',
          alignItems: 'center',
          columnGap: 1,
        }}
      >
        <Box component="b" sx={{ fontSize: 18, lineHeight: '24px' }}>
          {step.share} %
        </Box>
        {step.state === 'pending' ? (
          <StateLabel
            appearance={{
              label: isNext ? 'Next' : 'Later',
              tone: 'neutral',
              icon: icons.WaitingIcon,
            }}
          />
        ) : (
          <StateLabel
            {...(isPaused ? { promotion: 'paused' } : { step: step.state })}
          />
        )}
      </Box>
      <Progress step={step} />
      {!isPaused && <StepTimes step={step} />}
      <Sub sx={{ display: step.minimumSamples > 0 ? 'block' : 'none' }}>
        {step.samples === null
          ? `at least ${count(step.minimumSamples)} samples`
          : `${count(step.samples)} of ${count(step.minimumSamples)} samples`}
      </Sub>
      {step.skip && (
        <Sub>
          Skipped by <PersonName principal={step.skip.by} />: {step.skip.reason}
        </Sub>
      )}
    </Box>
  );
}

const windowTones: Partial<Record<RolloutStep['state'], Tone>> = {
  failed: 'failed',
  inconclusive: 'warned',
};

function Progress(props: { step: RolloutStep }) {
  const { step } = props;
  const tones = useTones();
  const now = useNow(1000);
  const done = shareOfWindow(step, now);
  const tone = windowTones[step.state] ?? 'running';
  return (
    <Box
      role="progressbar"
      aria-label={`Window of step ${step.share} %`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(done * 100)}
      sx={{
        height: 6,
        borderRadius: '3px',
        bgcolor: 'divider',
        overflow: 'hidden',
        m: '8px 0 6px',
      }}
    >
      <Box
        sx={{ height: 1, width: `${done * 100}%`, bgcolor: tones[tone].mark }}
      />
    </Box>
  );
}

function shareOfWindow(step: RolloutStep, now: number): number {
  if (step.judgedAt) {
    return 1;
  }
  if (step.state !== 'running' || !step.startedAt || !step.endsAt) {
    return 0;
  }
  const start = toMillis(step.startedAt);
  const length = Math.max(1, toMillis(step.endsAt) - start);
  return Math.min(1, Math.max(0, (now - start) / length));
}

function StepTimes(props: { step: RolloutStep }) {
  const { startedAt, endsAt, state, windowSeconds, skip } = props.step;
  const judgedAt = props.step.judgedAt ?? skip?.at;
  const now = useNow(1000);
  if (startedAt && judgedAt) {
    return (
      <Sub>
        <ClockOrDate at={startedAt} /> to <ClockOrDate at={judgedAt} />
      </Sub>
    );
  }
  if (state === 'running' && startedAt) {
    const passed = Math.max(0, now - toMillis(startedAt)) / 1000;
    return (
      <Sub>
        {formatCoarse(Math.min(passed, windowSeconds))} of{' '}
        {formatDuration(windowSeconds)}
        {endsAt && (
          <>
            , judged <ClockOrDate at={endsAt} />
          </>
        )}
      </Sub>
    );
  }
  return windowSeconds > 0 ? <Sub>{formatDuration(windowSeconds)}</Sub> : null;
}

function count(value: number): string {
  return formatNumber(value, { digits: 0 });
}
