import { memo } from 'react';
import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import { CanvasDrawing } from './CanvasDrawing';
import type { Layout, Point } from './layoutGraph';

/** How round its corners are, in pixels. */
const RADIUS = 8;

/** The head of an arrow that points to the right, in pixels. */
const HEAD = { length: 8, width: 8 };

/**
 * The edges, behind the nodes: all in two paths, those that belong to the picked node before the others. An element for each
 * would take longer to make than all else on the canvas.
 */
export const LineageLines = memo(function Lines(props: {
  edges: LineageGraph['edges'];
  routes: Layout['edges'];
  /** The nodes whose edges are before the others. */
  near: ReadonlySet<string> | null;
  colors: { near: string; far: string };
  /** How much wider than usual, for those who are far away. */
  width: number;
}) {
  const { edges, routes, near, colors, width } = props;
  const paths = { near: { line: '', heads: '' }, far: { line: '', heads: '' } };
  for (const { from, to } of edges) {
    const points = routes.get(`${from}\n${to}`);
    if (points && points.length > 1) {
      const path = paths[near?.has(from) && near.has(to) ? 'near' : 'far'];
      path.line += lineBy(points);
      path.heads += headAt(points[points.length - 1]);
    }
  }
  return (
    <CanvasDrawing behind>
      {(['far', 'near'] as const).map(each => (
        <g key={each} stroke={colors[each]} fill={colors[each]}>
          <path
            d={paths[each].line}
            fill="none"
            strokeWidth={(each === 'near' ? 1.5 : 1) * width}
          />
          <path d={paths[each].heads} stroke="none" />
        </g>
      ))}
    </CanvasDrawing>
  );
});

/** An SVG path by the points, with its corners rounded; it ends where its head begins. */
function lineBy(points: Point[]): string {
  const corners = points.slice(1, -1).map((corner, i) => {
    const into = towards(corner, points[i]);
    const out = towards(corner, points[i + 2]);
    return `L${into.x} ${into.y}Q${corner.x} ${corner.y} ${out.x} ${out.y}`;
  });
  const last = points[points.length - 1];
  return [
    `M${points[0].x} ${points[0].y}`,
    ...corners,
    `L${last.x - HEAD.length} ${last.y}L${last.x} ${last.y}`,
  ].join('');
}

function headAt({ x, y }: Point): string {
  return `M${x} ${y}l${-HEAD.length} ${-HEAD.width / 2}v${HEAD.width}z`;
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
