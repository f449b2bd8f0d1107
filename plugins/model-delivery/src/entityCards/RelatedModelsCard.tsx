import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef, useEntity } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import {
  Card,
  PageState,
  RiskBars,
  SampleChip,
  StateLabel,
  Sub,
  Time,
} from '../components';
import { EVERYTHING, formatModelsQuery } from '../models/modelsQuery';
import { modelsRouteRef } from '../routes';
import { RelatedModels, relatedModels } from './relatedModels';

/** Models of one card before more are asked for. */
const PAGE_SIZE = 8;

/**
 * The models that an entity has to do with, each with what serves, how risky it is and whether it is healthy: those that a
 * component serves or builds, a data set trains, a team owns, a system holds. Nothing for an entity without any.
 */
export function RelatedModelsCard() {
  const { entity } = useEntity();
  return (
    <>
      {relatedModels(entity).map(related => (
        <ModelsList key={related.title} related={related} />
      ))}
    </>
  );
}

function ModelsList(props: { related: RelatedModels }) {
  const { title, query, isFacet } = props.related;
  const modelsPath = useRouteRef(modelsRouteRef);
  const models = usePages(
    `related-models/${JSON.stringify(query)}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models', {
          params: { query: { ...query, limit: PAGE_SIZE, cursor } },
          signal,
        }),
      ),
    model => model.ref,
    { pollSeconds: 60 },
  );
  const total = models.first?.totalItems;
  const all = formatModelsQuery({
    ...EVERYTHING,
    facets: {
      ...EVERYTHING.facets,
      owner: query.owner ?? [],
      system: query.system ?? [],
    },
  });
  return (
    <Card
      title={title}
      aside={total === undefined ? undefined : total.toLocaleString('en')}
      footer={
        isFacet && (
          <Link to={`${modelsPath()}?${all}`}>In the list of models</Link>
        )
      }
    >
      <PageState
        state={models}
        what="its models"
        isEmpty={items => items.length === 0}
        empty={{
          title: 'None that you may see',
          text: 'The catalog names models here, which are not for you to read.',
        }}
      >
        {items => (
          <>
            <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
              {items.map(model => (
                <ModelLine key={model.ref} model={model} />
              ))}
            </Box>
            {models.hasMore && (
              <Button
                size="small"
                onClick={models.loadMore}
                disabled={models.loadingMore}
                sx={{ textTransform: 'none', mt: 1 }}
              >
                {models.loadingMore ? 'Loading …' : 'Show more'}
              </Button>
            )}
          </>
        )}
      </PageState>
    </Card>
  );
}

function ModelLine(props: { model: ModelSummary }) {
  const { model } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  const { namespace, name, production } = model;
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        gap: '2px 12px',
        py: 1,
        borderTop: '1px solid',
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0, pt: 0 },
      }}
    >
      <Box sx={{ fontSize: 14, fontWeight: 600, overflowWrap: 'anywhere' }}>
        <Link to={entityRoute({ kind: 'model', namespace, name })}>
          {model.title}
        </Link>{' '}
        {model.sample && <SampleChip />}
      </Box>
      <StateLabel health={model.health.state} />
      <Sub>
        {production ? (
          <>
            <b>{production.version}</b> in production for{' '}
            <Time at={production.since} as="since" />
          </>
        ) : (
          'Nothing in production'
        )}
        {model.waiting.kind !== 'nothing' && model.waiting.detail && (
          <> · {model.waiting.detail}</>
        )}
      </Sub>
      <RiskBars risk={model.risk} />
    </Box>
  );
}
