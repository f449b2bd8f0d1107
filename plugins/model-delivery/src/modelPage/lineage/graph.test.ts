import type {
  LineageGraph,
  LineageKind,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  besideOf,
  failureOf,
  inOrder,
  mergeGraphs,
  stepsOf,
  whenOf,
  withoutKinds,
  withoutShortcuts,
} from './graph';

const node = (id: string, kind: LineageKind, hops: number, more = false) => ({
  id,
  kind,
  title: id,
  entityRef: null,
  namespace: null,
  version: null,
  hops,
  more: { upstream: more, downstream: false },
  run: null,
  release: null,
  serving: [],
});
const edge = (from: string, to: string) => ({ from, to, relation: 'input' });

const graph: LineageGraph = {
  focus: 'model',
  nodes: [
    node('model', 'model', 0),
    node('run', 'run', -1),
    node('data', 'dataset', -2, true),
    node('hidden:1', 'hidden', -2),
  ],
  edges: [edge('data', 'run'), edge('hidden:1', 'run'), edge('run', 'model')],
  truncated: false,
};
const further: LineageGraph = {
  focus: 'data',
  nodes: [
    node('data', 'dataset', 0),
    node('load', 'run', -1),
    node('hidden:1', 'hidden', -1),
  ],
  edges: [edge('load', 'data'), edge('hidden:1', 'data')],
  truncated: false,
};

describe('the lineage graph', () => {
  it('grows by what was asked for, with steps from where one began', () => {
    const merged = mergeGraphs([graph, further]);
    expect(merged.nodes.map(({ id, hops }) => [id, hops])).toEqual([
      ['model', 0],
      ['run', -1],
      ['data', -2],
      ['hidden:1', -2],
      ['load', -3],
      // Another one than the first that may not be seen
      ['hidden:1 of data', -3],
    ]);
    expect(merged.nodes[2].more.upstream).toBe(false);
    expect(merged.edges).toHaveLength(5);
  });

  it('joins what lay behind the kinds that are left out', () => {
    const shown = withoutKinds(graph, new Set<LineageKind>(['run']));
    expect(shown.nodes.map(each => each.id)).toEqual([
      'model',
      'data',
      'hidden:1',
    ]);
    expect(shown.edges.map(({ from, to }) => [from, to])).toEqual([
      ['data', 'model'],
      ['hidden:1', 'model'],
    ]);
  });

  it('says once what a version was made of', () => {
    const twice = {
      ...graph,
      edges: [
        ...graph.edges,
        { from: 'data', to: 'model', relation: 'data' },
        { from: 'hidden:1', to: 'model', relation: 'trainedOn' },
      ],
    };
    expect(withoutShortcuts(twice).edges).toEqual([
      ...graph.edges,
      { from: 'hidden:1', to: 'model', relation: 'trainedOn' },
    ]);
  });

  it('is read along the flow', () => {
    expect(inOrder(graph.nodes).map(each => each.id)).toEqual([
      'data',
      'hidden:1',
      'run',
      'model',
    ]);
    expect(besideOf(graph, 'run', 'upstream').map(each => each.id)).toEqual([
      'data',
      'hidden:1',
    ]);
    expect(stepsOf(-2)).toBe('2 steps upstream');
  });

  it('says of a run when it was, and that it came to nothing', () => {
    const run = {
      job: { namespace: 'airflow', name: 'credit.train' },
      state: 'FAIL' as const,
      startedAt: '2026-11-20T12:00:00.000Z',
      endedAt: null,
      commit: null,
      repository: null,
      partOf: null,
    };
    const failed = { ...node('run', 'run', -1), run };
    expect(whenOf(failed)).toMatch(/^20 Nov 2026, \d\d:\d\d$/);
    expect(failureOf(failed)).toBe('failed');
    const data = node('data', 'dataset', -2);
    expect([whenOf(data), failureOf(data)]).toEqual([undefined, undefined]);
  });
});
