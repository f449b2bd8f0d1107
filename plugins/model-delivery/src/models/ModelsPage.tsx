import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useStarredEntities } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Card,
  LiveDot,
  PageFrame,
  PageState,
  StateLabel,
  Time,
} from '../components';
import { RegistriesLink } from '../registries/RegistriesLink';
import { registryFreshness } from '../registries/registryFreshness';
import { ComparingBar } from './ComparingBar';
import { Facets } from './Facets';
import {
  countPicked,
  EVERYTHING,
  formatModelsQuery,
  ModelsQuery,
  parseModelsQuery,
  toggleFacet,
} from './modelsQuery';
import { columnsOf } from './modelColumns';
import { ModelsActions } from './ModelsActions';
import { useModelsLayout } from './modelsLayout';
import { ModelsTable } from './ModelsTable';
import { useSavedViews } from './savedViews';
import { SavedViewsDialog } from './SavedViewsDialog';
import { SearchAndSort } from './SearchAndSort';
import { useComparing } from './useComparing';
import { useModels } from './useModels';
import { useStartView } from './useStartView';
import { useViews } from './useViews';
import { ViewChips } from './ViewChips';

/** The models of the company: what there is, whose, how risky, what serves, is it healthy, does anything wait. */
export function ModelsPage() {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => parseModelsQuery(params), [params]);
  const { starredEntities } = useStarredEntities();
  const starred = useMemo(
    () => [...starredEntities].filter(ref => ref.startsWith('model:')).sort(),
    [starredEntities],
  );
  const models = useModels(query, starred);
  const views = useViews(starred);
  const layout = useModelsLayout();
  const comparing = useComparing();
  const saved = useSavedViews();
  const columns = useMemo(
    () => columnsOf(layout.value.columns),
    [layout.value.columns],
  );
  const [filtersShown, setFiltersShown] = useState(false);
  const [saving, setSaving] = useState(false);
  useStartView(saved, view => {
    layout.keep(view.layout);
    setParams(new URLSearchParams(view.search), { replace: true });
  });
  const show = (next: ModelsQuery, replace = false) =>
    setParams(formatModelsQuery(next), { replace });

  const summary = models.first?.summary;
  const filtered = countPicked(query) > 0 || query.q !== '';
  return (
    <PageFrame
      title={
        summary
          ? `${summary.models.toLocaleString('en')} ${
              summary.models === 1 ? 'model' : 'models'
            }`
          : 'Models'
      }
      actions={
        <ModelsActions
          query={query}
          columns={columns}
          shown={models.data ?? []}
        />
      }
      metadata={summary && summaryMetadata(summary)}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: '8px 16px',
          mb: 2.5,
        }}
      >
        <ViewChips
          views={views}
          saved={saved.value.views}
          query={query}
          onSaved={view => layout.keep(view.layout)}
          onSave={() => setSaving(true)}
        />
        <Box sx={{ ml: { sm: 'auto' } }}>
          <LiveDot status={models.status} updatedAt={models.updatedAt} />
        </Box>
      </Box>
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            lg: query.starred ? 'minmax(0, 1fr)' : '204px minmax(0, 1fr)',
          },
          gap: 2.5,
          alignItems: 'start',
        }}
      >
        {!query.starred && (
          <Box
            sx={{
              display: { xs: filtersShown ? 'block' : 'none', lg: 'block' },
              // At hand however far down one is
              position: { lg: 'sticky' },
              top: 0,
              maxHeight: { lg: '100vh' },
              overflowY: { lg: 'auto' },
            }}
          >
            <Facets
              query={query}
              counts={models.first?.facets ?? []}
              onToggle={(name, value) => show(toggleFacet(query, name, value))}
            />
          </Box>
        )}
        <Card label="Models" sx={{ containerType: 'inline-size' }}>
          <SearchAndSort
            query={query}
            onSearch={q => show({ ...query, q }, true)}
            onSort={sort => show({ ...query, sort })}
            filtersShown={filtersShown}
            onShowFilters={() => setFiltersShown(shown => !shown)}
            layout={layout.value}
            onLayout={layout.keep}
            isComparing={comparing.chosen !== undefined}
            onCompare={comparing.chosen ? comparing.stop : comparing.start}
          />
          <PageState
            state={models}
            what="models"
            lines={8}
            isEmpty={items => items.length === 0}
            empty={emptyState(query, filtered, () => show(EVERYTHING))}
          >
            {() => (
              <ModelsTable
                models={models}
                columns={columns}
                density={layout.value.density}
                comparing={comparing}
              />
            )}
          </PageState>
          <ComparingBar comparing={comparing} />
        </Card>
      </Box>
      <SavedViewsDialog
        open={saving}
        onClose={() => setSaving(false)}
        saved={saved.value}
        shown={{
          search: formatModelsQuery(query).toString(),
          layout: layout.value,
        }}
        onChange={saved.keep}
      />
    </PageFrame>
  );
}

function summaryMetadata(summary: ModelPage['summary']) {
  const number = (value: number) => value.toLocaleString('en');
  return [
    { label: 'In production', value: number(summary.inProduction) },
    { label: 'Rolling out now', value: number(summary.rollingOut) },
    {
      label: 'Waiting for approval',
      value: number(summary.waitingForApproval),
    },
    {
      label: 'Registry read',
      value: (
        <RegistriesLink>
          {summary.registryStale && (
            <>
              <StateLabel
                appearance={registryFreshness({ error: null, stale: true })}
              />{' '}
            </>
          )}
          {summary.registryReadAt ? (
            <Time at={summary.registryReadAt} />
          ) : (
            'Never'
          )}
        </RegistriesLink>
      ),
    },
  ];
}

function emptyState(query: ModelsQuery, filtered: boolean, clear: () => void) {
  if (query.starred) {
    return {
      title: 'No starred models',
      text: 'The star in front of a model puts it here.',
    };
  }
  if (filtered) {
    return {
      title: 'No model fits',
      text: (
        <>
          Nothing matches all of what you picked.{' '}
          <Button size="small" onClick={clear} sx={{ textTransform: 'none' }}>
            Clear search and filters
          </Button>
        </>
      ),
    };
  }
  return {
    title: 'No models yet',
    text: (
      <>
        A model appears here when an entity of kind Model is in the catalog.
        Create a model pipeline, or register a <code>catalog-info.yaml</code>{' '}
        that holds one.
      </>
    ),
  };
}
