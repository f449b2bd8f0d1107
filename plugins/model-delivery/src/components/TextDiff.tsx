import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type { TextRun } from '@slipway/backstage-plugin-model-delivery-common';
import { Sub } from './text';
import { useTones } from './tones';
import { VisuallyHidden } from './VisuallyHidden';

/** Runs of lines that stayed, came and went, as plain text. */
export function TextDiff(props: { runs: TextRun[] }) {
  return (
    <Box
      sx={{
        mt: 1,
        fontFamily:
          'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
        fontSize: 12,
        lineHeight: '18px',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      {props.runs.map((run, i) =>
        run.change === 'same' ? (
          <div key={i}>{run.lines}</div>
        ) : (
          <div key={i}>
            <Marked as={run.change}>{run.lines}</Marked>
          </div>
        ),
      )}
    </Box>
  );
}

/** What went or came: by colour, by a sign, and in words. */
export function Marked(props: {
  as: 'added' | 'removed';
  children: ReactNode;
}) {
  const { as, children } = props;
  const tones = useTones();
  if (!children) {
    return <Sub>not there</Sub>;
  }
  const colors = as === 'added' ? tones.ok : tones.failed;
  return (
    <Box
      component={as === 'added' ? 'ins' : 'del'}
      sx={{
        display: 'grid',
        gridTemplateColumns: '12px minmax(0, 1fr)',
        px: 0.5,
        borderRadius: '4px',
        color: colors.text,
        bgcolor: colors.surface,
        textDecoration: 'none',
        '& a': { color: 'inherit' },
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      <span aria-hidden>{as === 'added' ? '+' : '−'}</span>
      <div>
        <VisuallyHidden>{as}: </VisuallyHidden>
        {children}
      </div>
    </Box>
  );
}
