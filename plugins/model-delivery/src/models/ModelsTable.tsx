import { useCallback, useEffect, useRef } from 'react';
import { useStarredEntities } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import type { Pages } from '../api';
import { useTones, visuallyHiddenSx } from '../components';
import { ComparableModel, whyNotCompared } from './comparison';
import type { ModelColumn } from './modelColumns';
import type { Density } from './modelsLayout';
import { ComingRow, ModelRow, ModelRowProps } from './ModelRow';
import { columnWidths, modelsTableSx } from './modelsTableSx';
import type { Comparing } from './useComparing';
import { useVirtualRows } from './useVirtualRows';

/** So many rows before the last loaded one the next page is asked for. */
const AHEAD = 20;
/** About how high a row is, in pixels. */
const HEIGHTS = { card: 190, comfortable: 54, compact: 35 };

/** What a {@link ModelsTable} shows. */
export interface ModelsTableProps {
  models: Pages<ModelPage>;
  columns: ModelColumn[];
  density: Density;
  comparing: Comparing;
}

/** The table of models: as long as the list, with the rows that the window shows and more as one scrolls. */
export function ModelsTable(props: ModelsTableProps) {
  const { models, columns, density, comparing } = props;
  const { chosen } = comparing;
  const { isStarredEntity, toggleStarredEntity } = useStarredEntities();
  const star = useRef(toggleStarredEntity);
  star.current = toggleStarredEntity;
  const onStar = useCallback((ref: string) => star.current(ref), []);
  const { data: items = [], first, hasMore, loadingMore, loadMore } = models;
  const count = hasMore
    ? Math.max(first?.totalItems ?? 0, items.length + 1)
    : items.length;
  const narrow = useMediaQuery('(max-width: 759px)');
  const body = useRef<HTMLDivElement>(null);
  const { rows, height, scrollMargin, measure, ...handlers } = useVirtualRows(
    body,
    {
      count,
      keyOf: useCallback(index => items[index]?.ref ?? index, [items]),
      estimate: narrow ? HEIGHTS.card : HEIGHTS[density],
    },
  );
  const last = rows[rows.length - 1]?.index ?? 0;
  useEffect(() => {
    // A page that failed is asked for by hand, not over and over
    if (hasMore && !loadingMore && !models.error && last + AHEAD > items.length)
      loadMore();
  }, [hasMore, loadingMore, models.error, last, items.length, loadMore]);

  return (
    <>
      <Summary models={models} />
      <Box
        sx={{ ...modelsTableSx, ...columnWidths(columns) }}
        className={density}
      >
        <div role="table" aria-label="Models" aria-rowcount={count + 1}>
          <div role="rowgroup" className="heads">
            <div role="row" aria-rowindex={1} className="row head">
              <div role="columnheader">
                <Box component="span" sx={visuallyHiddenSx}>
                  {chosen ? 'Compare' : 'Starred'}
                </Box>
              </div>
              <div role="columnheader">Model</div>
              {columns.map(({ id, title, className }) => (
                <div role="columnheader" key={id} className={className}>
                  {title}
                </div>
              ))}
            </div>
          </div>
          <div
            role="rowgroup"
            className="body"
            ref={body}
            style={{ height }}
            {...handlers}
          >
            {rows.map(({ key, index, start }) => {
              const model = items[index];
              return (
                <div
                  key={key}
                  role="row"
                  className="row"
                  aria-rowindex={index + 2}
                  aria-busy={!model || undefined}
                  data-index={index}
                  ref={measure}
                  style={{ transform: `translateY(${start - scrollMargin}px)` }}
                >
                  {model ? (
                    <ModelRow
                      model={model}
                      columns={columns}
                      starred={isStarredEntity(model.ref)}
                      onStar={onStar}
                      choice={choiceOf(model, chosen)}
                      onChoose={comparing.toggle}
                    />
                  ) : (
                    <ComingRow />
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </Box>
    </>
  );
}

/** How a model stands in the choice of those to compare; undefined while nobody chooses. */
function choiceOf(
  model: ComparableModel,
  chosen: ComparableModel[] | undefined,
): ModelRowProps['choice'] {
  if (!chosen) {
    return undefined;
  }
  if (chosen.some(({ ref }) => ref === model.ref)) {
    return 'chosen';
  }
  return whyNotCompared(model, chosen) ? 'refused' : 'free';
}

/** How many models there are, the way to a page that failed, and what the marks mean. */
function Summary(props: { models: Pages<ModelPage> }) {
  const { data: items = [], first, hasMore, error, loadMore } = props.models;
  const fitting = hasMore ? first?.totalItems ?? 0 : items.length;
  const all = first?.summary.models ?? fitting;
  const number = (value: number) => value.toLocaleString('en');
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: '4px 16px',
        minHeight: 24,
        fontSize: 12,
        lineHeight: '16px',
        color: 'text.secondary',
      }}
    >
      <span role="status">
        {fitting === all
          ? `All ${number(all)} shown`
          : `${number(fitting)} of ${number(all)}`}
      </span>
      {hasMore && Boolean(error) && (
        <>
          Could not load more.
          <Button
            size="small"
            onClick={loadMore}
            sx={{ textTransform: 'none', fontSize: 12 }}
          >
            Load more
          </Button>
        </>
      )}
      <Legend />
    </Box>
  );
}

function Legend() {
  const tones = useTones();
  return (
    <Box
      aria-hidden
      sx={{
        display: 'flex',
        gap: 2,
        ml: 'auto',
        '@container (max-width: 899px)': { display: 'none' },
      }}
    >
      <span>
        <svg width={8} height={13} style={{ verticalAlign: '-2px' }}>
          <rect x={3} width={2} height={13} fill={tones.running.mark} />
        </svg>{' '}
        deployment
      </span>
      <span>
        <svg width={10} height={12} style={{ verticalAlign: '-1px' }}>
          <path d="M5 1l4 10H1z" fill={tones.failed.mark} />
        </svg>{' '}
        rolled back
      </span>
    </Box>
  );
}
