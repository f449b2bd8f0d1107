import { Header, HeaderProps } from '@backstage/ui';
import Box from '@mui/material/Box';

/** Backstage's page header, whose title and actions stand below each other on narrow screens instead of being cut. */
export function PageHeader(props: HeaderProps) {
  return (
    <Box
      sx={{
        '@media (max-width: 599px)': {
          '& .bui-HeaderContent': { flexWrap: 'wrap', rowGap: 1 },
          // Backstage lays the title over a box of one line; a second line would be cut away.
          '& .bui-HeaderTitleStack': {
            flexBasis: '100%',
            height: 'auto',
            overflow: 'visible',
          },
          '& .bui-HeaderBreadcrumbs': { position: 'static', transform: 'none' },
          '& .bui-HeaderTitle': { whiteSpace: 'normal' },
          // More tabs than a phone is wide scroll by themselves
          '& .bui-HeaderTabsWrapper': { overflowX: 'auto' },
        },
      }}
    >
      <Header {...props} />
    </Box>
  );
}
