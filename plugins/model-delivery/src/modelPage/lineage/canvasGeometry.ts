import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import { besideOf } from './graph';
import { Layout, NODE_HEIGHT, NODE_WIDTH, Point } from './layoutGraph';

/** Places of nodes by their ids. */
export type Positions = Layout['nodes'];

/** A part of the canvas, in pixels of it. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Height of the canvas, in pixels. */
const LOWEST = 320;
const HIGHEST = 600;
/** Width that even the narrowest screen leaves for it, in pixels. */
const NARROWEST = 280;
/** A zoom that one can go to whatever the size of the graph. */
const FAR_ZOOM = 0.1;

/** All that leads to a node, and all that it leads to. */
export function nearTo(graph: LineageGraph, id: string): Set<string> {
  const near = new Set<string>([id]);
  for (const [own, other] of [
    ['to', 'from'],
    ['from', 'to'],
  ] as const) {
    const beside = new Map<string, string[]>();
    for (const edge of graph.edges) {
      const known = beside.get(edge[own]);
      if (known) {
        known.push(edge[other]);
      } else {
        beside.set(edge[own], [edge[other]]);
      }
    }
    const open = [id];
    const seen = new Set(open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      near.add(next);
      for (const each of beside.get(next) ?? []) {
        if (!seen.has(each)) {
          seen.add(each);
          open.push(each);
        }
      }
    }
  }
  return near;
}

/** The node that an arrow key leads to: left to what it was made of, right to what was made of it, up and down beside it. */
export function nextByKey(
  { graph, positions }: { graph: LineageGraph; positions: Positions },
  id: string,
  key: string,
): string | undefined {
  const own = positions.get(id);
  if (!own) {
    return undefined;
  }
  const closest = (ids: string[]) =>
    ids.sort(
      (a, b) =>
        Math.abs(positions.get(a)!.y - own.y) -
        Math.abs(positions.get(b)!.y - own.y),
    )[0];
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const way = key === 'ArrowLeft' ? 'upstream' : 'downstream';
    return closest(besideOf(graph, id, way).map(each => each.id));
  }
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const sign = key === 'ArrowUp' ? -1 : 1;
    return closest(
      [...positions]
        .filter(
          ([other, { x, y }]) =>
            other !== id &&
            Math.abs(x - own.x) < NODE_WIDTH &&
            (y - own.y) * sign > 0,
        )
        .map(([other]) => other),
    );
  }
  return undefined;
}

/** The middle of what is seen: what one looks at, but no further to a side than there is something to see. */
export function within(
  middle: number,
  of: { from: number; length: number; seen: number },
): number {
  const half = of.seen / 2;
  if (of.length + 48 <= of.seen) {
    return of.from + of.length / 2;
  }
  return Math.max(
    of.from - 24 + half,
    Math.min(middle, of.from + of.length + 24 - half),
  );
}

/** As high as it needs to be, within bounds. */
export function heightOf(positions: Positions | undefined): number {
  const needed = positions ? boundsOf(positions).height + 96 : LOWEST;
  return Math.min(HIGHEST, Math.max(LOWEST, needed));
}

/** The smallest zoom that one can go to: one by which the whole graph is in sight, on the narrowest screen too. */
export function smallestZoomOf(positions: Positions | undefined): number {
  if (!positions) {
    return FAR_ZOOM;
  }
  const { width, height } = boundsOf(positions);
  return Math.min(
    FAR_ZOOM,
    (0.9 * NARROWEST) / width,
    (0.9 * heightOf(positions)) / height,
  );
}

/** Whether a rectangle is within another. */
export function holds(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Whether some of a node at a place is within a rectangle. */
export function isIn({ x, y, width, height }: Rectangle, place: Point) {
  return (
    place.x + NODE_WIDTH > x &&
    place.x < x + width &&
    place.y + NODE_HEIGHT > y &&
    place.y < y + height
  );
}

/** The node at a point. */
export function nodeAt(positions: Positions, point: Point): string | undefined {
  const found = [...positions].find(([, place]) =>
    isIn({ ...point, width: 0, height: 0 }, place),
  );
  return found?.[0];
}

/** The smallest rectangle around all nodes. */
export function boundsOf(positions: Positions): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  positions.forEach(({ x, y }) => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + NODE_WIDTH);
    bottom = Math.max(bottom, y + NODE_HEIGHT);
  });
  return { x: left, y: top, width: right - left, height: bottom - top };
}
