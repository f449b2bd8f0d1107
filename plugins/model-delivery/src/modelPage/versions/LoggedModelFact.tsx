import { Link } from '@backstage/core-components';
import {
  dataOf,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import { icons, StateLabel, Sub } from '../../components';
import { useModelName } from '../useModelDetail';

type LoggedModel = NonNullable<NonNullable<Version['registry']>['loggedModel']>;

/** What a version was made from in its registry, whether it could be read, and how many traces it left. */
export function LoggedModelFact(props: {
  version: Version;
  loggedModel: LoggedModel;
}) {
  const { version, loggedModel } = props;
  const { id, url, state, problem } = loggedModel;
  return (
    <>
      {url ? <Link to={url}>{id}</Link> : id}
      {state === 'missing' && (
        <Sub>
          <StateLabel
            appearance={{
              label: 'Not there any more',
              tone: 'warned',
              icon: icons.WarnedIcon,
            }}
          />{' '}
          its parameters and evaluations are not told
        </Sub>
      )}
      {state === 'failed' && (
        <Sub>
          <StateLabel
            appearance={{
              label: 'Could not be read',
              tone: 'warned',
              icon: icons.WarnedIcon,
            }}
          />{' '}
          {problem}
        </Sub>
      )}
      {state === 'read' && <TraceCountText version={version.version} />}
    </>
  );
}

/** Nothing where there are none, or nobody counts them. */
function TraceCountText(props: { version: string }) {
  const { version } = props;
  const { ref, namespace, name } = useModelName();
  const { data, error } = useLive(
    `traces/${ref}/${version}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET(
          '/models/{namespace}/{name}/versions/{version}/traces',
          { params: { path: { namespace, name, version } }, signal },
        ),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  if (!data && error) {
    return <Sub>its traces cannot be counted now</Sub>;
  }
  if (!data?.count) {
    return null;
  }
  const text = `${data.count.toLocaleString('en')} ${
    data.count === 1 ? 'trace' : 'traces'
  }`;
  return (
    // High enough to be hit by a finger, below another link
    <Sub sx={{ '& a': { display: 'inline-block', lineHeight: '24px' } }}>
      {data.url ? <Link to={data.url}>{text}</Link> : text}
    </Sub>
  );
}
