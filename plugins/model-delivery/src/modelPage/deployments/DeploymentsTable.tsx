import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type {
  Deployment,
  DeploymentRevocation,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  ApproverNames,
  Digest,
  Duration,
  PeopleNames,
  PersonName,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
} from '../../components';
import { RevokedMark } from '../../revocations/RevokedMark';
import { promotionRouteRef } from '../../routes';

/** Deployments in words: version, where, from when to when, by whom, and what became of it. */
export function DeploymentsTable(props: {
  deployments: Deployment[];
  /** Names the table among others of the page. */
  label: string;
  /** Whether its rows can be linked to, by `rowIdOf`; for one table of a page. */
  linked?: boolean;
}) {
  return (
    <ScrollRegion label={props.label}>
      <Box component="table" sx={[tableSx, { minWidth: 760 }]}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Environment</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="num">
              How long
            </th>
            <th scope="col">What became of it</th>
            <th scope="col">Requested, approved by</th>
            <th scope="col">Promotion, evidence</th>
          </tr>
        </thead>
        <tbody>
          {props.deployments.map(deployment => (
            <tr
              key={deployment.id}
              {...(props.linked && {
                id: rowIdOf(deployment),
                tabIndex: -1,
              })}
            >
              <th scope="row">
                {deployment.version}
                <Sub>
                  <Digest
                    value={deployment.digest}
                    of={`digest of ${deployment.version}`}
                  />
                </Sub>
              </th>
              <td>{deployment.environment}</td>
              <td>
                <Time at={deployment.startedAt} as="datetime" />
                <Sub>
                  <Time at={deployment.startedAt} />
                </Sub>
              </td>
              <td>
                {deployment.endedAt ? (
                  <Time at={deployment.endedAt} as="datetime" />
                ) : (
                  'Serves now'
                )}
                {deployment.share < 100 && <Sub>{deployment.share} %</Sub>}
              </td>
              <td className="num">
                <Duration from={deployment.startedAt} to={deployment.endedAt} />
              </td>
              <td>
                <StateLabel deployment={deployment.outcome} />
                <Sub>{qualifier(deployment)}</Sub>
                {deployment.revoked?.map(each => (
                  <Revoked key={each.revocation.id} revoked={each} />
                ))}
              </td>
              <td>
                <Requester deployment={deployment} />
                <Approval deployment={deployment} />
              </td>
              <td>
                <PromotionLinks deployment={deployment} />
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}

/** The id of a deployment's row in the table whose rows are linked to. */
export function rowIdOf(deployment: Deployment): string {
  return `deployment-${deployment.id}`;
}

/** Who asked for it; of a rollback who made it, and why. */
function Requester(props: { deployment: Deployment }) {
  const { requestedBy, rolledBack } = props.deployment;
  if (rolledBack) {
    return (
      <>
        {rolledBack.by ? (
          <>
            rolled back by <PeopleNames principals={[rolledBack.by]} />
          </>
        ) : (
          'Not recorded who rolled back'
        )}
        {rolledBack.because && <Sub>“{rolledBack.because}”</Sub>}
      </>
    );
  }
  return requestedBy ? (
    <PeopleNames principals={[requestedBy]} />
  ) : (
    <>Not recorded</>
  );
}

/** Who approved the version. */
function Approval(props: { deployment: Deployment }) {
  const { approvedBy, kind, version } = props.deployment;
  if (approvedBy.length === 0) {
    return <Sub>no approval</Sub>;
  }
  return (
    <Sub>
      {kind === 'rollback' ? `${version} was approved by ` : 'approved by '}
      <ApproverNames of={props.deployment} />
    </Sub>
  );
}

/** The ways to what put the version there, and to the evidence and approvals that let it in. */
function PromotionLinks(props: { deployment: Deployment }) {
  const { promotionId, evidencePromotionId, version, kind } = props.deployment;
  const promotionRoute = useRouteRef(promotionRouteRef);
  if (!promotionId && !evidencePromotionId) {
    return <Sub>None, recorded from outside</Sub>;
  }
  return (
    <>
      {promotionId && (
        <div>
          <Link to={promotionRoute({ id: promotionId })}>
            {kind === 'rollback' ? 'Rollback' : 'Promotion'}{' '}
            {promotionId.slice(0, 8)}
          </Link>
        </div>
      )}
      {evidencePromotionId ? (
        <Link to={promotionRoute({ id: evidencePromotionId })}>
          Evidence of {version}
        </Link>
      ) : (
        <Sub>No evidence of {version} here</Sub>
      )}
    </>
  );
}

/** Evidence that the deployment rested on and that was found wrong later. */
function Revoked(props: { revoked: DeploymentRevocation }) {
  const { revocation, acknowledgement } = props.revoked;
  return (
    <Box sx={{ mt: 0.5 }}>
      <RevokedMark mark={revocation} />
      {acknowledgement && (
        <Sub>
          Serves on by <PersonName principal={acknowledgement.by} />: “
          {acknowledgement.reason}”
        </Sub>
      )}
    </Box>
  );
}

function qualifier(deployment: Deployment): string {
  const words = [
    deployment.kind === 'rollback' ? 'a rollback to this version' : null,
    deployment.reason === 'unplanned-fix' ? 'unplanned fix' : null,
    deployment.origin === 'recorded' ? 'recorded from outside' : null,
    deployment.bundle ? `with the bundle ${deployment.bundle.name}` : null,
  ];
  return words.filter(Boolean).join(', ');
}
