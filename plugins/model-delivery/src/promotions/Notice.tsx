import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import { icons, Tone, useTones } from '../components';

const shapes = {
  ok: icons.PassedIcon,
  failed: icons.FailedIcon,
  warned: icons.WarnedIcon,
  running: icons.WaitingIcon,
  error: icons.ErrorIcon,
  neutral: icons.LockIcon,
};

/** A few sentences that one must not overlook. */
export function Notice(props: {
  tone: Tone;
  /** Read out when it appears. */
  alert?: boolean;
  /** For what is only good to know: without the lock of what is closed. */
  info?: boolean;
  children: ReactNode;
}) {
  const { tone, alert, info, children } = props;
  const colors = useTones()[tone];
  const Icon = info ? icons.InfoIcon : shapes[tone];
  return (
    <Box
      role={alert ? 'alert' : undefined}
      sx={{
        display: 'flex',
        gap: 1.25,
        p: '10px 12px',
        borderRadius: '4px',
        borderLeft: `3px solid ${colors.text}`,
        bgcolor: colors.surface,
        color: 'text.primary',
        fontFamily: theme => theme.typography.fontFamily,
        fontSize: 14,
        lineHeight: '20px',
      }}
    >
      <Icon
        sx={{ color: colors.text, fontSize: 18, flex: 'none', mt: '1px' }}
      />
      <Box sx={{ minWidth: 0, flex: 1 }}>{children}</Box>
    </Box>
  );
}
