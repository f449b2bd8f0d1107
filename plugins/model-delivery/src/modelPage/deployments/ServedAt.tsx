import { useState } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  Deployment,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../../api';
import {
  Card,
  formatUtc,
  PageState,
  ApproverNames,
  PeopleNames,
  toLocalInput,
} from '../../components';
import { promotionRouteRef } from '../../routes';
import { useModelName } from '../useModelDetail';
import { DeploymentsTable } from './DeploymentsTable';

/** Answers which version served at a moment, and who approved it. */
export function ServedAt(props: { environments: string[] }) {
  const { environments } = props;
  const [local, setLocal] = useState(() => toLocalInput(new Date()));
  const [chosen, setEnvironment] = useState<string>();
  const environment = chosen ?? environments[environments.length - 1];
  const at = new Date(local);
  const isValid = !Number.isNaN(at.getTime());
  return (
    <Card title="What served at …">
      <Box
        component="form"
        onSubmit={event => event.preventDefault()}
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mb: 2 }}
      >
        <TextField
          type="datetime-local"
          label="Moment, your time"
          size="small"
          value={local}
          onChange={event => setLocal(event.target.value)}
          inputProps={{ max: toLocalInput(new Date()) }}
          InputLabelProps={{ shrink: true }}
          helperText={isValid ? formatUtc(at) : 'Pick a date and a time'}
          error={!isValid}
        />
        <TextField
          select
          label="Environment"
          size="small"
          value={environment ?? ''}
          onChange={event => setEnvironment(event.target.value)}
          SelectProps={{ native: true }}
          InputLabelProps={{ shrink: true }}
        >
          {environments.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </TextField>
      </Box>
      {isValid && environment && (
        <Answer at={at.toISOString()} environment={environment} />
      )}
    </Card>
  );
}

/** The way to the evidence on which a version was let in, and who brought it back by a rollback. */
function OnEvidence(props: { deployment: Deployment }) {
  const { evidencePromotionId, rolledBack, version } = props.deployment;
  const promotionRoute = useRouteRef(promotionRouteRef);
  return (
    <>
      {evidencePromotionId && (
        <>
          {' on '}
          <Link
            to={promotionRoute({ id: evidencePromotionId })}
            aria-label={`this evidence of ${version}`}
          >
            this evidence
          </Link>
        </>
      )}
      {rolledBack && ', back by a rollback'}
      {rolledBack?.by && (
        <>
          {' of '}
          <PeopleNames principals={[rolledBack.by]} />
        </>
      )}
    </>
  );
}

function Answer(props: { at: string; environment: string }) {
  const { at, environment } = props;
  const { ref, namespace, name } = useModelName();
  const serving = useLive(
    `serving/${ref}/${environment}/${at}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/serving', {
          params: { path: { namespace, name }, query: { at, environment } },
          signal,
        }),
      ),
    { pollSeconds: 60, concerns: () => false },
  );
  return (
    <PageState
      state={serving}
      what="what served then"
      lines={2}
      isEmpty={answer => answer.items.length === 0}
      empty={{
        title: `Nothing served in ${environment} then`,
        text: `At ${formatUtc(at)} no version took traffic there.`,
      }}
    >
      {answer => (
        <>
          <Box component="p" role="status" sx={{ m: '0 0 8px', fontSize: 14 }}>
            {answer.items.map((deployment, index) => (
              <span key={deployment.id}>
                {index > 0 && ', and '}
                <b>{deployment.version}</b>
                {answer.items.length > 1 && ` (${deployment.share} %)`}
                {deployment.approvedBy.length > 0 ? (
                  <>
                    , approved by <ApproverNames of={deployment} />
                  </>
                ) : (
                  ', without approval'
                )}
                <OnEvidence deployment={deployment} />
              </span>
            ))}
            .
          </Box>
          <DeploymentsTable
            label="Table of what served then"
            deployments={answer.items}
          />
        </>
      )}
    </PageState>
  );
}
