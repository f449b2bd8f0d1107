import { ReactNode } from 'react';
import Box from '@mui/material/Box';

/** One of several ways to look at something, pressed or not; they belong into a group with a name. */
export function Choice(props: {
  current: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const { current, onClick, children } = props;
  return (
    <Box
      component="button"
      type="button"
      aria-pressed={current}
      onClick={onClick}
      sx={{
        height: { xs: 36, sm: 28 },
        px: '10px',
        borderRadius: '18px',
        border: '1px solid',
        borderColor: current ? 'text.primary' : 'divider',
        bgcolor: current ? 'text.primary' : 'background.paper',
        color: current ? 'background.paper' : 'text.primary',
        font: 'inherit',
        fontSize: 13,
        cursor: 'pointer',
      }}
    >
      {children}
    </Box>
  );
}
