import Box from '@mui/material/Box';
import { useTones, VisuallyHidden } from '../../components';
import { IncidentMark } from './timeline';

/** An incident on the line of the environment whose deployment caused it, where it was noticed. */
export function IncidentSign(props: { mark: IncidentMark }) {
  const { incident, version, left } = props.mark;
  const colors = useTones().failed;
  const text = `Incident of ${version}, ${incident.detectedAt.slice(0, 10)}: ${
    incident.title
  }, ${
    incident.resolvedAt
      ? `resolved ${incident.resolvedAt.slice(0, 10)}`
      : 'not resolved'
  }`;
  return (
    <Box
      component="li"
      title={text}
      sx={{
        position: 'absolute',
        zIndex: 2,
        bottom: 0,
        left: `clamp(0px, calc(${left}% - 7px), calc(100% - 14px))`,
        width: 14,
        height: 14,
        fontSize: 12,
        lineHeight: '14px',
        textAlign: 'center',
        color: colors.text,
        bgcolor: 'background.paper',
        borderRadius: '3px',
      }}
    >
      <span aria-hidden>▲</span>
      <VisuallyHidden>{text}</VisuallyHidden>
    </Box>
  );
}
