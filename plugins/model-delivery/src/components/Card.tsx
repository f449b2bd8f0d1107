import { ReactNode, useId } from 'react';
import Box from '@mui/material/Box';
import type { SxProps, Theme } from '@mui/material/styles';

/** What a {@link Card} holds. */
export interface CardProps {
  /** Its heading; without one give a `label`. */
  title?: ReactNode;
  /** Name of the region where there is no heading. */
  label?: string;
  /** Right after the heading, such as a state. */
  state?: ReactNode;
  /** At the right end of the heading's line, small and grey. */
  aside?: ReactNode;
  /** Links below a line. */
  footer?: ReactNode;
  /** Heading level, 2 unless given. */
  level?: 2 | 3;
  children?: ReactNode;
  sx?: SxProps<Theme>;
}

/** A section on paper, as Backstage's cards, with its heading, what stands beside it, and its links. */
export function Card(props: CardProps) {
  const { title, label, state, aside, footer, level = 2, children, sx } = props;
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={title ? id : undefined}
      aria-label={title ? undefined : label}
      sx={[
        {
          bgcolor: 'background.paper',
          borderRadius: '8px',
          p: 2,
          minWidth: 0,
          fontFamily: theme => theme.typography.fontFamily,
          fontSize: 13,
          lineHeight: '18px',
          fontVariantNumeric: 'tabular-nums',
        },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {(title || state || aside) && (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: '4px 12px',
            minHeight: 24,
            mb: 1.5,
          }}
        >
          {title && (
            <Box
              component={`h${level}` as const}
              id={id}
              sx={{
                m: 0,
                fontSize: level === 2 ? 16 : 13,
                lineHeight: level === 2 ? '24px' : '20px',
                fontWeight: 700,
              }}
            >
              {title}
            </Box>
          )}
          {state}
          {aside && (
            <Box
              sx={{
                ml: { sm: 'auto' },
                textAlign: { sm: 'right' },
                fontSize: 12,
                lineHeight: '16px',
                color: 'text.secondary',
              }}
            >
              {aside}
            </Box>
          )}
        </Box>
      )}
      {children}
      {footer && (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: '4px 16px',
            mt: 1.5,
            pt: 1.5,
            borderTop: 1,
            borderColor: 'divider',
          }}
        >
          {footer}
        </Box>
      )}
    </Box>
  );
}
