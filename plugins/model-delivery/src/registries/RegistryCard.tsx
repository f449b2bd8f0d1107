import { Link } from '@backstage/core-components';
import Box from '@mui/material/Box';
import type { RegistryHealth } from '@slipway/backstage-plugin-model-delivery-common';
import { Card, Facts, StateLabel, Time } from '../components';
import { Notice } from '../promotions/Notice';
import { count } from './count';
import { ImportNote } from './ImportNote';
import { ReadNowButton } from './ReadNowButton';
import { connectionState } from './registryFreshness';

/** One connection: how fresh, how much, what it delivers, and what is wrong. */
export function RegistryCard(props: {
  registry: RegistryHealth;
  mayRefresh: boolean;
  onRefreshed: () => void;
}) {
  const { registry, mayRefresh, onRefreshed } = props;
  return (
    <Card
      title={`${registry.type}://${registry.id}`}
      state={<StateLabel appearance={connectionState(registry)} />}
      aside={<Link to={registry.url}>Open {registry.type}</Link>}
      footer={
        mayRefresh && (
          <ReadNowButton registry={registry} onRefreshed={onRefreshed} />
        )
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {registry.error && (
          <Notice tone="error" alert>
            <Box sx={{ overflowWrap: 'anywhere' }}>{registry.error}</Box>
            <Box sx={{ fontSize: 13, lineHeight: '18px', mt: 0.5 }}>
              {count(registry.failures, 'failure')} in a row
              {registry.nextAttemptAt && (
                <>
                  ; tried again <Time at={registry.nextAttemptAt} />
                </>
              )}
            </Box>
          </Notice>
        )}
        {registry.import && (
          <ImportNote
            progress={registry.import}
            isFirst={registry.lastSuccessAt === null}
          />
        )}
        <Facts
          items={[
            {
              label: 'Last success',
              value: registry.lastSuccessAt ? (
                <>
                  <Time at={registry.lastSuccessAt} />
                  {registry.reading && ', being read now'}
                </>
              ) : (
                'Never yet'
              ),
            },
            {
              label: 'Last attempt',
              value: registry.error && registry.lastAttemptAt && (
                <Time at={registry.lastAttemptAt} />
              ),
            },
            {
              label: 'Read',
              value: `${count(registry.versions, 'version')} of ${count(
                registry.registeredModels,
                'registered model',
              )}`,
            },
            {
              label: 'To be registered',
              value:
                registry.toRegister > 0
                  ? `${count(registry.toRegister, 'version')} still`
                  : null,
            },
            {
              label: 'In the catalog',
              value: `${count(registry.models, 'model')} matched to it`,
            },
            { label: 'Webhooks', value: <Webhooks registry={registry} /> },
            { label: 'Aliases', value: <Aliases registry={registry} /> },
          ]}
        />
      </Box>
    </Card>
  );
}

function Aliases(props: { registry: RegistryHealth }) {
  const { followed, waiting, error } = props.registry.aliases;
  if (followed.length === 0) {
    return <>None follows what serves</>;
  }
  return (
    <>
      {followed
        .map(({ alias, environment }) => `${alias} follows ${environment}`)
        .join(', ')}
      {waiting > 0 && `; ${count(waiting, 'model')} still to be set`}
      {error && (
        <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          Last trouble: {error}
        </Box>
      )}
    </>
  );
}

function Webhooks(props: { registry: RegistryHealth }) {
  const { accepted, lastAt, lastEvent, waiting, error } =
    props.registry.webhooks;
  if (!accepted) {
    return <>Not set up: changes are seen with the next reading</>;
  }
  if (!lastAt) {
    return <>Accepted; none came within a day</>;
  }
  return (
    <>
      {lastEvent} <Time at={lastAt} />
      {waiting > 0 &&
        `; ${count(waiting, 'delivery', 'deliveries')} to be read`}
      {error && (
        <Box sx={{ color: 'text.secondary' }}>Last trouble: {error}</Box>
      )}
    </>
  );
}
