import { useEffect, useState } from 'react';
import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import type { Positions } from './canvasGeometry';
import { Layout, layoutGraph } from './layoutGraph';

/** A graph and where its nodes and edges are. */
export interface PlacedGraph {
  graph: LineageGraph;
  positions: Positions;
  routes: Layout['edges'];
}

/** Finds places for a graph; what was placed before stays until it has them. */
export function useLayout(graph: LineageGraph): {
  layout: PlacedGraph | undefined;
  error: unknown;
} {
  const [layout, setLayout] = useState<PlacedGraph>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let current = true;
    setError(undefined);
    layoutGraph(graph).then(
      ({ nodes: positions, edges: routes }) =>
        current && setLayout({ graph, positions, routes }),
      caught => current && setError(caught),
    );
    return () => {
      current = false;
    };
  }, [graph]);
  return { layout, error };
}
