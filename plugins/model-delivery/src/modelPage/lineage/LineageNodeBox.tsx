import { memo } from 'react';
import type { SxProps, Theme } from '@mui/material/styles';
import type { Node, NodeProps } from '@xyflow/react';
import type { LineageNode } from '@slipway/backstage-plugin-model-delivery-common';
import { shortDigest, useTones } from '../../components';
import { failureOf, kindWords, titleOf, whenOf } from './graph';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';

/** A node as the canvas holds it. */
export type CanvasNode = Node<
  { node: LineageNode; focus: boolean; near: boolean },
  'lineage'
>;

/** What nodes look like, for the canvas that they are on: told once, since there are many of them. */
export const nodeBoxSx: SxProps<Theme> = {
  '& .slipway-node': {
    boxSizing: 'border-box',
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    padding: '6px 10px',
    border: '1px solid',
    borderColor: 'divider',
    borderLeftWidth: '4px',
    borderRadius: '6px',
    bgcolor: 'background.paper',
    color: 'text.primary',
    fontFamily: theme => theme.typography.fontFamily,
    fontSize: 13,
    lineHeight: '18px',
    textAlign: 'left',
  },
  '& .slipway-node.is-hidden': { borderStyle: 'dashed' },
  '& .slipway-node.is-near': { borderColor: 'text.secondary' },
  '& .slipway-node.is-focus, & .slipway-node.is-picked': {
    borderColor: 'text.primary',
  },
  '& .slipway-node.is-picked': {
    boxShadow: theme => `0 0 0 2px ${theme.palette.primary.main}`,
  },
  '& .slipway-node > div': {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '& .slipway-node > div:nth-of-type(1)': {
    fontSize: 11,
    lineHeight: '16px',
    color: 'text.secondary',
  },
  '& .slipway-node > div:nth-of-type(2)': { fontWeight: 500 },
  '& .slipway-node.is-focus > div:nth-of-type(2)': { fontWeight: 700 },
  '& .slipway-node > div:nth-of-type(3)': { fontSize: 12, lineHeight: '16px' },
  '& .slipway-node code': { fontFamily: 'monospace' },
  '& .slipway-node mark': {
    marginLeft: '8px',
    padding: '0 5px',
    borderRadius: '4px',
  },
};

/** One node on the canvas: what it is, its name, the version that it is pinned to or when it ran, and where it serves. */
export const LineageNodeBox = memo(function NodeBox({
  data: { node, focus, near },
  selected,
}: NodeProps<CanvasNode>) {
  const tones = useTones();
  const serves = node.serving[0];
  const classes = [
    'slipway-node',
    node.kind === 'hidden' && 'is-hidden',
    near && 'is-near',
    focus && 'is-focus',
    selected && 'is-picked',
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      style={{ borderLeftColor: tones[toneOf(node)].mark }}
    >
      <div>
        {[
          kindWords[node.kind].one,
          failureOf(node),
          node.run?.commit && shortDigest(node.run.commit, true),
          node.release?.commit && shortDigest(node.release.commit, true),
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
      <div title={titleOf(node)}>{titleOf(node)}</div>
      <div title={node.version ?? ''}>
        {node.version !== null && <code>{node.version}</code>}
        {whenOf(node)}
        {serves && (
          <mark style={{ background: tones.ok.surface, color: tones.ok.text }}>
            serves {serves.environment}
            {serves.share < 100 && ` ${serves.share} %`}
          </mark>
        )}
      </div>
    </div>
  );
});

/** What the colour of a node tells: that it serves or failed, else what kind it is of. */
export function toneOf(
  node: LineageNode,
): 'ok' | 'failed' | 'running' | 'neutral' | 'warned' {
  if (node.serving.length > 0) {
    return 'ok';
  }
  if (failureOf(node)) {
    return 'failed';
  }
  if (node.kind === 'version' || node.kind === 'model') {
    return 'running';
  }
  return node.kind === 'run' || node.kind === 'job' ? 'warned' : 'neutral';
}
