import { memo } from 'react';
import { BaseEdge, Edge, EdgeProps, getBezierPath } from '@xyflow/react';
import type { Point } from './layoutGraph';

/** An edge as the canvas holds it: with the points that the layout leads it by, around nodes. */
export type CanvasEdge = Edge<{ points: Point[] }, 'lineage'>;

/** How round its corners are, in pixels. */
const RADIUS = 8;

/** One edge on the canvas. */
export const LineageEdgeLine = memo(function Line(
  props: EdgeProps<CanvasEdge>,
) {
  const { data, style, markerEnd } = props;
  const points = data?.points ?? [];
  const path = points.length > 1 ? pathBy(points) : getBezierPath(props)[0];
  return <BaseEdge path={path} style={style} markerEnd={markerEnd} />;
});

/** An SVG path by the points, with its corners rounded. */
function pathBy(points: Point[]): string {
  const corners = points.slice(1, -1).map((corner, i) => {
    const into = towards(corner, points[i]);
    const out = towards(corner, points[i + 2]);
    return `L ${into.x} ${into.y} Q ${corner.x} ${corner.y} ${out.x} ${out.y}`;
  });
  const last = points[points.length - 1];
  return [
    `M ${points[0].x} ${points[0].y}`,
    ...corners,
    `L ${last.x} ${last.y}`,
  ].join(' ');
}

/** The point on the way from a corner to another point where the rounding begins. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return {
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  };
}
