import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import { ScrollRegion, Sub, tableSx } from '../../components';
import {
  besideOf,
  failureOf,
  inOrder,
  kindWords,
  servingWordsOf,
  stepsOf,
  titleOf,
  whenOf,
} from './graph';

/** The lineage as a table: all that the graph shows, in the order of the flow. */
export function LineageTable(props: {
  graph: LineageGraph;
  picked: string | null;
  onPick: (id: string) => void;
}) {
  const { graph, picked, onPick } = props;
  return (
    <ScrollRegion label="Table of the lineage">
      <Box component="table" sx={tableSx}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Version</th>
            <th scope="col">Where</th>
            <th scope="col">Made of</th>
            <th scope="col">Serves</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(graph.nodes).map(node => {
            const sources = besideOf(graph, node.id, 'upstream');
            return (
              <tr key={node.id} aria-current={node.id === picked || undefined}>
                <th scope="row" style={{ minWidth: 136 }}>
                  {node.kind === 'hidden' ? (
                    titleOf(node)
                  ) : (
                    <Link
                      component="button"
                      type="button"
                      onClick={() => onPick(node.id)}
                      sx={{
                        font: 'inherit',
                        fontWeight: node.id === picked ? 700 : 500,
                        textAlign: 'left',
                        overflowWrap: 'break-word',
                      }}
                    >
                      {titleOf(node)}
                    </Link>
                  )}
                  <Sub>
                    {[kindWords[node.kind].one, failureOf(node), whenOf(node)]
                      .filter(Boolean)
                      .join(', ')}
                  </Sub>
                </th>
                <td
                  style={{
                    fontFamily: 'monospace',
                    minWidth: 96,
                    overflowWrap: 'anywhere',
                  }}
                >
                  {node.version ?? '–'}
                </td>
                <td style={{ whiteSpace: 'nowrap' }}>{stepsOf(node.hops)}</td>
                <td style={{ minWidth: 180 }}>
                  {sources.length === 0
                    ? '–'
                    : sources
                        .map(each =>
                          [titleOf(each), each.version]
                            .filter(Boolean)
                            .join(' '),
                        )
                        .join(', ')}
                </td>
                <td>{servingWordsOf(node.serving) ?? '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
