import { parseEntityRef } from '@backstage/catalog-model';
import Box from '@mui/material/Box';
import {
  dataOf,
  Version,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../../api';
import {
  Caption,
  PageState,
  PersonName,
  Sub,
  TextDiff,
} from '../../../components';
import { useModelName } from '../../useModelDetail';

/** What the texts of configuration and prompts say otherwise than in the first version, line by line. */
export function ConfigurationTexts(props: { versions: Version[] }) {
  // Those of other models are no revisions of the same texts
  const versions = props.versions.filter(
    ({ model }) => model === props.versions[0].model,
  );
  const [first, ...others] = versions.map(({ version }) => version);
  const { ref } = useModelName();
  const { namespace, name } = parseEntityRef(versions[0].model);
  const hasAny = versions.some(({ parts }) => parts.configuration.length > 0);
  const changes = useLive(
    `texts/${ref}/${JSON.stringify([
      hasAny,
      versions[0].model,
      first,
      others,
    ])}`,
    async ({ client, signal }) =>
      Promise.all(
        (hasAny ? others : []).map(async version =>
          dataOf(
            await client.GET(
              '/models/{namespace}/{name}/versions/{version}/changes',
              {
                params: {
                  path: { namespace, name, version },
                  query: { against: first },
                },
                signal,
              },
            ),
          ),
        ),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  return hasAny && others.length > 0 ? (
    <Box component="section" aria-label="Texts of configuration and prompts">
      <Caption>Texts of configuration and prompts</Caption>
      <PageState state={changes} what="the texts">
        {items =>
          items.map(each => <Texts key={each.version} changes={each} />)
        }
      </PageState>
    </Box>
  ) : null;
}

function Texts(props: { changes: VersionChanges }) {
  const { version, against, configuration } = props.changes;
  const different = configuration.filter(
    // The base model has a version, but no text
    ({ name, change }) => change !== 'same' && name !== 'base model',
  );
  if (different.length === 0) {
    return <Sub>{`The same in ${version} as in ${against}`}</Sub>;
  }
  return different.map(part => (
    <Box key={part.name} sx={{ mb: 2 }}>
      <Box component="h4" sx={{ m: 0, fontSize: 13, lineHeight: '20px' }}>
        <PersonName principal={part.name} />
        <Sub>{`${version} against ${against}`}</Sub>
      </Box>
      {part.text ? (
        <TextDiff runs={part.text} />
      ) : (
        <Sub>
          {part.change === 'changed'
            ? 'The digest differs; the text was not reported with both versions'
            : `${
                part.change === 'added' ? 'Came' : 'Went'
              }; the text was not reported`}
        </Sub>
      )}
    </Box>
  ));
}
