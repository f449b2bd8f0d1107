import { lazy, Suspense, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  Bundle,
  dataOf,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, usePages } from '../api';
import {
  Card,
  Digest,
  PageState,
  PersonName,
  ScrollRegion,
  Sub,
  tableSx,
  Time,
} from '../components';

const BundleDialog = lazy(() =>
  import('./BundleDialog').then(m => ({ default: m.BundleDialog })),
);

/** The bundles that versions of a model are in: what goes with what, where all of it serves, and a way to promote it. */
export function BundlesCard(props: { model: ModelDetail }) {
  const { model } = props;
  const [open, setOpen] = useState<{ bundle?: Bundle }>();
  const bundles = usePages(
    `bundles/${model.ref}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/bundles', {
          params: { query: { model: model.ref, limit: 10, cursor } },
          signal,
        }),
      ),
    bundle => bundle.id,
    { concerns: concernsModel(model.ref), pollSeconds: 30 },
  );
  const mayRequest = model.viewer.mayRequestPromotion;
  return (
    <Card
      title="Bundles"
      aside={
        mayRequest && (
          <Button
            size="small"
            onClick={() => setOpen({})}
            sx={{ textTransform: 'none' }}
          >
            Promote as a bundle…
          </Button>
        )
      }
    >
      <PageState
        state={bundles}
        what="the bundles"
        lines={2}
        isEmpty={items => items.length === 0}
        empty={{
          title: 'No version goes together with others',
          text: 'A bundle holds versions of several models that have to be promoted and rolled back together, such as a retriever and a ranker.',
        }}
      >
        {items => (
          <>
            <ScrollRegion label="Table of bundles">
              <Box component="table" sx={[tableSx, { minWidth: 640 }]}>
                <thead>
                  <tr>
                    <th scope="col">Bundle</th>
                    <th scope="col">Members</th>
                    <th scope="col">Serves whole in</th>
                    <th scope="col">Registered</th>
                    {mayRequest && <th scope="col">Act</th>}
                  </tr>
                </thead>
                <tbody>
                  {items.map(bundle => (
                    <tr key={bundle.id}>
                      <th scope="row">
                        {bundle.name}
                        <Sub>
                          <Digest
                            value={bundle.digest}
                            of={`digest of ${bundle.name}`}
                          />
                        </Sub>
                      </th>
                      <td>
                        {bundle.members.map(each => (
                          <div key={each.model}>
                            <PersonName principal={each.model} /> {each.version}
                          </div>
                        ))}
                      </td>
                      <td>{bundle.servesIn.join(', ') || 'Nowhere'}</td>
                      <td>
                        <PersonName principal={bundle.registeredBy} />
                        <Sub>
                          <Time at={bundle.registeredAt} />
                        </Sub>
                      </td>
                      {mayRequest && (
                        <td>
                          <Button
                            size="small"
                            onClick={() => setOpen({ bundle })}
                            aria-label={`Promote the bundle ${bundle.name}…`}
                            sx={{ textTransform: 'none' }}
                          >
                            Promote…
                          </Button>
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </Box>
            </ScrollRegion>
            {bundles.hasMore && (
              <Button
                size="small"
                onClick={bundles.loadMore}
                disabled={bundles.loadingMore}
                sx={{ textTransform: 'none' }}
              >
                {bundles.loadingMore ? 'Loading more…' : 'Older bundles'}
              </Button>
            )}
          </>
        )}
      </PageState>
      {open && (
        <Suspense fallback={null}>
          <BundleDialog
            model={model}
            bundle={open.bundle}
            onClose={() => setOpen(undefined)}
          />
        </Suspense>
      )}
    </Card>
  );
}
