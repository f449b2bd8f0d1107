import {
  ApprovalSubject,
  dataOf,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import Box from '@mui/material/Box';
import { useLive } from '../api';
import { Caption, Digest, PageState, Sub } from '../components';
import { Binding } from '../promotions/Binding';

/** All that a decision binds to, part by part; for a bundle the parts of every member that moves traffic. */
export function BindsTo(props: {
  promotion: Promotion;
  /** What was looked at. */
  seen: ApprovalSubject;
}) {
  const { promotion, seen } = props;
  const others = (promotion.together?.members ?? []).filter(
    member => member.promotion && member.promotion.id !== promotion.id,
  );
  return (
    <Box sx={{ bgcolor: 'action.hover', borderRadius: '8px', p: 1.5 }}>
      <Caption sx={{ mt: 0 }}>Binds to</Caption>
      <Box sx={{ mb: 1 }}>
        <Digest value={seen.digest} of="digest of the subject" algorithm />
      </Box>
      {others.length > 0 && <Caption>{promotion.modelTitle}</Caption>}
      <Binding subject={seen} version={promotion.version} />
      {others.map(member => (
        <section
          key={member.model}
          aria-label={`Binds to ${member.modelTitle}`}
        >
          <Caption>{member.modelTitle}</Caption>
          <MemberBinding
            id={member.promotion!.id}
            title={member.modelTitle}
            seen={seen}
          />
        </section>
      ))}
      <Sub sx={{ mt: 1 }}>
        Any change to one of these voids the decision and asks again.
      </Sub>
    </Box>
  );
}

function MemberBinding(props: {
  id: string;
  title: string;
  seen: ApprovalSubject;
}) {
  const { id, title, seen } = props;
  const live = useLive(
    `approval/${id}/binding`,
    ({ client, signal }) =>
      client
        .GET('/promotions/{id}', { params: { path: { id } }, signal })
        .then(dataOf),
    {
      concerns: signal => signal.type === 'promotion' && signal.id === id,
      signalled: promotion => promotion.revision,
    },
  );
  return (
    <PageState state={live} what={`what is decided on for ${title}`} lines={3}>
      {({ approval, version }) =>
        approval.subject?.digest === seen.digest ? (
          <Binding
            subject={{ ...approval.subject, bundle: undefined }}
            version={version}
          />
        ) : (
          <Sub>It changed since you opened it.</Sub>
        )
      }
    </PageState>
  );
}
