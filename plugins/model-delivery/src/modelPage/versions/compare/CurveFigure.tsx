import {
  changeKindDash,
  ChartFigure,
  formatNumber,
  LineChart,
  useChartColors,
} from '../../../charts';
import { metricTitle } from '../../../components';
import { Curve, curveInWords, curveRows, ticksAround } from './curves';

/** Colours and dashes that are told apart, also without colours; as many as versions side by side. */
const LOOKS = ['code', 'data', 'configuration', 'base-model'] as const;
/** What the engine calls metrics; registries know other names too, which are best left as they are. */
const METRIC = /^[a-z][a-z0-9_]*$/;
/** Characters of a version's name that fit beside its line. */
const LONGEST_LABEL = 12;

/** One metric while training, a line for each version; `order` gives each version the same look in all charts. */
export function CurveFigure(props: { curve: Curve; order: string[] }) {
  const { curve, order } = props;
  const colors = useChartColors();
  const title = METRIC.test(curve.metric)
    ? metricTitle(curve.metric)
    : curve.metric;
  const lines = curve.lines.map(line => {
    const kind = LOOKS[order.indexOf(line.version) % LOOKS.length];
    return {
      ...line,
      color: colors.changeKind[kind],
      dash: changeKindDash[kind],
    };
  });
  const points = lines.flatMap(line => line.points);
  const { ticks, digits } = ticksAround([
    ...points.flatMap(({ y }) => y ?? []),
    // Where nothing was finite
    ...(points.some(({ y }) => y !== null) ? [] : [0]),
  ]);
  const xs = points.map(({ x }) => x);
  const [start, end] = [Math.min(...xs), Math.max(...xs)];
  const along = ticksAround([start, end]);
  const formatX = (x: number) =>
    curve.along === 'steps'
      ? `step ${formatNumber(x, { digits: 0 })}`
      : `${formatNumber(x, { digits: 1 })} min`;
  const formatY = (y: number) => formatNumber(y);
  return (
    <ChartFigure
      title={title}
      titleLevel="h3"
      subtitle={subtitleOf(curve)}
      legend={lines.map(({ version, color, dash }) => ({
        label: version,
        color,
        dash,
        mark: 'line',
      }))}
      height={200}
      alternative={`${title} while training. ${curveInWords(curve, formatY)}.`}
      table={{
        columns: [
          curve.along === 'steps' ? 'Step' : 'After',
          ...lines.map(({ version }) => version),
        ],
        rows: curveRows(curve, formatX, formatY),
      }}
    >
      <LineChart
        xDomain={[start, end]}
        xTicks={along.ticks.filter(
          tick =>
            tick >= start &&
            tick <= end &&
            (curve.along === 'minutes' || Number.isInteger(tick)),
        )}
        yDomain={[ticks[0], ticks[ticks.length - 1]]}
        yTicks={ticks}
        formatX={formatX}
        formatY={y => formatNumber(y, { digits })}
        endLabelWidth={
          20 +
          7 *
            Math.min(LONGEST_LABEL, Math.max(...order.map(each => each.length)))
        }
        series={lines.map(({ version, color, dash, points: drawn }) => ({
          id: version,
          title: version,
          color,
          dash,
          points: drawn,
          connectGaps: lines.length > 1,
          endLabel:
            version.length > LONGEST_LABEL
              ? `${version.slice(0, LONGEST_LABEL - 1)}…`
              : version,
        }))}
      />
    </ChartFigure>
  );
}

function subtitleOf(curve: Curve): string {
  return [
    curve.along === 'steps' ? 'By step' : 'By time; steps were not counted',
    ...(curve.lines.some(({ sampled }) => sampled)
      ? ['ends and spikes of more values']
      : []),
    ...(curve.without.length > 0
      ? [`no history of ${curve.without.join(', ')}`]
      : []),
  ].join('; ');
}
