import { ReactNode, useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { Container, HeaderMetadataItem } from '@backstage/ui';
import Box from '@mui/material/Box';
import { PageHeader } from './PageHeader';

/** What a {@link PageFrame} holds. */
export interface PageFrameProps {
  title: string;
  /** Above the title, from the outermost in. */
  breadcrumbs?: { label: string; href: string }[];
  /** Right of the title: what one can do. */
  actions?: ReactNode;
  /** Below the title: facts of the whole page. */
  metadata?: HeaderMetadataItem[];
  children: ReactNode;
}

/** A page in Backstage's shell: title, what one can do, facts, content. Works in both frontend systems. */
export function PageFrame(props: PageFrameProps) {
  const { title, breadcrumbs, actions, metadata, children } = props;
  const appTitle = useApi(configApiRef).getOptionalString('app.title');
  useEffect(() => {
    document.title = `${title} | ${appTitle ?? 'Backstage'}`;
  }, [title, appTitle]);
  return (
    <Box
      component="main"
      sx={{ fontFamily: theme => theme.typography.fontFamily }}
    >
      <PageHeader
        title={title}
        breadcrumbs={breadcrumbs}
        metadata={metadata}
        customActions={
          actions && (
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
              {actions}
            </Box>
          )
        }
      />
      <Container>{children}</Container>
    </Box>
  );
}
