import { lazy } from 'react';

/** The graph, drawn; its library is loaded when it is first shown. */
export const LineageCanvas = lazy(async () => ({
  default: (await import('./LineageCanvasView')).LineageCanvasView,
}));
