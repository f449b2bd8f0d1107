import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type { SxProps, Theme } from '@mui/material/styles';

/** The second line of a row: the qualifier of a fact, in grey. */
export function Sub(props: { children: ReactNode; sx?: SxProps<Theme> }) {
  const { children, sx } = props;
  return (
    <Box
      component="span"
      className="sub"
      sx={[
        {
          display: 'block',
          fontSize: 12,
          lineHeight: '16px',
          fontWeight: 400,
          color: 'text.secondary',
        },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {children}
    </Box>
  );
}

/** A small heading in capitals above a part of a card. */
export function Caption(props: { children: ReactNode; sx?: SxProps<Theme> }) {
  const { children, sx } = props;
  return (
    <Box
      component="h3"
      sx={[
        {
          m: '16px 0 6px',
          fontSize: 11,
          lineHeight: '16px',
          letterSpacing: '.06em',
          textTransform: 'uppercase',
          fontWeight: 700,
          color: 'text.secondary',
        },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {children}
    </Box>
  );
}

/** Names and values, one pair a line; pairs without a value are left out. */
export function Facts(props: {
  items: { label: string; value: ReactNode }[];
  sx?: SxProps<Theme>;
}) {
  const { items, sx } = props;
  return (
    <Box
      component="dl"
      sx={[
        {
          m: 0,
          display: 'grid',
          gridTemplateColumns: 'max-content minmax(0, 1fr)',
          gap: '6px 16px',
          fontSize: 13,
          lineHeight: '18px',
          '& dt': { color: 'text.secondary' },
          '& dd': { m: 0, overflowWrap: 'anywhere' },
        },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {items
        .filter(item => item.value !== null && item.value !== undefined)
        .map(item => [
          <dt key={`${item.label} name`}>{item.label}</dt>,
          <dd key={item.label}>{item.value}</dd>,
        ])}
    </Box>
  );
}

/** Monospaced text, such as a condition. */
export function Code(props: { children: ReactNode; block?: boolean }) {
  const { children, block } = props;
  return (
    <Box
      component="code"
      sx={{
        fontFamily:
          'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
        fontSize: 12,
        lineHeight: '18px',
        overflowWrap: 'anywhere',
        ...(block && {
          display: 'block',
          whiteSpace: 'pre-wrap',
          p: '8px 10px',
          borderRadius: '4px',
          bgcolor: 'action.hover',
        }),
      }}
    >
      {children}
    </Box>
  );
}
