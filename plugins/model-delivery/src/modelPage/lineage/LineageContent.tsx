import { Suspense, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useTheme } from '@mui/material/styles';
import type {
  LineageGraph,
  LineageKind,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Card, LiveDot, PageState, SampleChip } from '../../components';
import { useModelDetail } from '../useModelDetail';
import { kinds, withoutKinds } from './graph';
import { LineageCanvas, prepareCanvas } from './LineageCanvas';
import { LineageDetails } from './LineageDetails';
import { LineageTable } from './LineageTable';
import { LineageTools } from './LineageTools';
import { useLineage } from './useLineage';

/** Steps each way at first. */
const DEPTH = 4;

/** What the model was made of, what was made of it, and where it serves: as a graph and as a table. */
export function LineageContent() {
  const model = useModelDetail();
  const theme = useTheme();
  const narrow = useMediaQuery(theme.breakpoints.down('sm'));
  const [params, setParams] = useSearchParams();
  const [depth, setDepth] = useState(DEPTH);
  const { state, graph, expand, expanding, error } = useLineage(depth);
  const picked = params.get('node');
  const view = params.get('view') ?? (narrow ? 'table' : 'graph');
  useEffect(() => {
    if (view === 'graph') {
      // Whether it can be loaded is told where it is shown
      prepareCanvas().catch(() => {});
    }
  }, [view]);
  const without = params.get('without') ?? '';
  const left = useMemo(
    () => new Set(kinds.filter(kind => without.split(',').includes(kind))),
    [without],
  );
  const shown = useMemo(
    () => graph && withoutKinds(graph, left),
    [graph, left],
  );
  /** The address holds what one looks at, so that it can be sent to others. */
  const look = (change: Record<string, string | null>) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        Object.entries(change).forEach(([key, value]) =>
          value === null || value === ''
            ? next.delete(key)
            : next.set(key, value),
        );
        return next;
      },
      { replace: true },
    );
  const onKinds = (kind: LineageKind) => {
    const next = new Set(left);
    if (!next.delete(kind)) {
      next.add(kind);
    }
    look({ without: [...next].join(',') });
  };
  const node = shown?.nodes.find(each => each.id === picked);
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          lg: node ? 'minmax(0, 1fr) 376px' : 'minmax(0, 1fr)',
        },
        gap: 2.5,
        alignItems: 'start',
      }}
    >
      <Card
        title="Lineage"
        state={model.data?.sample && <SampleChip />}
        aside={<LiveDot status={state.status} updatedAt={state.updatedAt} />}
      >
        <PageState<LineageGraph>
          state={{ ...state, data: shown }}
          what="the lineage"
          lines={10}
          isEmpty={data => data.nodes.length <= 1 && left.size === 0}
          empty={{
            title: 'Nothing is known yet',
            text: 'Versions say what data, configuration and base model they were made of when the pipeline registers them; pipelines and orchestrators report runs as OpenLineage events; and the model’s own catalog-info.yaml names data sets, features and what serves it.',
          }}
        >
          {data => (
            <>
              <LineageTools
                graph={graph!}
                left={left}
                onKinds={onKinds}
                onJump={id => look({ node: id })}
                view={view}
                onView={next => look({ view: next })}
                depth={depth}
                onDepth={setDepth}
              />
              {data.truncated && (
                <Box component="p" sx={{ m: '0 0 8px' }}>
                  There is more than can be shown at once: the newest and what
                  serves is here. Pick a node to see more beside it.
                </Box>
              )}
              {view === 'table' ? (
                <LineageTable
                  graph={data}
                  picked={picked}
                  onPick={id => look({ node: id })}
                />
              ) : (
                <Suspense
                  fallback={<Skeleton variant="rounded" height={560} />}
                >
                  <LineageCanvas
                    graph={data}
                    picked={picked}
                    onPick={id => look({ node: id })}
                  />
                </Suspense>
              )}
            </>
          )}
        </PageState>
      </Card>
      {node && (
        <LineageDetails
          key={node.id}
          node={node}
          onExpand={way => expand(node.id, way)}
          expanding={expanding}
          error={error}
          onClose={() => look({ node: null })}
        />
      )}
    </Box>
  );
}
