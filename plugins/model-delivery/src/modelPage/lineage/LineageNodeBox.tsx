import { memo } from 'react';
import Box from '@mui/material/Box';
import type { Node, NodeProps } from '@xyflow/react';
import { Handle, Position } from '@xyflow/react';
import type { LineageNode } from '@slipway/backstage-plugin-model-delivery-common';
import { shortDigest, useTones } from '../../components';
import { failureOf, kindWords, titleOf, whenOf } from './graph';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';

/** A node as the canvas holds it. */
export type CanvasNode = Node<
  { node: LineageNode; focus: boolean; near: boolean },
  'lineage'
>;

/** One node on the canvas: what it is, its name, the version that it is pinned to or when it ran, and where it serves. */
export const LineageNodeBox = memo(function NodeBox({
  data: { node, focus, near },
  selected,
}: NodeProps<CanvasNode>) {
  const tones = useTones();
  const serves = node.serving[0];
  const when = whenOf(node);
  const failure = failureOf(node);
  return (
    <Box
      sx={{
        boxSizing: 'border-box',
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        px: 1.25,
        py: 0.75,
        borderRadius: '6px',
        border: '1px solid',
        borderStyle: node.kind === 'hidden' ? 'dashed' : 'solid',
        borderColor: borderOf({ selected, focus, near }),
        boxShadow: theme =>
          selected ? `0 0 0 2px ${theme.palette.primary.main}` : 'none',
        borderLeft: `4px solid ${
          serves
            ? tones.ok.mark
            : tones[toneOf(node, failure !== undefined)].mark
        }`,
        bgcolor: 'background.paper',
        color: 'text.primary',
        fontFamily: theme => theme.typography.fontFamily,
        fontSize: 13,
        lineHeight: '18px',
        textAlign: 'left',
      }}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <Row sx={{ fontSize: 11, lineHeight: '16px', color: 'text.secondary' }}>
        {kindWords[node.kind].one}
        {failure && ` · ${failure}`}
        {node.run?.commit && ` · ${shortDigest(node.run.commit, true)}`}
        {node.release?.commit && ` · ${shortDigest(node.release.commit, true)}`}
      </Row>
      <Row sx={{ fontWeight: focus ? 700 : 500 }} title={titleOf(node)}>
        {titleOf(node)}
      </Row>
      <Row sx={{ fontSize: 12, lineHeight: '16px' }} title={node.version ?? ''}>
        {node.version !== null && (
          <Box component="span" sx={{ fontFamily: 'monospace' }}>
            {node.version}
          </Box>
        )}
        {when}
        {serves && (
          <Box
            component="span"
            sx={{
              ml: 1,
              px: '5px',
              borderRadius: '4px',
              bgcolor: tones.ok.surface,
              color: tones.ok.text,
            }}
          >
            serves {serves.environment}
            {serves.share < 100 && ` ${serves.share} %`}
          </Box>
        )}
      </Row>
    </Box>
  );
});

function borderOf(of: { selected: boolean; focus: boolean; near: boolean }) {
  if (of.selected || of.focus) {
    return 'text.primary';
  }
  return of.near ? 'text.secondary' : 'divider';
}

function toneOf(
  node: LineageNode,
  failed: boolean,
): 'failed' | 'running' | 'neutral' | 'warned' {
  if (failed) {
    return 'failed';
  }
  if (node.kind === 'version' || node.kind === 'model') {
    return 'running';
  }
  return node.kind === 'run' || node.kind === 'job' ? 'warned' : 'neutral';
}

function Row(props: {
  children: React.ReactNode;
  title?: string;
  sx?: object;
}) {
  return (
    <Box
      title={props.title}
      sx={{
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        ...props.sx,
      }}
    >
      {props.children}
    </Box>
  );
}
