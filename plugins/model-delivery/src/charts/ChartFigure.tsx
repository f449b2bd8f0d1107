import { ReactNode, Suspense, useId, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { ChartTable, ChartTableData } from './ChartTable';
import { ChartLegend, LegendEntry } from './ChartLegend';

/** What every chart has beside its drawing. */
export interface ChartFigureProps {
  title: string;
  /** Heading level of the title; `h2` for a card of its own. */
  titleLevel?: 'h2' | 'h3';
  subtitle?: ReactNode;
  /** Shown right of the title, such as a verdict. */
  aside?: ReactNode;
  /** What the chart shows in one or two sentences, for those who do not see it. */
  alternative: string;
  table: ChartTableData;
  legend?: LegendEntry[];
  /** Height of the drawing in pixels, kept while it loads. */
  height: number;
  /** Narrowest drawing in pixels that still can be read; below it the region scrolls. */
  minWidth?: number;
  children: ReactNode;
}

/** A chart with its title, legend and text alternative, and its numbers as a table for whoever prefers those. */
export function ChartFigure(props: ChartFigureProps) {
  const { title, titleLevel = 'h3', subtitle, aside, alternative } = props;
  const { table, legend, height, minWidth, children } = props;
  const [asTable, setAsTable] = useState(false);
  const titleId = useId();
  const isCard = titleLevel === 'h2';

  const toggle = (
    <Button
      size="small"
      onClick={() => setAsTable(shown => !shown)}
      aria-describedby={titleId}
      sx={{
        minHeight: 24,
        p: '0 4px',
        fontSize: 12,
        textTransform: 'none',
        fontWeight: 400,
        whiteSpace: 'nowrap',
      }}
    >
      {asTable ? 'As a chart' : 'As a table'}
    </Button>
  );

  return (
    <Box
      component="figure"
      aria-labelledby={titleId}
      sx={{ m: 0, minWidth: 0 }}
    >
      <Row>
        <Box
          component={titleLevel}
          id={titleId}
          sx={{
            fontSize: isCard ? 16 : 13,
            lineHeight: isCard ? '24px' : '20px',
            fontWeight: 700,
            m: 0,
          }}
        >
          {title}
        </Box>
        <Box sx={{ ml: 'auto' }}>{isCard ? toggle : aside}</Box>
      </Row>
      <Row>
        <Box
          sx={{
            // So that the drawings of charts side by side begin at one height.
            minHeight: isCard ? 0 : 32,
            fontSize: 12,
            lineHeight: '16px',
            color: 'text.secondary',
          }}
        >
          {subtitle}
        </Box>
        <Box sx={{ ml: 'auto' }}>{!isCard && toggle}</Box>
      </Row>
      {legend && !asTable && <ChartLegend entries={legend} />}
      {asTable ? (
        <ChartTable label={title} data={table} maxHeight={height + 100} />
      ) : (
        <Box
          tabIndex={minWidth ? 0 : undefined}
          role={minWidth ? 'region' : undefined}
          aria-label={minWidth ? `Chart: ${title}` : undefined}
          sx={{ overflowX: minWidth ? 'auto' : 'visible', mt: 1 }}
        >
          <Box
            role="img"
            aria-label={alternative}
            sx={{ height, minWidth, position: 'relative' }}
          >
            <Suspense fallback={null}>{children}</Suspense>
          </Box>
        </Box>
      )}
    </Box>
  );
}

function Row(props: { children: ReactNode }) {
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'flex-start',
        columnGap: 1,
      }}
    >
      {props.children}
    </Box>
  );
}
