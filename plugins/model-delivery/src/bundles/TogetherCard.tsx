import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Card,
  Digest,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
} from '../components';
import { stoppedBefore } from '../promotions/stoppedBefore';
import { promotionRouteRef } from '../routes';
import { RollBackTogetherButton } from './RollBackTogetherButton';

/** The bundle that a promotion is part of: where each member is, and the one way back for all. Nothing for what goes alone. */
export function TogetherCard(props: {
  promotion: Promotion;
  /** Without the way back, where one only decides. */
  forDecision?: boolean;
  onDone?: () => void;
}) {
  const { promotion, forDecision, onDone } = props;
  const { together } = promotion;
  if (!together) {
    return null;
  }
  return (
    <Card
      title={`Bundle ${together.bundle.name}`}
      state={<StateLabel promotion={together.state} />}
      aside={
        <Digest
          value={together.bundle.digest}
          of="digest of the bundle"
          algorithm
        />
      }
    >
      <Sub sx={{ mb: 1 }}>
        {forDecision
          ? 'One decision covers all of these: they go together or not at all.'
          : `${together.statement}. What is decided or done here is decided and done for all of them.`}
      </Sub>
      <Members promotion={promotion}>
        {!forDecision && together.mayRollBack && (
          <RollBackTogetherButton promotion={together} onDone={onDone} />
        )}
      </Members>
    </Card>
  );
}

function Members(props: { promotion: Promotion; children: ReactNode }) {
  const { promotion, children } = props;
  const members = promotion.together?.members ?? [];
  const promotionPath = useRouteRef(promotionRouteRef);
  return (
    <>
      <ScrollRegion label="Members of the bundle">
        <Box component="table" sx={[tableSx, { minWidth: 480 }]}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">State</th>
              <th scope="col">Version</th>
              <th scope="col">Before</th>
              <th scope="col" className="num">
                Traffic
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map(member => (
              <tr key={member.model}>
                <th scope="row">
                  {member.promotion && member.promotion.id !== promotion.id ? (
                    <Link to={promotionPath({ id: member.promotion.id })}>
                      {member.modelTitle}
                    </Link>
                  ) : (
                    member.modelTitle
                  )}
                </th>
                <td>
                  {member.promotion ? (
                    <StateLabel promotion={member.promotion.state}>
                      {stoppedBefore(member.promotion)}
                    </StateLabel>
                  ) : (
                    'Serves already and stays'
                  )}
                </td>
                <td>{member.version}</td>
                <td>{member.from ?? 'Nothing'}</td>
                <td className="num">
                  {typeof member.promotion?.share === 'number'
                    ? `${member.promotion.share} %`
                    : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
      {children && <Box sx={{ mt: 1.5 }}>{children}</Box>}
    </>
  );
}
