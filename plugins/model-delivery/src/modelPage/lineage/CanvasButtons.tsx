import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Panel, useReactFlow } from '@xyflow/react';
import { boundsOf, Positions } from './canvasGeometry';

/** Buttons on the canvas that bring one nearer to it or further away. */
export function CanvasButtons(props: { positions: Positions | undefined }) {
  const { positions } = props;
  const flow = useReactFlow();
  const showAll = () =>
    positions && flow.fitBounds(boundsOf(positions), { padding: 0.05 });
  return (
    <Panel position="bottom-right" style={{ margin: 8 }}>
      <Box sx={{ display: 'flex', gap: 0.5 }}>
        <ZoomButton label="Smaller" onClick={() => flow.zoomOut()}>
          −
        </ZoomButton>
        <ZoomButton label="Larger" onClick={() => flow.zoomIn()}>
          +
        </ZoomButton>
        <ZoomButton label="Whole graph" onClick={showAll}>
          Whole
        </ZoomButton>
      </Box>
    </Panel>
  );
}

function ZoomButton(props: {
  label: string;
  onClick: () => void;
  children: string;
}) {
  return (
    <Button
      size="small"
      variant="outlined"
      aria-label={props.label}
      onClick={props.onClick}
      sx={{
        minWidth: 32,
        textTransform: 'none',
        '&, &:hover': { bgcolor: 'background.paper' },
      }}
    >
      {props.children}
    </Button>
  );
}
