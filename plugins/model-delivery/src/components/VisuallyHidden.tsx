import { ReactNode } from 'react';
import Box from '@mui/material/Box';

/** Hides an element from sight alone. */
export const visuallyHiddenSx = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
} as const;

/** Text for those who listen instead of look. */
export function VisuallyHidden(props: {
  children: ReactNode;
  role?: 'status' | 'alert';
}) {
  return (
    <Box component="span" role={props.role} sx={visuallyHiddenSx}>
      {props.children}
    </Box>
  );
}
