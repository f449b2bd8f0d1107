import { ReactNode } from 'react';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  ModelDetail,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Live, useLive } from '../api';
import { PageState } from '../components';

const OFFERED = 50;

/** The newest versions of a model, which a promotion can be asked for. */
export function usePromotableVersions(
  model: Pick<ModelDetail, 'ref' | 'namespace' | 'name'>,
): Live<Version[]> {
  const { namespace, name } = model;
  return useLive(
    `promotable/${model.ref}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/versions', {
          params: { path: { namespace, name }, query: { limit: OFFERED } },
          signal,
        }),
      ).items,
  );
}

/** Which version goes where, and below it what else is asked once there are versions. */
export function VersionAndEnvironment(props: {
  versions: Live<Version[]>;
  version: string;
  onVersion: (version: string) => void;
  /** Names, with what else is worth saying of each. */
  environments: { name: string; label: string }[];
  environment: string;
  onEnvironment: (environment: string) => void;
  children: (versions: Version[]) => ReactNode;
}) {
  const { versions, version, onVersion, children } = props;
  const { environments, environment, onEnvironment } = props;
  return (
    <PageState
      state={versions}
      what="the versions"
      isEmpty={items => items.length === 0}
      empty={{
        title: 'No versions yet',
        text: 'The model’s pipeline registers them.',
      }}
    >
      {items => (
        <>
          <TextField
            select
            label="Version"
            value={version}
            onChange={event => onVersion(event.target.value)}
            SelectProps={{ native: true }}
            sx={{ mt: 1.5 }}
          >
            {items.map(each => (
              <option key={each.version} value={each.version}>
                {each.version}
                {each.environments.length > 0 &&
                  `, serves in ${each.environments
                    .map(where => where.name)
                    .join(', ')}`}
              </option>
            ))}
          </TextField>
          <TextField
            select
            label="Into"
            value={environment}
            onChange={event => onEnvironment(event.target.value)}
            SelectProps={{ native: true }}
          >
            {environments.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </TextField>
          {children(items)}
        </>
      )}
    </PageState>
  );
}
