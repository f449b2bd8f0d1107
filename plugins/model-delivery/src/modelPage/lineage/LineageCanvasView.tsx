import { KeyboardEvent, MouseEvent, useMemo, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import {
  Panel,
  ReactFlow,
  ReactFlowInstance,
  ReactFlowProvider,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type {
  LineageGraph,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ErrorNote } from '../../components';
import {
  heightOf,
  isIn,
  nearTo,
  nextByKey,
  nodeAt,
  Positions,
  smallestZoomOf,
} from './canvasGeometry';
import { CanvasButtons } from './CanvasButtons';
import { failureOf, nameOf, whenOf } from './graph';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';
import { LineageLines } from './LineageLines';
import { CanvasNode, LineageNodeBox, nodeBoxSx } from './LineageNodeBox';
import { LineageOutlines } from './LineageOutlines';
import { useLayout } from './useLayout';
import { useSight } from './useSight';
import { useView } from './useView';

/** What a canvas shows. */
export interface LineageCanvasProps {
  graph: LineageGraph;
  /** The node that one looks at. */
  picked: string | null;
  onPick: (id: string | null) => void;
}

const nodeTypes = { lineage: LineageNodeBox };

/** Nodes in sight from which on only their outlines are drawn: what is written on so many is too small to be read. */
const CROWD = 300;

/** Least width of lines for those who are too far away to read, in pixels of the canvas. */
const FAR_WIDTH = 5;

/** The drawing behind `LineageCanvas`; it loads the library, so import `LineageCanvas` instead. */
export function LineageCanvasView(props: LineageCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, picked, onPick }: LineageCanvasProps) {
  const { palette } = useTheme();
  const lines = useMemo(
    () => ({
      near: palette.text.primary,
      far: palette.mode === 'dark' ? '#8c8c8c' : '#9e9e9e',
    }),
    [palette],
  );
  const { layout, error } = useLayout(graph);
  const [flow, setFlow] = useState<ReactFlowInstance<CanvasNode>>();
  const box = useRef<HTMLDivElement>(null);
  const near = useMemo(
    () => (layout && picked !== null ? nearTo(layout.graph, picked) : null),
    [layout, picked],
  );
  const isPlaced = useView({
    flow,
    box,
    positions: layout?.positions,
    lookAt: layout && layout.positions.get(picked ?? layout.graph.focus),
    picked,
  });
  const sight = useSight();
  const seen = useMemo(
    () =>
      layout && isPlaced
        ? layout.graph.nodes.filter(({ id }) =>
            isIn(sight.drawn, layout.positions.get(id)!),
          )
        : [],
    [layout, isPlaced, sight],
  );
  const isFar = !sight.isLegible || seen.length > CROWD;
  const nodes = useMemo(
    () => (layout && !isFar ? toNodes(seen, layout, picked, near) : []),
    [layout, isFar, seen, picked, near],
  );
  const lineWidth = isFar ? Math.max(FAR_WIDTH, sight.hairline) : 1;
  const canvasHeight = heightOf(layout?.positions);
  const walk = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).dataset.id;
    const next = id && layout && nextByKey(layout, id, event.key);
    if (next) {
      event.preventDefault();
      onPick(next);
      // The canvas draws what is in sight only: it may have to come into sight first. Who went elsewhere meanwhile is left there
      window.setTimeout(() => {
        const { activeElement } = document;
        if (
          activeElement === document.body ||
          box.current?.contains(activeElement)
        ) {
          box.current
            ?.querySelector<HTMLElement>(`[data-id=${JSON.stringify(next)}]`)
            ?.focus();
        }
      }, 250);
    }
  };
  const pickAt = (event: MouseEvent) =>
    onPick(
      (isFar &&
        layout &&
        flow &&
        nodeAt(
          layout.positions,
          flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }),
        )) ||
        null,
    );
  if (error) {
    return <ErrorNote title="The graph could not be drawn" error={error} />;
  }
  return (
    <Box
      ref={box}
      role="region"
      aria-label="Graph of the lineage. Arrow keys go from a node to the ones beside it"
      onKeyDown={walk}
      sx={{
        height: canvasHeight,
        border: '1px solid',
        borderColor: 'divider',
        borderRadius: '6px',
        position: 'relative',
        '& .react-flow__node': { cursor: 'pointer', borderRadius: '6px' },
        '& .react-flow__node:focus-visible': {
          outline: '3px solid',
          outlineColor: 'primary.main',
          outlineOffset: '2px',
        },
        ...nodeBoxSx,
      }}
    >
      {!layout && (
        <Box role="status" sx={{ position: 'absolute', p: 2, fontSize: 13 }}>
          Drawing…
        </Box>
      )}
      <ReactFlow<CanvasNode>
        nodes={nodes}
        nodeTypes={nodeTypes}
        onInit={setFlow}
        onNodeClick={(_event, node) => onPick(node.id)}
        onPaneClick={pickAt}
        onNodesChange={changes => {
          const chosen = changes.find(
            each => each.type === 'select' && each.selected,
          );
          if (chosen?.type === 'select') {
            onPick(chosen.id);
          }
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        elevateNodesOnSelect={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        zoomOnScroll={false}
        panOnScroll={false}
        preventScrolling={false}
        minZoom={smallestZoomOf(layout?.positions)}
        maxZoom={1.5}
        colorMode={palette.mode}
        proOptions={{ hideAttribution: true }}
        style={{ background: 'transparent' }}
      >
        {layout && (
          <LineageLines
            edges={layout.graph.edges}
            routes={layout.routes}
            near={near}
            colors={lines}
            width={lineWidth}
          />
        )}
        {layout && isFar && (
          <LineageOutlines
            nodes={seen}
            positions={layout.positions}
            near={near}
            width={lineWidth}
          />
        )}
        {isFar && (
          <Panel position="top-left" style={{ margin: 8 }}>
            <Box
              sx={{
                px: 1,
                py: 0.5,
                borderRadius: '4px',
                fontSize: 13,
                bgcolor: 'background.paper',
                color: 'text.secondary',
              }}
            >
              Enlarge it to read what each is
            </Box>
          </Panel>
        )}
        <CanvasButtons positions={layout?.positions} />
      </ReactFlow>
    </Box>
  );
}

function toNodes(
  seen: LineageNode[],
  { graph, positions }: { graph: LineageGraph; positions: Positions },
  picked: string | null,
  near: ReadonlySet<string> | null,
): CanvasNode[] {
  return seen.map(node => ({
    id: node.id,
    type: 'lineage',
    position: positions.get(node.id)!,
    data: {
      node,
      focus: node.id === graph.focus,
      near: near?.has(node.id) ?? false,
    },
    selected: node.id === picked,
    ariaLabel: [nameOf(node), failureOf(node), whenOf(node)]
      .filter(Boolean)
      .join(', '),
    // Said, so that nothing needs to be measured
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    handles: [],
  }));
}
