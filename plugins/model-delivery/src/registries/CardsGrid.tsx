import Box from '@mui/material/Box';
import { ReactNode } from 'react';

/** Cards beside each other, as many as there is room for. */
export function CardsGrid(props: { children: ReactNode }) {
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2.5,
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 480px), 1fr))',
        alignItems: 'start',
      }}
    >
      {props.children}
    </Box>
  );
}
