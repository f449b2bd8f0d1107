import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type {
  Deployment,
  DeploymentRevocation,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
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
}) {
  const promotionRoute = useRouteRef(promotionRouteRef);
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
            <th scope="col">Promotion</th>
          </tr>
        </thead>
        <tbody>
          {props.deployments.map(deployment => (
            <tr key={deployment.id}>
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
                {deployment.requestedBy ? (
                  <PeopleNames principals={[deployment.requestedBy]} />
                ) : (
                  'Not recorded'
                )}
                <Sub>
                  {deployment.approvedBy.length > 0 ? (
                    <>
                      approved by{' '}
                      <PeopleNames principals={deployment.approvedBy} />
                    </>
                  ) : (
                    'no approval'
                  )}
                </Sub>
              </td>
              <td>
                {deployment.promotionId ? (
                  <Link to={promotionRoute({ id: deployment.promotionId })}>
                    Open
                    <Sub>{deployment.promotionId.slice(0, 8)}</Sub>
                  </Link>
                ) : (
                  <Sub>None, recorded from outside</Sub>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
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
