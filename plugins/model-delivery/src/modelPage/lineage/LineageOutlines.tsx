import { memo } from 'react';
import { useTheme } from '@mui/material/styles';
import type { LineageNode } from '@slipway/backstage-plugin-model-delivery-common';
import { useTones } from '../../components';
import { CanvasDrawing } from './CanvasDrawing';
import type { Positions } from './canvasGeometry';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';
import { toneOf } from './LineageNodeBox';

/** Nodes without what is written on them: for those who are too far away to read it. */
export const LineageOutlines = memo(function Outlines(props: {
  nodes: LineageNode[];
  positions: Positions;
  /** The nodes that belong to the picked one. */
  near: ReadonlySet<string> | null;
  /** Of the lines, in pixels of the canvas. */
  width: number;
}) {
  const { nodes, positions, near, width } = props;
  const { palette } = useTheme();
  const tones = useTones();
  const boxes = { near: '', far: '' };
  const sides = new Map<string, string>();
  for (const node of nodes) {
    const { x, y } = positions.get(node.id)!;
    boxes[near?.has(node.id) ? 'near' : 'far'] += boxAt(x, y, NODE_WIDTH);
    const color = tones[toneOf(node)].mark;
    sides.set(color, `${sides.get(color) ?? ''}${boxAt(x, y, 16)}`);
  }
  return (
    <CanvasDrawing>
      <g fill={palette.background.paper} strokeWidth={width}>
        <path d={boxes.far} stroke={palette.text.disabled} />
        <path d={boxes.near} stroke={palette.text.primary} />
      </g>
      {[...sides].map(([color, path]) => (
        <path key={color} d={path} fill={color} />
      ))}
    </CanvasDrawing>
  );
});

function boxAt(x: number, y: number, width: number): string {
  return `M${x} ${y}h${width}v${NODE_HEIGHT}h${-width}z`;
}
