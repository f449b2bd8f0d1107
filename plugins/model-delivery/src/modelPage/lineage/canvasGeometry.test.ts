import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import {
  boundsOf,
  heightOf,
  holds,
  isIn,
  nodeAt,
  smallestZoomOf,
} from './canvasGeometry';
import { stacksOf } from './stacks';

/** A graph of what leads to what: `a>b` per edge. */
function graphOf(nodes: string, ...edges: string[]): LineageGraph {
  return {
    focus: nodes[0],
    nodes: [...nodes].map(id => ({ id } as LineageGraph['nodes'][number])),
    edges: edges.map(each => ({
      from: each[0],
      to: each[2],
      relation: 'input',
    })),
    truncated: false,
  };
}

describe('nodes that can stand in one stack', () => {
  it('are those that one run read and nothing else did', () => {
    expect(
      stacksOf(graphOf('mrabc', 'r>m', 'a>r', 'b>r', 'c>r', 'c>m')),
    ).toEqual([['m'], ['r'], ['a', 'b'], ['c']]);
  });

  it('lead to all the same and come from all the same, in whatever order it is told', () => {
    expect(
      stacksOf(graphOf('abxyz', 'a>x', 'b>x', 'b>y', 'a>y', 'a>z')),
    ).toEqual([['a'], ['b'], ['x', 'y'], ['z']]);
    expect(
      stacksOf(graphOf('abxyz', 'a>x', 'b>x', 'b>y', 'a>y', 'a>z', 'b>z')),
    ).toEqual([
      ['a', 'b'],
      ['x', 'y', 'z'],
    ]);
  });

  it('are never one before the other', () => {
    expect(stacksOf(graphOf('abc', 'a>b', 'b>c'))).toEqual([
      ['a'],
      ['b'],
      ['c'],
    ]);
  });
});

describe('what is in sight', () => {
  const sight = { x: 0, y: 0, width: 1000, height: 500 };

  it('is every node of which some is', () => {
    expect(isIn(sight, { x: -219, y: -67 })).toBe(true);
    expect(isIn(sight, { x: -220, y: 0 })).toBe(false);
    expect(isIn(sight, { x: 999, y: 499 })).toBe(true);
    expect(isIn(sight, { x: 0, y: 500 })).toBe(false);
  });

  it('is still drawn as long as it is within what was drawn', () => {
    expect(holds(sight, { x: 10, y: 10, width: 990, height: 490 })).toBe(true);
    expect(holds(sight, { x: 10, y: 10, width: 991, height: 490 })).toBe(false);
  });

  it('tells which node was pointed at', () => {
    const positions = new Map([
      ['left', { x: 0, y: 0 }],
      ['right', { x: 300, y: 0 }],
    ]);
    expect(nodeAt(positions, { x: 310, y: 30 })).toBe('right');
    expect(nodeAt(positions, { x: 260, y: 30 })).toBeUndefined();
  });
});

describe('the smallest zoom', () => {
  const column = (nodes: number) =>
    new Map(
      Array.from({ length: nodes }, (_, at) => [
        String(at),
        { x: 0, y: 92 * at },
      ]),
    );

  it('is small enough for the whole of a graph, however high or wide it is', () => {
    expect(smallestZoomOf(column(3))).toBe(0.1);
    const positions = column(2_000);
    expect(boundsOf(positions).height * smallestZoomOf(positions)).toBeLessThan(
      heightOf(positions),
    );
    const row = new Map([
      ['first', { x: 0, y: 0 }],
      ['last', { x: 20_000, y: 0 }],
    ]);
    expect(boundsOf(row).width * smallestZoomOf(row)).toBeLessThan(280);
  });
});
