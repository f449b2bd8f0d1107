import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import {
  dataOf,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, usePages } from '../api';
import {
  Card,
  Digest,
  Duration,
  PageState,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
} from '../components';

/** The latest runs of the model's pipeline: what started them, how they ended, and at which stage. */
export function RunsCard(props: { model: ModelDetail }) {
  const { ref, namespace, name } = props.model;
  const runs = usePages(
    `runs/${ref}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/runs', {
          params: { path: { namespace, name }, query: { limit: 5, cursor } },
          signal,
        }),
      ),
    run => run.id,
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
  return (
    <Card title="Latest pipeline runs">
      <PageState
        state={runs}
        what="the pipeline runs"
        isEmpty={items => items.length === 0}
        empty={{
          title: 'No runs yet',
          text: 'The pipeline reports each run here as it goes through its stages.',
        }}
      >
        {items => (
          <ScrollRegion label="Table of the latest pipeline runs">
            <Box component="table" sx={tableSx}>
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">Outcome</th>
                  <th scope="col">Version</th>
                  <th scope="col" className="num">
                    Started
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map(run => {
                  const stopped = run.stages.find(({ outcome }) =>
                    ['failure', 'error', 'running'].includes(outcome),
                  );
                  return (
                    <tr key={run.id}>
                      <th scope="row">
                        {run.url ? <Link to={run.url}>{run.id}</Link> : run.id}
                        <Sub>by {run.trigger}</Sub>
                      </th>
                      <td>
                        <StateLabel run={run.outcome} />
                        {stopped && (
                          <Sub>
                            {stopped.stage.replace(/-/g, ' ')}
                            {stopped.message && `: ${stopped.message}`}
                          </Sub>
                        )}
                      </td>
                      <td>
                        {run.version ?? 'None'}
                        {run.commit && (
                          <Sub>
                            <Digest value={run.commit} commit noCopy />
                          </Sub>
                        )}
                      </td>
                      <td className="num">
                        <Time at={run.startedAt} />
                        <Sub>
                          <Duration from={run.startedAt} to={run.finishedAt} />
                        </Sub>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </Box>
          </ScrollRegion>
        )}
      </PageState>
    </Card>
  );
}
