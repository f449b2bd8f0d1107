import { ReactFlowState, useStore } from '@xyflow/react';
import { holds, Rectangle } from './canvasGeometry';

/** How much more than what is in sight is drawn on each side, as a share of it. */
const AROUND = 0.25;

/** Below this nothing that is written can be made out. */
const LEGIBLE_ZOOM = 0.3;

/** In pixels of the screen. */
const HAIRLINE = 0.5;

/** What one sees of the canvas. */
export interface Sight {
  /** What is in sight. */
  seen: Rectangle;
  /** What is to be drawn, so that it is there when one moves. */
  drawn: Rectangle;
  /** Whether one is near enough to read. */
  isLegible: boolean;
  /** The width of the thinnest line that one can see, in pixels of the canvas. */
  hairline: number;
}

/** What one sees of the canvas; it changes when what is in sight leaves what is drawn, or is much less. */
export function useSight(): Sight {
  return useStore(sightOf, isEnough);
}

function sightOf({ transform, width, height }: ReactFlowState): Sight {
  const [x, y, zoom] = transform;
  const seen = {
    x: -x / zoom,
    y: -y / zoom,
    width: width / zoom,
    height: height / zoom,
  };
  return {
    seen,
    drawn: {
      x: seen.x - seen.width * AROUND,
      y: seen.y - seen.height * AROUND,
      width: seen.width * (1 + 2 * AROUND),
      height: seen.height * (1 + 2 * AROUND),
    },
    isLegible: zoom >= LEGIBLE_ZOOM,
    hairline: HAIRLINE / zoom,
  };
}

function isEnough(before: Sight, now: Sight): boolean {
  return (
    holds(before.drawn, now.seen) &&
    before.drawn.width <= now.drawn.width * 2 &&
    before.isLegible === now.isLegible
  );
}
