import { ReactNode } from 'react';
import Box from '@mui/material/Box';

/** What is wider than the screen scrolls within this region, by keyboard too, and never the page. */
export function ScrollRegion(props: { label: string; children: ReactNode }) {
  return (
    <Box
      role="region"
      aria-label={props.label}
      tabIndex={0}
      sx={{
        overflowX: 'auto',
        position: 'relative',
        // So that what must not be wider than the region can say 100cqi
        containerType: 'inline-size',
      }}
    >
      {props.children}
    </Box>
  );
}
