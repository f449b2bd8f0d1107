import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';

/**
 * The nodes in groups whose members come from the same nodes and lead to the same nodes, such as the data sets that one run
 * read: each group can stand as one stack, since nothing tells its members' best places apart.
 * @returns ids, each in one group; groups and members in the order of the graph
 */
export function stacksOf(graph: LineageGraph): string[][] {
  const numbers = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const sources: number[][] = graph.nodes.map(() => []);
  const targets: number[][] = graph.nodes.map(() => []);
  for (const { from, to } of graph.edges) {
    const [source, target] = [numbers.get(from), numbers.get(to)];
    if (source !== undefined && target !== undefined) {
      sources[target].push(source);
      targets[source].push(target);
    }
  }
  const stacks = new Map<string, string[]>();
  graph.nodes.forEach(({ id }, i) => {
    const key = [sources[i], targets[i]]
      .map(each => each.sort((a, b) => a - b).join(' '))
      .join('>');
    const known = stacks.get(key);
    if (known) {
      known.push(id);
    } else {
      stacks.set(key, [id]);
    }
  });
  return [...stacks.values()];
}
