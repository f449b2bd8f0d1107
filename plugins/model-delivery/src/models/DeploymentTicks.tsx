import { useTheme } from '@mui/material/styles';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { toMillis, useNow, useTones } from '../components';

const DAYS = 90;
const WIDTH = 84;
const HEIGHT = 22;

/** The production deployments of the last 90 days as ticks on a line; those rolled back are red triangles. */
export function DeploymentTicks(props: {
  deployments: ModelSummary['recentDeployments'];
}) {
  const { deployments } = props;
  const now = useNow(600_000);
  const tones = useTones();
  const line = useTheme().palette.divider;
  const rolledBack = deployments.filter(each => each.rolledBack).length;
  const label = `${
    deployments.length === 1
      ? '1 deployment'
      : `${deployments.length || 'No'} deployments`
  } in ${DAYS} days${rolledBack ? `, ${rolledBack} rolled back` : ''}`;
  const x = (at: string) =>
    Math.max(
      1,
      WIDTH - 2 - ((now - toMillis(at)) / (DAYS * 86_400_000)) * (WIDTH - 4),
    );
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
      style={{ display: 'block', overflow: 'visible' }}
    >
      <title>{label}</title>
      <path d={`M0 ${HEIGHT - 2.5}H${WIDTH}`} stroke={line} />
      {deployments.map(({ at, rolledBack: failed }, index) =>
        failed ? (
          <path
            key={index}
            d={`M${x(at)} 8l4 11h-8z`}
            fill={tones.failed.mark}
          />
        ) : (
          <rect
            key={index}
            x={x(at) - 1}
            y={6}
            width={2}
            height={13}
            fill={tones.running.mark}
          />
        ),
      )}
    </svg>
  );
}
