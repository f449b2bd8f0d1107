import { useId, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import type {
  LineageGraph,
  LineageKind,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Choice } from '../../components';
import { inOrder, kinds, kindWords, titleOf } from './graph';

const DEPTHS = [1, 2, 3, 4, 6, 8, 10];

/** Suggestions for what is being typed. */
const SUGGESTED = 50;

/** Which kinds are shown, how far is looked, where to jump, and whether as a graph or a table. */
export function LineageTools(props: {
  graph: LineageGraph;
  left: ReadonlySet<LineageKind>;
  onKinds: (kind: LineageKind) => void;
  onJump: (id: string) => void;
  view: string;
  onView: (view: string) => void;
  depth: number;
  onDepth: (depth: number) => void;
}) {
  const { graph, left, onKinds, onJump, view, onView, depth, onDepth } = props;
  const counts = new Map<LineageKind, number>();
  graph.nodes.forEach(({ kind }) =>
    counts.set(kind, (counts.get(kind) ?? 0) + 1),
  );
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1.5,
        mb: 1.5,
      }}
    >
      <Box
        role="group"
        aria-label="Which kinds"
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
      >
        {kinds
          .filter(kind => counts.has(kind))
          .map(kind => (
            <Choice
              key={kind}
              current={!left.has(kind)}
              onClick={() => onKinds(kind)}
            >
              {kindWords[kind].many} {counts.get(kind)}
            </Choice>
          ))}
      </Box>
      <Box
        sx={{
          ml: { md: 'auto' },
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 1.5,
        }}
      >
        <Jump graph={graph} onJump={onJump} />
        <TextField
          select
          label="Steps"
          size="small"
          value={depth}
          onChange={event => onDepth(Number(event.target.value))}
          SelectProps={{ native: true }}
          InputLabelProps={{ shrink: true }}
          sx={{ '& select': { fontSize: 13, py: '6px' } }}
        >
          {DEPTHS.map(each => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </TextField>
        <Box
          role="group"
          aria-label="Shown as"
          sx={{ display: 'flex', gap: 1 }}
        >
          {['graph', 'table'].map(each => (
            <Choice
              key={each}
              current={view === each}
              onClick={() => onView(each)}
            >
              {each === 'graph' ? 'Graph' : 'Table'}
            </Choice>
          ))}
        </Box>
      </Box>
    </Box>
  );
}

/** What one can jump to, by what it is called; made when one first types, since there may be thousands. */
function useTargets(graph: LineageGraph): () => Target[] {
  const made = useRef<{ of: LineageGraph; targets: Target[] }>();
  return () => {
    if (made.current?.of !== graph) {
      const named = graph.nodes.filter(each => each.kind !== 'hidden');
      made.current = {
        of: graph,
        targets: inOrder(named).map(node => ({
          id: node.id,
          label: [titleOf(node), node.version].filter(Boolean).join(' '),
        })),
      };
    }
    return made.current.targets;
  };
}

interface Target {
  id: string;
  label: string;
}

function Jump(props: { graph: LineageGraph; onJump: (id: string) => void }) {
  const { graph, onJump } = props;
  const list = useId();
  const [text, setText] = useState('');
  const targets = useTargets(graph);
  const matches =
    text === ''
      ? []
      : targets().filter(({ label }) =>
          label.toLowerCase().includes(text.toLowerCase()),
        );
  const jump = (to: Target) => {
    setText('');
    onJump(to.id);
  };
  return (
    <>
      <TextField
        label="Jump to"
        size="small"
        value={text}
        onChange={event => {
          const { value } = event.target;
          const chosen = targets().find(each => each.label === value);
          if (chosen) {
            jump(chosen);
          } else {
            setText(value);
          }
        }}
        onKeyDown={event => {
          if (event.key === 'Enter' && matches.length > 0) {
            jump(matches[0]);
          }
        }}
        inputProps={{ list, autoComplete: 'off' }}
        InputLabelProps={{ shrink: true }}
        sx={{ width: 180, '& input': { fontSize: 13, py: '6px' } }}
      />
      <datalist id={list}>
        {[...new Set(matches.map(each => each.label))]
          .slice(0, SUGGESTED)
          .map(label => (
            <option key={label} value={label} />
          ))}
      </datalist>
    </>
  );
}
