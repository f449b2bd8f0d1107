import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type {
  Measure,
  MetricsReport,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber, formatShare, Sparkline } from '../charts';
import { icons, StateLabel, Sub, VisuallyHidden } from '../components';
import {
  measureText,
  measureValue,
  measureWords,
  sampleText,
  targetText,
} from './measureText';

/** One measure: value with unit, target, course, what it rests on, and the way to its events. */
export function MeasureTile(props: {
  measure: Measure;
  report: MetricsReport;
  onEvents: () => void;
}) {
  const { measure, report, onEvents } = props;
  const words = measureWords[measure.id];
  const value = measureValue(measure);
  const isNone = hasNoFailure(measure, report);
  return (
    <Box
      component="section"
      aria-label={words.title}
      sx={{
        display: 'flex',
        flexDirection: 'column',
        gap: 0.75,
        p: { xs: '10px', sm: '14px' },
        borderRadius: '8px',
        minWidth: 0,
        fontVariantNumeric: 'tabular-nums',
        ...(value
          ? { bgcolor: 'background.paper' }
          : { border: 1, borderColor: 'text.secondary' }),
      }}
    >
      <Box
        component="h2"
        title={words.definition}
        sx={{ m: 0, fontSize: 13, lineHeight: '18px', fontWeight: 700 }}
      >
        {words.title}
      </Box>
      {value ? (
        <Box
          component="p"
          sx={{ m: 0, fontSize: 28, lineHeight: '34px', fontWeight: 700 }}
        >
          {value.value}{' '}
          <Box
            component="small"
            sx={{ fontSize: 13, fontWeight: 400, color: 'text.secondary' }}
          >
            {value.unit}
            {measure.unit === 'seconds' && ' median'}
          </Box>
        </Box>
      ) : (
        <Box component="p" sx={{ m: 0, fontSize: 20, lineHeight: '34px' }}>
          {isNone ? 'None' : 'No data'}
        </Box>
      )}
      <div>
        <TargetLabel measure={measure} isNone={isNone} />
        <TargetWords measure={measure} />
      </div>
      {value ? (
        <Box sx={{ my: 0.5 }}>
          <Sparkline
            values={measure.trend.map(point => point.value)}
            limit={limitInReach(measure)}
            label={courseText(measure)}
            fluid
          />
        </Box>
      ) : (
        <Sub>
          {isNone
            ? `None of the deployments failed, so there was nothing to recover from.`
            : words.noData}
        </Sub>
      )}
      <Sub sx={{ mt: 'auto' }}>
        {sampleText(measure)}
        {measure.interval &&
          `, interval ${formatNumber(measure.interval.low * 100, {
            digits: 1,
          })} to ${formatShare(measure.interval.high, 1)}`}
        {measure.unit !== 'count' && (
          <>
            <br />
            {measure.coverage === null
              ? 'coverage: no data'
              : `coverage ${formatShare(measure.coverage, 0)}`}
          </>
        )}
      </Sub>
      {measure.sampleSize > 0 && (
        <Button
          size="small"
          onClick={onEvents}
          sx={{
            alignSelf: 'flex-start',
            p: 0,
            minWidth: 0,
            minHeight: 24,
            textTransform: 'none',
            fontWeight: 400,
          }}
        >
          See the events
          <VisuallyHidden> of {words.title}</VisuallyHidden>
        </Button>
      )}
    </Box>
  );
}

/** Whether a recovery time is missing because nothing failed, which is not the same as not knowing. */
function hasNoFailure(measure: Measure, report: MetricsReport): boolean {
  const failures = report.measures.find(
    one => one.id === 'change-failure-rate',
  );
  return (
    measure.id === 'recovery-time' &&
    measure.value === null &&
    failures?.value === 0 &&
    failures.sampleSize > 0
  );
}

function TargetLabel(props: { measure: Measure; isNone: boolean }) {
  const { measure, isNone } = props;
  if (isNone) {
    return <StateLabel verdict="passed">Nothing failed</StateLabel>;
  }
  if (measure.value === null) {
    return (
      <StateLabel
        appearance={{
          label: 'Nothing to count',
          tone: 'neutral',
          icon: icons.NoEvidenceIcon,
        }}
      />
    );
  }
  if (measure.meetsTarget === null) {
    return null;
  }
  return measure.meetsTarget ? (
    <StateLabel verdict="passed">On target</StateLabel>
  ) : (
    <StateLabel verdict="failed">Misses target</StateLabel>
  );
}

function TargetWords(props: { measure: Measure }) {
  const { measure } = props;
  const p90 =
    measure.p90 === null
      ? null
      : measureText({ value: measure.p90, unit: measure.unit });
  const parts = [
    p90 && `p90 ${p90}`,
    targetText(measure) ?? 'shown, no target',
  ];
  return (
    <Sub sx={{ minHeight: measure.value === null ? 0 : 32 }}>
      {parts.filter(Boolean).join(', ')}
    </Sub>
  );
}

/** The target, unless it lies so far off that drawing it would flatten the course. */
function limitInReach(measure: Measure): number | null {
  const known = measure.trend.flatMap(point => point.value ?? []);
  if (!measure.target || known.length === 0) {
    return null;
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  const reach = Math.max(high - low, high * 0.25);
  const { value } = measure.target;
  return value >= low - reach && value <= high + reach ? value : null;
}

function courseText(measure: Measure): string {
  const known = measure.trend.flatMap(point => point.value ?? []);
  const say = (value: number) =>
    measureText({ value, unit: measure.unit }) ?? '';
  return known.length === 0
    ? 'No course'
    : `Over ${formatNumber(measure.trend.length, {
        digits: 0,
      })} weeks from ${say(known[0])} to ${say(
        known[known.length - 1],
      )}, lowest ${say(Math.min(...known))}, highest ${say(
        Math.max(...known),
      )}`;
}
