import { KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTheme } from '@mui/material/styles';
import {
  MarkerType,
  Panel,
  Position,
  ReactFlow,
  ReactFlowInstance,
  ReactFlowProvider,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type { LineageGraph } from '@slipway/backstage-plugin-model-delivery-common';
import { ErrorNote } from '../../components';
import {
  boundsOf,
  heightOf,
  nearTo,
  nextByKey,
  Positions,
  within,
} from './canvasGeometry';
import { failureOf, nameOf, whenOf } from './graph';
import { Layout, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';
import { CanvasEdge, LineageEdgeLine } from './LineageEdgeLine';
import { CanvasNode, LineageNodeBox } from './LineageNodeBox';

/** What a canvas shows. */
export interface LineageCanvasProps {
  graph: LineageGraph;
  /** The node that one looks at. */
  picked: string | null;
  onPick: (id: string | null) => void;
}

const nodeTypes = { lineage: LineageNodeBox };
const edgeTypes = { lineage: LineageEdgeLine };

/** Below this what is written cannot be read: rather a part than the whole. */
const SMALLEST_ZOOM = 0.6;

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
  const [layout, setLayout] = useState<{
    graph: LineageGraph;
    positions: Positions;
    routes: Layout['edges'];
  }>();
  const [error, setError] = useState<unknown>();
  const [flow, setFlow] = useState<ReactFlowInstance<CanvasNode, CanvasEdge>>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    setError(undefined);
    layoutGraph(graph).then(
      ({ nodes: positions, edges: routes }) =>
        current && setLayout({ graph, positions, routes }),
      caught => current && setError(caught),
    );
    return () => {
      current = false;
    };
  }, [graph]);

  const nodes = useMemo(
    () => (layout ? toNodes(layout.graph, layout.positions, picked) : []),
    [layout, picked],
  );
  const edges = useMemo(
    () => (layout ? toEdges(layout, picked, lines) : []),
    [layout, picked, lines],
  );
  const focus = layout?.positions.get(picked ?? layout.graph.focus);
  const drawn = useRef<string>();
  useEffect(() => {
    // As a whole where it can be read, else what one looks at in the middle; once, and when one jumps
    const key = `${layout ? 'drawn' : ''} ${picked}`;
    if (!flow || !layout || !box.current || drawn.current === key) {
      return;
    }
    const isFirst = drawn.current === undefined;
    drawn.current = key;
    const { width } = box.current.getBoundingClientRect();
    const bounds = boundsOf(layout.positions);
    const zoom = Math.min(
      1,
      (width - 32) / bounds.width,
      (heightOf(layout.positions) - 32) / bounds.height,
    );
    if (isFirst && zoom >= SMALLEST_ZOOM) {
      flow.setCenter(
        bounds.x + bounds.width / 2,
        bounds.y + bounds.height / 2,
        { zoom },
      );
    } else if (focus) {
      const scale = isFirst ? 0.8 : Math.max(flow.getZoom(), SMALLEST_ZOOM);
      flow.setCenter(
        within(focus.x + NODE_WIDTH / 2, {
          from: bounds.x,
          length: bounds.width,
          seen: width / scale,
        }),
        within(focus.y + NODE_HEIGHT / 2, {
          from: bounds.y,
          length: bounds.height,
          seen: heightOf(layout.positions) / scale,
        }),
        {
          zoom: scale,
          duration: isFirst ? 0 : 200,
        },
      );
    }
  }, [flow, layout, picked, focus]);

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
        '& .react-flow__handle': { opacity: 0, pointerEvents: 'none' },
        '& .react-flow__node': { cursor: 'pointer', borderRadius: '6px' },
        '& .react-flow__node:focus-visible': {
          outline: '3px solid',
          outlineColor: 'primary.main',
          outlineOffset: '2px',
        },
      }}
    >
      {!layout && (
        <Box role="status" sx={{ position: 'absolute', p: 2, fontSize: 13 }}>
          Drawing…
        </Box>
      )}
      <ReactFlow<CanvasNode, CanvasEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={setFlow}
        onNodeClick={(_event, node) => onPick(node.id)}
        onPaneClick={() => onPick(null)}
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
        edgesFocusable={false}
        elevateNodesOnSelect={false}
        onlyRenderVisibleElements
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        zoomOnScroll={false}
        panOnScroll={false}
        preventScrolling={false}
        minZoom={0.1}
        maxZoom={1.5}
        colorMode={palette.mode}
        proOptions={{ hideAttribution: true }}
        style={{ background: 'transparent' }}
      >
        <Panel position="bottom-right" style={{ margin: 8 }}>
          <Box sx={{ display: 'flex', gap: 0.5 }}>
            <ZoomButton label="Smaller" onClick={() => flow?.zoomOut()}>
              −
            </ZoomButton>
            <ZoomButton label="Larger" onClick={() => flow?.zoomIn()}>
              +
            </ZoomButton>
            <ZoomButton label="Whole graph" onClick={() => flow?.fitView()}>
              Whole
            </ZoomButton>
          </Box>
        </Panel>
      </ReactFlow>
    </Box>
  );
}

function ZoomButton(props: {
  label: string;
  onClick: () => void;
  children: string;
}) {
  return (
    <Button
      size="small"
      variant="outlined"
      aria-label={props.label}
      onClick={props.onClick}
      sx={{
        minWidth: 32,
        textTransform: 'none',
        '&, &:hover': { bgcolor: 'background.paper' },
      }}
    >
      {props.children}
    </Button>
  );
}

function toNodes(
  graph: LineageGraph,
  positions: Positions,
  picked: string | null,
): CanvasNode[] {
  const near = picked === null ? null : nearTo(graph, picked);
  return graph.nodes.map(node => ({
    id: node.id,
    type: 'lineage',
    position: positions.get(node.id) ?? { x: 0, y: 0 },
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
    handles: [
      {
        type: 'target',
        position: Position.Left,
        x: 0,
        y: NODE_HEIGHT / 2,
        width: 1,
        height: 1,
      },
      {
        type: 'source',
        position: Position.Right,
        x: NODE_WIDTH,
        y: NODE_HEIGHT / 2,
        width: 1,
        height: 1,
      },
    ],
  }));
}

function toEdges(
  { graph, routes }: { graph: LineageGraph; routes: Layout['edges'] },
  picked: string | null,
  lines: { near: string; far: string },
): CanvasEdge[] {
  const near = picked === null ? null : nearTo(graph, picked);
  return graph.edges.map(({ from, to }) => {
    const isNear = near !== null && near.has(from) && near.has(to);
    const color = isNear ? lines.near : lines.far;
    const id = `${from}\n${to}`;
    return {
      id,
      type: 'lineage',
      data: { points: routes.get(id) ?? [] },
      source: from,
      target: to,
      focusable: false,
      zIndex: isNear ? 1 : 0,
      style: { stroke: color, strokeWidth: isNear ? 1.5 : 1 },
      markerEnd: {
        type: MarkerType.ArrowClosed,
        width: 14,
        height: 14,
        color,
      },
    };
  });
}
