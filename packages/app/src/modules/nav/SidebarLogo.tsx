import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import Box from '@mui/material/Box';
import { SlipwayLogo } from './SlipwayLogo';

/** The logo at the top of the sidebar: the way back to the first page. */
export function SidebarLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Box
      sx={{
        width: sidebarConfig.drawerWidthClosed,
        height: 3 * sidebarConfig.logoHeight,
        display: 'flex',
        alignItems: 'center',
        mb: '-14px',
      }}
    >
      <Box sx={{ ml: '20px', '& a': { color: '#7df3e1', display: 'flex' } }}>
        <Link to="/" underline="none" aria-label="Slipway, first page">
          <SlipwayLogo height={30} markOnly={!isOpen} />
        </Link>
      </Box>
    </Box>
  );
}
