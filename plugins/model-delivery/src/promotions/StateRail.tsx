import Box from '@mui/material/Box';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import {
  appearanceOf,
  formatDuration,
  icons,
  Time,
  useTones,
} from '../components';
import { railOf, RailStation } from './rail';

/** States that are passed through without being good news: they keep their own sign. */
const OWN_SIGN = [
  'rejected',
  'expired',
  'cancelled',
  'rolling-back',
  'rolled-back',
  'blocked',
  'paused',
  'errored',
];

/** The stations of a promotion from request to full traffic: passed, present and still ahead. */
export function StateRail(props: { promotion: Promotion }) {
  const { promotion } = props;
  const stations = railOf(promotion);
  return (
    <Box
      component="ol"
      aria-label="State of this promotion"
      sx={{
        listStyle: 'none',
        m: 0,
        mt: 2.5,
        p: 0,
        display: 'grid',
        gap: { xs: '10px', md: 0 },
        gridTemplateColumns: {
          xs: '1fr',
          md: `repeat(${stations.length}, minmax(0, 1fr))`,
        },
      }}
    >
      {stations.map((station, index) => (
        <Station
          key={station.state}
          station={station}
          next={stations[index + 1]}
          promotion={promotion}
        />
      ))}
    </Box>
  );
}

function Station(props: {
  station: RailStation;
  next: RailStation | undefined;
  promotion: Promotion;
}) {
  const { station, next, promotion } = props;
  const tones = useTones();
  const { label, tone, icon } = appearanceOf({ promotion: station.state });
  const isBad = OWN_SIGN.includes(station.state);
  const isDone = station.position === 'done';
  let Icon = icon;
  let color = tones[tone].text;
  if (isDone && next?.state === 'rolling-back') {
    Icon = icons.StoppedIcon;
    color = tones.failed.text;
  } else if (isDone && !isBad) {
    Icon = icons.PassedIcon;
    color = tones.ok.text;
  } else if (station.position === 'ahead') {
    Icon = icons.WaitingIcon;
    color = tones.neutral.text;
  }
  const line = isDone
    ? `2px solid ${isBad ? tones.neutral.mark : tones.ok.mark}`
    : `2px dotted ${tones.neutral.mark}`;
  const share =
    station.state === 'rolling-out' &&
    station.position === 'current' &&
    promotion.share !== null
      ? ` ${promotion.share} %`
      : '';

  return (
    <Box
      component="li"
      aria-current={station.position === 'current' ? 'step' : undefined}
      sx={{
        position: 'relative',
        p: { xs: '0 0 0 28px', md: '26px 8px 0 0' },
        fontSize: 13,
        lineHeight: '18px',
        color: station.position === 'ahead' ? 'text.secondary' : 'text.primary',
        ...(next && {
          '&::after': {
            content: '""',
            position: 'absolute',
            top: { xs: 22, md: 8 },
            bottom: { xs: -8, md: 'auto' },
            left: { xs: 8, md: 24 },
            right: { xs: 'auto', md: 6 },
            borderTop: { xs: 0, md: line },
            borderLeft: { xs: line, md: 0 },
          },
        }),
      }}
    >
      <Icon
        sx={{ position: 'absolute', top: 0, left: 0, fontSize: 18, color }}
      />
      <Box
        component="b"
        sx={{
          display: 'block',
          ...(station.position === 'current' && { color }),
        }}
      >
        {label}
        {share}
      </Box>
      <Box
        component="span"
        sx={{ fontSize: 12, lineHeight: '16px', color: 'text.secondary' }}
      >
        {station.at ? (
          <>
            {station.position === 'current' && 'since '}
            <ClockOrDate at={station.at} />
            {station.seconds !== undefined &&
              station.seconds >= 1 &&
              `, took ${formatDuration(station.seconds)}`}
          </>
        ) : (
          'ahead'
        )}
      </Box>
    </Box>
  );
}

/** The time of day while it is today's, otherwise the date. */
export function ClockOrDate(props: { at: string }) {
  const isToday =
    new Date(props.at).toDateString() === new Date().toDateString();
  return <Time at={props.at} as={isToday ? 'clock' : 'date'} />;
}
