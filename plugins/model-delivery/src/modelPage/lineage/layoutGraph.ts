import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import ELK, { ELK as Elk, ElkNode } from 'elkjs/lib/elk-api';
import { startLayoutWorker } from './startLayoutWorker';

/** Size of a node on the canvas, in pixels. */
export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 68;

/** A point on the canvas, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Where everything is, by its id: nodes by their upper left corners, edges by the points that they pass. */
export interface Layout {
  nodes: Map<string, Point>;
  edges: Map<string, Point[]>;
}

/** Nodes from which on edges are drawn plainly: finding ways around all nodes takes longer than one waits. */
const MANY = 300;

let elk: Elk | undefined;

/** Starts what finds places, unless it runs: it is large, so start it before there is a graph. */
export function startLayout(): Elk {
  if (!elk) {
    elk = new ELK({ workerFactory: startLayoutWorker });
    // The first one takes twice as long as the next; why one fails is told where one is wanted
    elk.layout({ id: 'first', children: [{ id: 'one' }] }).catch(() => {});
  }
  return elk;
}

/**
 * Finds a place for each node, in layers from left to right along the flow. In a worker: thousands of nodes take seconds, in
 * which the page goes on.
 */
export async function layoutGraph(graph: LineageGraph): Promise<Layout> {
  const many = graph.nodes.length > MANY;
  const root: ElkNode = await startLayout().layout({
    id: 'lineage',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': many ? 'POLYLINE' : 'ORTHOGONAL',
      'elk.spacing.nodeNode': '18',
      'elk.layered.spacing.nodeNodeBetweenLayers': '72',
      'elk.layered.thoroughness': many ? '1' : '7',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.separateConnectedComponents': 'false',
    },
    children: graph.nodes.map(({ id }) => ({
      id,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
    })),
    edges: graph.edges.map(({ from, to }) => ({
      id: `${from}\n${to}`,
      sources: [from],
      targets: [to],
    })),
  });
  return {
    nodes: new Map(
      (root.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]),
    ),
    edges: new Map(
      (root.edges ?? []).map(edge => [
        edge.id,
        (edge.sections ?? []).flatMap(section => [
          section.startPoint,
          ...(section.bendPoints ?? []),
          section.endPoint,
        ]),
      ]),
    ),
  };
}
