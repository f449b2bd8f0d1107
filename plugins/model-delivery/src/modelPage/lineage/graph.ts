import type {
  LineageEdge,
  LineageGraph,
  LineageKind,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Which way: to what something was made of, or to what was made of it. */
export type Way = 'upstream' | 'downstream';

/** What each kind of node is called. */
export const kindWords: Record<LineageKind, { one: string; many: string }> = {
  dataset: { one: 'Data set', many: 'Data sets' },
  'feature-view': { one: 'Feature view', many: 'Feature views' },
  configuration: { one: 'Configuration', many: 'Configuration' },
  run: { one: 'Run', many: 'Runs' },
  job: { one: 'Job', many: 'Jobs' },
  version: { one: 'Version', many: 'Versions' },
  model: { one: 'Model', many: 'Models' },
  component: { one: 'Component', many: 'Components' },
  hidden: { one: 'Hidden', many: 'Hidden' },
};

/** What is drawn, along the flow from data to what serves. */
export const kinds = Object.keys(kindWords) as LineageKind[];

/** What a node is called: short, without its version. */
export function titleOf(node: LineageNode): string {
  if (node.kind === 'hidden') {
    return 'You may not see this';
  }
  return node.run?.job.name ?? node.title ?? node.id;
}

/** One for all nodes: to make one takes longer than to write with it. */
const MOMENT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** When a run ended or, while it goes on, began, such as `5 Nov 2026, 13:20`; undefined for what is no run or did not say. */
export function whenOf({ run }: LineageNode): string | undefined {
  const moment = run?.endedAt ?? run?.startedAt;
  return moment ? MOMENT.format(new Date(moment)) : undefined;
}

const failures: Record<string, string> = { FAIL: 'failed', ABORT: 'aborted' };

/** That a run came to nothing: `failed` or `aborted`. */
export function failureOf({ run }: LineageNode): string | undefined {
  return failures[run?.state ?? ''];
}

/** What a node is called, with all that tells it from others, for those who hear it. */
export function nameOf(node: LineageNode): string {
  return [
    kindWords[node.kind].one,
    titleOf(node),
    node.version,
    servingWords(node),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Such as `serves production 100 %`; undefined for what does not serve. */
export function servingWords(node: LineageNode): string | undefined {
  const where = servingWordsOf(node.serving);
  return where && `serves ${where}`;
}

/** Such as `production 100 %`; undefined for what does not serve. */
export function servingWordsOf(
  serving: LineageNode['serving'],
): string | undefined {
  return serving.length === 0
    ? undefined
    : serving
        .map(({ environment, share }) => `${environment} ${share} %`)
        .join(', ');
}

/** Whether the data in question could be found faulty: what models are made of, but for what made them. */
export function isData(node: LineageNode): boolean {
  return ['dataset', 'feature-view', 'configuration'].includes(node.kind);
}

/** The id of the same thing without its version. */
export function wholeOf(id: string): string {
  return id.split('@')[0];
}

/**
 * One graph of several answers, the first of which it begins with. What one may not see has no name by which it would be
 * known again, so it stays what it was to its neighbours.
 */
export function mergeGraphs(graphs: LineageGraph[]): LineageGraph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  graphs.forEach((graph, i) => {
    const named = (id: string) =>
      i > 0 && id.startsWith('hidden:') ? `${id} of ${graph.focus}` : id;
    const focus = nodes.get(graph.focus);
    for (const node of graph.nodes) {
      const known = nodes.get(named(node.id));
      nodes.set(named(node.id), {
        ...node,
        id: named(node.id),
        hops: known?.hops ?? (focus?.hops ?? 0) + node.hops,
        more: known
          ? {
              upstream: known.more.upstream && node.more.upstream,
              downstream: known.more.downstream && node.more.downstream,
            }
          : node.more,
      });
    }
    for (const edge of graph.edges) {
      const moved = { ...edge, from: named(edge.from), to: named(edge.to) };
      edges.set(`${moved.from}\n${moved.to}`, moved);
    }
  });
  return {
    focus: graphs[0].focus,
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    truncated: graphs.some(each => each.truncated),
  };
}

/**
 * The graph without what is said twice: that a version was made of data, where the run that read them and made it is
 * shown too.
 */
export function withoutShortcuts(graph: LineageGraph): LineageGraph {
  const runs = new Set(
    graph.nodes.filter(each => each.kind === 'run').map(each => each.id),
  );
  const from = outgoing(graph);
  return {
    ...graph,
    edges: graph.edges.filter(
      edge =>
        edge.relation !== 'data' ||
        !from
          .get(edge.from)!
          .some(
            ({ to }) =>
              runs.has(to) && from.get(to)?.some(next => next.to === edge.to),
          ),
    ),
  };
}

/** The graph without some kinds; what lay behind them is joined, so that nothing falls apart. */
export function withoutKinds(
  graph: LineageGraph,
  left: ReadonlySet<LineageKind>,
): LineageGraph {
  const kept = new Set(
    graph.nodes
      .filter(node => !left.has(node.kind) || node.id === graph.focus)
      .map(node => node.id),
  );
  if (kept.size === graph.nodes.length) {
    return graph;
  }
  const from = outgoing(graph);
  const edges = new Map<string, LineageEdge>();
  for (const id of kept) {
    const seen = new Set<string>();
    const open = [...(from.get(id) ?? [])];
    for (let edge = open.pop(); edge; edge = open.pop()) {
      if (kept.has(edge.to)) {
        edges.set(`${id}\n${edge.to}`, { ...edge, from: id });
      } else if (!seen.has(edge.to)) {
        seen.add(edge.to);
        open.push(...(from.get(edge.to) ?? []));
      }
    }
  }
  return {
    ...graph,
    nodes: graph.nodes.filter(node => kept.has(node.id)),
    edges: [...edges.values()].filter(edge => edge.from !== edge.to),
  };
}

/** Nodes beside one, by name: what it was made of, or what was made of it. */
export function besideOf(
  graph: LineageGraph,
  id: string,
  way: Way,
): LineageNode[] {
  const ids = new Set(
    graph.edges
      .filter(edge => (way === 'upstream' ? edge.to : edge.from) === id)
      .map(edge => (way === 'upstream' ? edge.from : edge.to)),
  );
  return graph.nodes.filter(node => ids.has(node.id));
}

// Made once: comparing without it makes one for each pair
const byName = new Intl.Collator(undefined, { numeric: true });

/** Nodes in the order of the flow, and within a step by kind and name. */
export function inOrder(nodes: LineageNode[]): LineageNode[] {
  return [...nodes].sort(
    (a, b) =>
      a.hops - b.hops ||
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      byName.compare(nameOf(a), nameOf(b)),
  );
}

/** How far from what one looks at: `2 steps upstream`. */
export function stepsOf(hops: number): string {
  if (hops === 0) {
    return 'This model';
  }
  const steps = Math.abs(hops) === 1 ? '1 step' : `${Math.abs(hops)} steps`;
  return `${steps} ${hops < 0 ? 'upstream' : 'downstream'}`;
}

function outgoing(graph: LineageGraph): Map<string, LineageEdge[]> {
  const from = new Map<string, LineageEdge[]>();
  for (const edge of graph.edges) {
    const known = from.get(edge.from);
    if (known) {
      known.push(edge);
    } else {
      from.set(edge.from, [edge]);
    }
  }
  return from;
}
