import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import {
  Code,
  formatCoarse,
  LiveDot,
  PageFrame,
  PageState,
} from '../components';
import { CardsGrid } from './CardsGrid';
import { RegistryCard } from './RegistryCard';
import { SourcesSection } from './SourcesSection';

/** Which model registries are read and where models are found, how fresh what was read is, and what is wrong. */
export function RegistriesPage() {
  const live = useLive(
    'registries',
    ({ client, signal }) => client.GET('/registries', { signal }).then(dataOf),
    { pollSeconds: 5, concerns: () => false },
  );
  return (
    <PageFrame
      title="Registries"
      actions={<LiveDot status={live.status} updatedAt={live.updatedAt} />}
      metadata={
        live.data && [
          {
            label: 'Each is read',
            value: `every ${formatCoarse(live.data.intervalSeconds)}`,
          },
        ]
      }
    >
      <PageState
        state={live}
        what="the registries"
        lines={6}
        isEmpty={({ items }) => items.length === 0}
        empty={{
          title: 'No registry is connected',
          text: (
            <>
              A module such as the one for MLflow connects one, by{' '}
              <Code>modelDelivery.mlflow</Code> in the configuration. Its
              versions, metrics and aliases are shown with the models then.
            </>
          ),
        }}
      >
        {({ items, viewer }) => (
          <CardsGrid>
            {items.map(registry => (
              <RegistryCard
                key={`${registry.type}://${registry.id}`}
                registry={registry}
                mayRefresh={viewer.mayRefresh}
                onRefreshed={live.reload}
              />
            ))}
          </CardsGrid>
        )}
      </PageState>
      <SourcesSection />
    </PageFrame>
  );
}
