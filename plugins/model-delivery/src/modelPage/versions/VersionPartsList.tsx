import { Link } from '@backstage/core-components';
import Box from '@mui/material/Box';
import type { Version } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Caption,
  Code,
  Digest,
  Facts,
  PersonName,
  Sub,
  Time,
} from '../../components';
import { GoneMark } from './GoneMark';
import { LoggedModelFact } from './LoggedModelFact';

/** Parameters of the registry that are shown, where they are not those of the version. */
const MOST_PARAMETERS = 50;

/** Everything that a version is made of: what its digest is the digest of. */
export function VersionPartsList(props: { version: Version }) {
  const { version } = props;
  const { parts, registry, run } = version;
  const parameters = Object.entries(parts.parameters);
  const toldOtherwise = Object.entries(registry?.parameters ?? {}).filter(
    ([name, value]) => parts.parameters[name] !== value,
  );
  return (
    <>
      <Facts
        items={[
          {
            label: 'Digest',
            value: (
              <Digest
                value={version.digest}
                of={`digest of ${version.version}`}
                algorithm
              />
            ),
          },
          {
            label: 'Code',
            value: (
              <>
                <Digest value={parts.code.commit} commit />
                {parts.code.repository && <Sub>{parts.code.repository}</Sub>}
              </>
            ),
          },
          {
            label: 'Artefact',
            value: (
              <>
                <Digest
                  value={parts.artifact.digest}
                  of="digest of the artefact"
                  algorithm
                />
                {parts.artifact.uri && <Sub>{parts.artifact.uri}</Sub>}
              </>
            ),
          },
          ...parts.data.map((data, index) => ({
            label: index === 0 ? 'Data' : '',
            value: (
              <>
                <PersonName principal={data.name} />@{data.version}
                <Sub>
                  {data.digest && (
                    <Digest value={data.digest} of={`digest of ${data.name}`} />
                  )}
                  {data.rows !== undefined &&
                    ` ${data.rows.toLocaleString('en')} rows`}
                </Sub>
              </>
            ),
          })),
          ...parts.configuration.map((configuration, index) => ({
            label: index === 0 ? 'Configuration' : '',
            value: (
              <>
                {configuration.name}{' '}
                <Digest
                  value={configuration.digest}
                  of={`digest of ${configuration.name}`}
                />
              </>
            ),
          })),
          { label: 'Base model', value: parts.baseModel },
          {
            label: 'Trained by',
            value: (
              <>
                <PersonName principal={version.trainedBy} />
                {version.trainedBy !== parts.trainedBy &&
                  `, told as ${parts.trainedBy}`}
              </>
            ),
          },
          {
            label: 'Registered',
            value: (
              <>
                <Time at={version.registeredAt} as="datetime" /> by{' '}
                <PersonName principal={version.registeredBy} />
              </>
            ),
          },
          {
            label: 'Run',
            value:
              run && (run.url ? <Link to={run.url}>{run.id}</Link> : run.id),
          },
          {
            label: 'Registry',
            value: registry && (
              <>
                {registry.url ? (
                  <Link to={registry.url}>{registry.uri}</Link>
                ) : (
                  registry.uri
                )}
                <GoneMark version={version} />
                <Sub>
                  read <Time at={registry.readAt} />
                  {registry.aliases.length > 0 &&
                    `, alias ${registry.aliases.join(', ')}`}
                </Sub>
              </>
            ),
          },
          {
            label: 'Logged model',
            value: registry?.loggedModel && (
              <LoggedModelFact
                version={version}
                loggedModel={registry.loggedModel}
              />
            ),
          },
        ]}
      />
      <Caption>Parameters</Caption>
      {parameters.length > 0 ? (
        <Facts
          items={parameters.map(([label, value]) => ({
            label,
            value: <Code>{value}</Code>,
          }))}
        />
      ) : (
        <Sub>None told</Sub>
      )}
      {toldOtherwise.length > 0 && (
        <>
          <Caption>Parameters in the registry, where they differ</Caption>
          <Facts
            items={toldOtherwise
              .slice(0, MOST_PARAMETERS)
              .map(([label, value]) => ({
                label,
                value: <Code>{value}</Code>,
              }))}
          />
          {toldOtherwise.length > MOST_PARAMETERS && (
            <Sub>and {toldOtherwise.length - MOST_PARAMETERS} more</Sub>
          )}
        </>
      )}
      {version.commits.length > 0 && (
        <>
          <Caption>Commits since the version before</Caption>
          <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
            {version.commits.map(commit => (
              <Box component="li" key={commit.sha} sx={{ mb: '4px' }}>
                <Digest value={commit.sha} commit /> {commit.message}
                <Sub>
                  <PersonName principal={commit.author} />,{' '}
                  <Time at={commit.authoredAt} />
                </Sub>
              </Box>
            ))}
          </Box>
        </>
      )}
    </>
  );
}
