import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  LineageImpact,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive, useModelDelivery } from '../../api';
import {
  Caption,
  PageState,
  PersonName,
  ReasonDialog,
  ScrollRegion,
  Sub,
  tableSx,
} from '../../components';
import { count, SHORTEST_REASON } from '../../revocations/revoked';
import { FaultConsequences } from './FaultConsequences';
import { servingWordsOf, wholeOf } from './graph';
import { SaidFault } from './SaidFault';

/** Versions that are listed before one asks for all. */
const FEW = 8;
/** What is affected if a data set is faulty, and the button that says so to those who answer for it. */
export function ImpactOf(props: { node: LineageNode }) {
  const { node } = props;
  // In the address, so that whoever answers for it can be sent there
  const [params, setParams] = useSearchParams();
  const open = params.get('impact') === 'yes';
  return (
    <>
      <Caption>If it is faulty</Caption>
      {open ? (
        <Impact key={node.id} node={node} />
      ) : (
        <Button
          size="small"
          variant="outlined"
          onClick={() =>
            setParams(
              before => {
                const next = new URLSearchParams(before);
                next.set('impact', 'yes');
                return next;
              },
              { replace: true },
            )
          }
          sx={{ textTransform: 'none' }}
        >
          What would be affected
        </Button>
      )}
    </>
  );
}

function Impact({ node }: { node: LineageNode }) {
  const client = useModelDelivery();
  const entityRoute = useRouteRef(entityRouteRef);
  const [all, setAll] = useState(false);
  const [raising, setRaising] = useState(false);
  const dataset = wholeOf(node.id);
  const version = node.version ?? undefined;
  const impact = useLive(
    `lineage-impact/${node.id}`,
    async ({ client: api, signal }) =>
      dataOf(
        await api.GET('/lineage/impact', {
          params: { query: { dataset, version } },
          signal,
        }),
      ),
    { pollSeconds: 30 },
  );
  const name = [node.title, node.version].filter(Boolean).join(' ');
  return (
    <PageState state={impact} what="what is affected" lines={3}>
      {data => (
        <>
          <Box component="p" sx={{ m: '0 0 8px' }}>
            {sentenceOf(data)}
          </Box>
          {data.versions.length > 0 && (
            <ScrollRegion label="Versions that are affected">
              <Box component="table" sx={tableSx}>
                <thead>
                  <tr>
                    <th scope="col">Version</th>
                    <th scope="col">Serves</th>
                    <th scope="col">Its policy</th>
                    <th scope="col">Owner</th>
                  </tr>
                </thead>
                <tbody>
                  {data.versions.slice(0, all ? undefined : FEW).map(each => (
                    <tr key={`${each.model} ${each.version}`}>
                      <th scope="row" style={{ fontWeight: 400 }}>
                        {each.title} <code>{each.version}</code>
                        {!each.certain && (
                          <Sub>Nobody said which version it read</Sub>
                        )}
                      </th>
                      <td>{servingWordsOf(each.serving) ?? 'Nowhere'}</td>
                      <td>
                        {each.revokes ? 'Revokes' : 'Only tells'}
                        {each.revoked > 0 && (
                          <Sub>
                            <Link
                              to={`${entityRoute(
                                parseEntityRef(each.model),
                              )}/versions?${new URLSearchParams({
                                q: each.version,
                              })}`}
                            >
                              {count(each.revoked, 'evaluation')} revoked
                            </Link>
                          </Sub>
                        )}
                        {data.consequences.length > 1 && (
                          <Sub>{each.policy}</Sub>
                        )}
                      </td>
                      <td>
                        <PersonName principal={each.owner} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </Box>
            </ScrollRegion>
          )}
          {data.versions.length > FEW && !all && (
            <Button
              size="small"
              onClick={() => setAll(true)}
              sx={{ textTransform: 'none' }}
            >
              All {data.versions.length} versions
            </Button>
          )}
          {data.consequences.length > 0 && (
            <Box sx={{ mt: 1 }}>
              By the policies in force,
              <FaultConsequences consequences={data.consequences} />
            </Box>
          )}
          {data.faults.map(fault => (
            <SaidFault
              key={fault.id}
              fault={fault}
              mayWithdraw={data.mayRaise}
              onWithdrawn={impact.reload}
            />
          ))}
          {data.mayRaise && data.owners.length > 0 && (
            <Button
              size="small"
              variant="contained"
              onClick={() => setRaising(true)}
              sx={{ mt: 1.5, textTransform: 'none' }}
            >
              It is faulty: tell {count(data.owners.length, 'owner')}
            </Button>
          )}
          <ReasonDialog
            open={raising}
            onClose={() => setRaising(false)}
            title={`${name} is faulty`}
            consequence={
              <>
                {count(data.owners.length, 'owner')} of{' '}
                {data.versions.length > 0
                  ? count(data.versions.length, 'version')
                  : count(data.models.length, 'model')}{' '}
                will be told, each once:{' '}
                {data.owners.map((owner, i) => (
                  <span key={owner}>
                    {i > 0 && ', '}
                    <PersonName principal={owner} plain />
                  </span>
                ))}
                . What serves goes on serving until somebody decides.
              </>
            }
            fields={
              data.consequences.length > 0 && (
                <div>
                  The policies in force decide what is revoked:
                  <FaultConsequences consequences={data.consequences} />
                  {data.hidden > 0 &&
                    'What you may not see goes by its own policy.'}
                </div>
              )
            }
            confirmLabel={
              revokesOf(data) > 0
                ? `Tell the owners and revoke ${count(
                    revokesOf(data),
                    'evaluation',
                  )}`
                : 'Tell the owners'
            }
            destructive
            shortestReason={SHORTEST_REASON}
            refusedTitle="Not recorded"
            onConfirm={async ({ reason, key }) => {
              dataOf(
                await client.POST('/lineage/faults', {
                  body: {
                    dataset,
                    version,
                    reason,
                    idempotencyKey: key,
                  },
                }),
              );
              impact.reload();
            }}
          />
        </>
      )}
    </PageState>
  );
}

function sentenceOf(impact: LineageImpact): string {
  const { versions, models, hidden, owners, truncated } = impact;
  const serving = versions.filter(each => each.serving.length > 0).length;
  const parts = [
    versions.length > 0 &&
      `It went into ${truncated ? 'more than ' : ''}${count(
        versions.length,
        'version',
      )} of ${count(
        new Set(versions.map(each => each.model)).size,
        'model',
      )}, of which ${servingOf(serving)}`,
    models.length > 0 &&
      `${count(models.length, 'model')} (${models
        .map(each => each.title)
        .join(
          ', ',
        )}) use it by what the catalog says, in no version that is known`,
    hidden > 0 && `${count(hidden, 'thing')} that you may not see`,
  ].filter(Boolean);
  return parts.length === 0
    ? 'Nothing that is known was made of it.'
    : `${parts.join('; ')}. ${count(owners.length, 'owner')} would be told.`;
}

/** Evaluations that would be revoked. */
function revokesOf({ consequences }: LineageImpact): number {
  return consequences.reduce((sum, each) => sum + each.evaluations, 0);
}

function servingOf(n: number): string {
  if (n === 0) {
    return 'none serves';
  }
  return n === 1 ? '1 serves now' : `${n} serve now`;
}
