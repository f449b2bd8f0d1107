import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  DataFault,
  dataOf,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../../api';
import { PersonName, ReasonDialog, Sub, Time } from '../../components';
import { count, SHORTEST_REASON } from '../../revocations/revoked';
import { FaultConsequences } from './FaultConsequences';

/** What somebody said of a data set and what came of it, and the button that takes it back. */
export function SaidFault(props: {
  fault: DataFault;
  mayWithdraw: boolean;
  onWithdrawn: () => void;
}) {
  const { fault, mayWithdraw, onWithdrawn } = props;
  const { withdrawn } = fault;
  const client = useModelDelivery();
  const [asking, setAsking] = useState(false);
  const name = [fault.title, fault.version].filter(Boolean).join(' ');
  return (
    <Box sx={{ mt: 1 }}>
      <strong>
        {fault.version ? `${fault.version} was` : 'Was'} found faulty
      </strong>{' '}
      <Time at={fault.raisedAt} /> by <PersonName principal={fault.raisedBy} />:{' '}
      {fault.reason}
      <Sub>
        {count(fault.notified, 'owner')} told.{' '}
        {fault.revoked === null && 'The policies are being followed.'}
      </Sub>
      {fault.consequences.length > 0 && (
        <FaultConsequences consequences={fault.consequences} did />
      )}
      {withdrawn ? (
        <Sub>
          Taken back <Time at={withdrawn.at} /> by{' '}
          <PersonName principal={withdrawn.by} />: {withdrawn.reason}
        </Sub>
      ) : (
        <Sub>
          It stands: where the policy revokes, what is measured anew does not
          count either.
        </Sub>
      )}
      {mayWithdraw && !withdrawn && (
        <Button
          size="small"
          onClick={() => setAsking(true)}
          sx={{ textTransform: 'none', ml: -0.5 }}
        >
          Take it back…
        </Button>
      )}
      <ReasonDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Take back that ${name} is faulty?`}
        consequence={`For a mistake, or data that are repaired in place. What is measured anew counts again, also of versions that were made before. What was revoked stays revoked. ${count(
          fault.notified,
          'owner',
        )} will be told.`}
        confirmLabel="Take it back"
        shortestReason={SHORTEST_REASON}
        refusedTitle="Not taken back"
        onConfirm={async ({ reason }) => {
          dataOf(
            await client.POST('/lineage/faults/{faultId}/withdrawal', {
              params: { path: { faultId: fault.id } },
              body: { reason },
            }),
          );
          onWithdrawn();
        }}
      />
    </Box>
  );
}
