import { RefObject, useEffect, useRef, useState } from 'react';
import type { ReactFlowInstance } from '@xyflow/react';
import { boundsOf, heightOf, Positions, within } from './canvasGeometry';
import { NODE_HEIGHT, NODE_WIDTH, Point } from './layoutGraph';
import type { CanvasNode } from './LineageNodeBox';

/** Below this what is written cannot be read: rather a part than the whole. */
const SMALLEST_ZOOM = 0.6;
/** As near as one is at first where the whole cannot be in sight. */
const FIRST_ZOOM = 0.8;

/**
 * Brings into sight what one looks at: at first the whole graph where it can be read, else a node in the middle, and the picked
 * node whenever another is picked.
 * @returns whether that was done once, before which there is no use in drawing
 */
export function useView(of: {
  flow: ReactFlowInstance<CanvasNode> | undefined;
  box: RefObject<HTMLElement>;
  positions: Positions | undefined;
  /** Where the node is that one looks at. */
  lookAt: Point | undefined;
  picked: string | null;
}): boolean {
  const { flow, box, positions, lookAt, picked } = of;
  const [isPlaced, setPlaced] = useState(false);
  const shown = useRef<string | null>();
  useEffect(() => {
    if (!flow || !positions || !box.current || shown.current === picked) {
      return;
    }
    const isFirst = shown.current === undefined;
    shown.current = picked;
    setPlaced(true);
    const { width } = box.current.getBoundingClientRect();
    const height = heightOf(positions);
    const bounds = boundsOf(positions);
    // Not the library's own way: it goes by the height that the frame had before there were nodes
    const center = (x: number, y: number, scale: number, duration: number) =>
      flow.setViewport(
        { x: width / 2 - x * scale, y: height / 2 - y * scale, zoom: scale },
        { duration },
      );
    const across = (width - 32) / bounds.width;
    const zoom = Math.min(1, across, (height - 32) / bounds.height);
    if (isFirst && zoom >= SMALLEST_ZOOM) {
      center(
        bounds.x + bounds.width / 2,
        bounds.y + bounds.height / 2,
        zoom,
        0,
      );
    } else if (lookAt) {
      const scale = Math.max(
        SMALLEST_ZOOM,
        isFirst ? Math.min(FIRST_ZOOM, across) : flow.getZoom(),
      );
      center(
        within(lookAt.x + NODE_WIDTH / 2, {
          from: bounds.x,
          length: bounds.width,
          seen: width / scale,
        }),
        within(lookAt.y + NODE_HEIGHT / 2, {
          from: bounds.y,
          length: bounds.height,
          seen: height / scale,
        }),
        scale,
        isFirst ? 0 : 200,
      );
    }
  }, [flow, box, positions, lookAt, picked]);
  return isPlaced;
}
