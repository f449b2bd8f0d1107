import { useEffect, useRef } from 'react';
import { useStarredEntities } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import type { Pages } from '../api';
import { useTones, visuallyHiddenSx } from '../components';
import { ModelRow } from './ModelRow';
import { modelsTableSx } from './modelsTableSx';

/** From so many rows on, those outside the window are not laid out. */
const MANY = 100;

/** The table of models, with more as one scrolls. */
export function ModelsTable(props: { models: Pages<ModelPage> }) {
  const { models } = props;
  const { isStarredEntity, toggleStarredEntity } = useStarredEntities();
  const { data: items = [], first, hasMore, loadingMore, loadMore } = models;
  const total = first?.totalItems ?? items.length;
  return (
    <>
      <Box role="table" aria-label="Models" sx={modelsTableSx}>
        <div role="rowgroup">
          <div role="row" className="row head">
            <Heading hidden>Starred</Heading>
            <Heading>Model</Heading>
            <Heading>Owner</Heading>
            <Heading>Risk, tier</Heading>
            <Heading>In production</Heading>
            <Heading>Health</Heading>
            <Heading>Waiting</Heading>
            <Heading className="num wide">Deployed</Heading>
            <Heading className="wide">Last 90 days</Heading>
          </div>
        </div>
        <div
          role="rowgroup"
          className={items.length > MANY ? 'body many' : 'body'}
        >
          {items.map(model => (
            <ModelRow
              key={model.ref}
              model={model}
              starred={isStarredEntity(model.ref)}
              onStar={() => toggleStarredEntity(model.ref)}
            />
          ))}
        </div>
      </Box>
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: '4px 16px',
          pt: 1.5,
          fontSize: 12,
          lineHeight: '16px',
          color: 'text.secondary',
        }}
      >
        <span role="status">
          {items.length === total
            ? `All ${total.toLocaleString('en')} shown`
            : `1 to ${items.length.toLocaleString(
                'en',
              )} of ${total.toLocaleString('en')}`}
        </span>
        {hasMore && (
          <LoadMore
            loading={loadingMore}
            onMore={loadMore}
            // A page that failed is asked for by hand, not over and over
            automatic={!models.error}
          />
        )}
        <Legend />
      </Box>
    </>
  );
}

function Heading(props: {
  children: string;
  className?: string;
  hidden?: boolean;
}) {
  const { children, className, hidden } = props;
  return (
    <div role="columnheader" className={className}>
      {hidden ? (
        <Box component="span" sx={visuallyHiddenSx}>
          {children}
        </Box>
      ) : (
        children
      )}
    </div>
  );
}

function LoadMore(props: {
  loading: boolean;
  automatic: boolean;
  onMore: () => void;
}) {
  const { loading, automatic, onMore } = props;
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (
      !element ||
      !automatic ||
      loading ||
      !('IntersectionObserver' in window)
    ) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) {
          onMore();
        }
      },
      { rootMargin: '600px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [automatic, loading, onMore]);
  return (
    <span ref={ref}>
      <Button
        size="small"
        onClick={onMore}
        disabled={loading}
        sx={{ textTransform: 'none', fontSize: 12 }}
      >
        {loading ? 'Loading more…' : 'Load more'}
      </Button>
    </span>
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
