import { Entity } from '@backstage/catalog-model';
import { EntityRefLinks, useEntity } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/core-components';
import Box from '@mui/material/Box';
import type { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Caption,
  Card,
  Code,
  Digest,
  Facts,
  StateLabel,
  Time,
} from '../components';
import { PolicyLink } from '../policies/PolicyLink';
import { RegistriesLink } from '../registries/RegistriesLink';
import { registryFreshness } from '../registries/registryFreshness';
import { useTabLink } from './useTabLink';

/** Sentences of whoever wrote the entity; a word without an end stays in its card. */
const wordsSx = {
  m: 0,
  fontSize: 14,
  lineHeight: '20px',
  overflowWrap: 'anywhere',
};

/** What the model is for, and what not: from the catalog. */
export function IntendedUseCard() {
  const { entity } = useEntity();
  const spec = specOf(entity);
  const outOfScope = strings(spec.outOfScope);
  return (
    <Card title="Intended use">
      <Box component="p" sx={wordsSx}>
        {typeof spec.intendedUse === 'string'
          ? spec.intendedUse
          : 'Not told. The entity’s spec.intendedUse says it.'}
      </Box>
      {outOfScope.length > 0 && (
        <>
          <Caption>Out of scope</Caption>
          <Box component="p" sx={wordsSx}>
            {capitalised(outOfScope.join(', '))}
          </Box>
        </>
      )}
      {typeof spec.task === 'string' && (
        <>
          <Caption>Task</Caption>
          {spec.task}
        </>
      )}
    </Card>
  );
}

const RELATIONS: { field: string; label: string; kind: string }[] = [
  { field: 'trainedOn', label: 'Trained on', kind: 'resource' },
  { field: 'usesFeatures', label: 'Uses features', kind: 'resource' },
  { field: 'derivedFrom', label: 'Derived from', kind: 'model' },
  { field: 'builtBy', label: 'Built by', kind: 'component' },
  { field: 'servedBy', label: 'Served by', kind: 'component' },
];

/** What the model is made from and who uses it: from the catalog. */
export function LineageCard() {
  const { entity } = useEntity();
  const spec = specOf(entity);
  const items = RELATIONS.map(({ field, label, kind }) => {
    const refs = strings(spec[field]);
    return {
      label,
      value:
        refs.length > 0 ? (
          <EntityRefLinks entityRefs={refs} defaultKind={kind} hideIcons />
        ) : null,
    };
  });
  if (items.every(({ value }) => value === null)) {
    return null;
  }
  return (
    <Card title="Lineage">
      <Facts items={items} />
    </Card>
  );
}

/** The policy in force, where predictions are asked for, and how fresh the registry is. */
export function DeliveryCard(props: { model: ModelDetail }) {
  const { model } = props;
  const { registry, policy } = model;
  const tabLink = useTabLink();
  const endpoints = model.environments.filter(({ endpoint }) => endpoint);
  return (
    <Card title="Delivery">
      <Facts
        items={[
          { label: 'Tier', value: `${model.tier} (${model.teamSize} team)` },
          {
            label: 'Policy',
            value: (
              <>
                <PolicyLink
                  to={{
                    risk: model.risk,
                    teamSize: model.teamSize,
                    policy: policy.digest,
                  }}
                >
                  {policy.name}
                </PolicyLink>{' '}
                <Digest value={policy.digest} of="digest of the policy" />
              </>
            ),
          },
          {
            label: 'Versions',
            value: (
              <Link to={tabLink('versions')}>
                {model.versionCount.toLocaleString('en')}
              </Link>
            ),
          },
        ]}
      />
      {endpoints.length > 0 && (
        <>
          <Caption>Predictions at</Caption>
          <Facts
            items={endpoints.map(({ name, endpoint }) => ({
              label: name,
              value: <Code>{endpoint}</Code>,
            }))}
          />
        </>
      )}
      <Caption>Registry</Caption>
      {registry ? (
        <Facts
          items={[
            {
              label: registry.type,
              value: <Link to={registry.url}>{registry.id}</Link>,
            },
            {
              label: 'Read',
              value: (
                <>
                  <RegistriesLink>
                    <StateLabel appearance={registryFreshness(registry)} />
                  </RegistriesLink>{' '}
                  {registry.lastSuccessAt ? (
                    <Time at={registry.lastSuccessAt} />
                  ) : (
                    'never'
                  )}
                </>
              ),
            },
            { label: 'Trouble', value: registry.error },
          ]}
        />
      ) : (
        <Box sx={{ color: 'text.secondary' }}>
          None. The annotation <Code>slipway.dev/registry</Code> on the entity
          names it.
        </Box>
      )}
    </Card>
  );
}

function specOf(entity: Entity): Record<string, unknown> {
  return entity.spec ?? {};
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
