import { ReactNode } from 'react';
import { ViewportPortal } from '@xyflow/react';

/** SVG shapes on the canvas, in its own pixels; nobody hears them or can click on them. */
export function CanvasDrawing(props: {
  /** Whether they are behind the nodes. */
  behind?: boolean;
  children: ReactNode;
}) {
  return (
    <ViewportPortal>
      <svg
        aria-hidden
        width={1}
        height={1}
        style={{
          position: 'absolute',
          top: 0,
          left: 0,
          overflow: 'visible',
          pointerEvents: 'none',
          ...(props.behind && { zIndex: -1 }),
        }}
      >
        {props.children}
      </svg>
    </ViewportPortal>
  );
}
