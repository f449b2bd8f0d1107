import { lazy } from 'react';
import { layoutWorker } from './layoutWorker';

/** Loads what draws the graph, which is large, so that it is there by the time that there is a graph. */
export async function prepareCanvas(): Promise<void> {
  layoutWorker();
  const [{ startLayout }] = await Promise.all([
    import('./layoutGraph'),
    import('./LineageCanvasView'),
  ]);
  startLayout();
}

/** The graph, drawn; its library is loaded when it is first shown, if not before. */
export const LineageCanvas = lazy(async () => ({
  default: (await import('./LineageCanvasView')).LineageCanvasView,
}));
