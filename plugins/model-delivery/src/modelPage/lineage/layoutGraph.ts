import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import ELK, { ELK as Elk, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import { stacksOf } from './stacks';
import { layoutWorker } from './layoutWorker';

/** Size of a node on the canvas, in pixels. */
export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 68;

/** Between nodes above one another, in pixels. */
const GAP = 18;

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

/**
 * Nodes from which on edges are drawn plainly and what can stand as a stack does: finding ways around all nodes takes longer
 * than one waits.
 */
const MANY = 300;

let elk: Elk | undefined;

/** Starts what finds places, unless it runs: it is large, so start it before there is a graph. */
export function startLayout(): Elk {
  if (!elk) {
    elk = new ELK({ workerFactory: layoutWorker });
    // The first one takes twice as long as the next; why one fails is told where one is wanted
    elk.layout({ id: 'first', children: [{ id: 'one' }] }).catch(() => {});
  }
  return elk;
}

/**
 * Finds a place for each node, in layers from left to right along the flow. In a worker: thousands of nodes take a second, in
 * which the page goes on.
 */
export async function layoutGraph(graph: LineageGraph): Promise<Layout> {
  const many = graph.nodes.length > MANY;
  const stacks = many ? stacksOf(graph) : graph.nodes.map(({ id }) => [id]);
  const stackOf = new Map(
    stacks.flatMap((ids, i) => ids.map(id => [id, String(i)] as const)),
  );
  const between = (from: string, to: string) =>
    `${stackOf.get(from)}>${stackOf.get(to)}`;
  const edges = new Map<string, ElkExtendedEdge>();
  for (const { from, to } of graph.edges) {
    const id = between(from, to);
    const [sources, targets] = [[stackOf.get(from)!], [stackOf.get(to)!]];
    edges.set(id, { id, sources, targets });
  }
  const root: ElkNode = await startLayout().layout({
    id: 'lineage',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': many ? 'POLYLINE' : 'ORTHOGONAL',
      'elk.spacing.nodeNode': String(GAP),
      'elk.layered.spacing.nodeNodeBetweenLayers': '72',
      'elk.layered.thoroughness': many ? '1' : '7',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.separateConnectedComponents': 'false',
    },
    // Short names: it looks them up again and again
    children: stacks.map((ids, i) => ({
      id: String(i),
      width: NODE_WIDTH,
      height: ids.length * (NODE_HEIGHT + GAP) - GAP,
    })),
    edges: [...edges.values()],
  });
  const nodes = new Map<string, Point>();
  for (const { id, x = 0, y = 0 } of root.children ?? []) {
    stacks[Number(id)].forEach((member, i) =>
      nodes.set(member, { x, y: y + i * (NODE_HEIGHT + GAP) }),
    );
  }
  const routes = new Map(root.edges?.map(edge => [edge.id, routeOf(edge)]));
  const isStack = (id: string) => stacks[Number(stackOf.get(id))].length > 1;
  return {
    nodes,
    edges: new Map(
      graph.edges.map(({ from, to }) => {
        const route = routes.get(between(from, to)) ?? [];
        return [
          `${from}\n${to}`,
          [
            ...(isStack(from) ? [besides(nodes.get(from)!, NODE_WIDTH)] : []),
            ...route.slice(
              isStack(from) ? 1 : 0,
              isStack(to) ? -1 : route.length,
            ),
            ...(isStack(to) ? [besides(nodes.get(to)!, 0)] : []),
          ],
        ];
      }),
    ),
  };
}

/** Half way down a node, as far from its left side as told. */
function besides({ x, y }: Point, distance: number): Point {
  return { x: x + distance, y: y + NODE_HEIGHT / 2 };
}

function routeOf(edge: ElkExtendedEdge): Point[] {
  return (edge.sections ?? []).flatMap(section => [
    section.startPoint,
    ...(section.bendPoints ?? []),
    section.endPoint,
  ]);
}
