import Box from '@mui/material/Box';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import { icons, PersonName, StateLabel, Sub, useTones } from '../components';
import { validDecisions } from '../promotions/slots';
import { ClockOrDate } from '../promotions/StateRail';
import { DecisionLabel } from './ApprovalsList';

/** The slots of a promotion: filled by whom, open for whom, and whether it is my turn. */
export function SlotCards(props: {
  promotion: Promotion;
  userRef: string | undefined;
}) {
  const { promotion, userRef } = props;
  const { approval } = promotion;
  const tones = useTones();
  return (
    <Box
      component="ul"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: '1fr 1fr' },
      }}
    >
      {approval.slots.map(slot => {
        const decisions = validDecisions(approval, slot.role);
        const isOpen = slot.filled < slot.minimum && decisions.length === 0;
        const isMine =
          approval.viewer.mayDecide &&
          approval.viewer.roles.includes(slot.role) &&
          slot.filled < slot.minimum;
        return (
          <Box
            component="li"
            key={slot.role}
            sx={{
              display: 'flex',
              flexDirection: { xs: 'column', sm: 'row' },
              gap: { xs: 0.5, sm: 1.5 },
              border: 1,
              borderColor: isMine ? tones.running.text : 'divider',
              boxShadow: isMine
                ? `inset 0 0 0 1px ${tones.running.text}`
                : 'none',
              borderRadius: '8px',
              p: '10px 12px',
              fontSize: 13,
              lineHeight: '18px',
            }}
          >
            {decisions.length > 0 && <DecisionLabel decision={decisions[0]} />}
            {isMine && decisions.length === 0 && (
              <StateLabel
                appearance={{
                  label: 'Your turn',
                  tone: 'running',
                  icon: icons.WaitingIcon,
                }}
              />
            )}
            {isOpen && !isMine && (
              <StateLabel
                appearance={{
                  label: 'Open',
                  tone: 'neutral',
                  icon: icons.WaitingIcon,
                }}
              />
            )}
            <div>
              <b>
                {slot.title}
                {isMine && ': you'}
              </b>
              {slot.minimum > 1 && ` (${slot.filled} of ${slot.minimum})`}
              {decisions.map(decision => (
                <Sub key={decision.id}>
                  {decision.decidedBy === userRef ? (
                    'You'
                  ) : (
                    <PersonName principal={decision.decidedBy} />
                  )}
                  , <ClockOrDate at={decision.decidedAt} />
                  {decision.reason && `. “${decision.reason}”`}
                </Sub>
              ))}
              {isMine && (
                <Sub>
                  {slot.reasonRequired && 'A reason is compulsory. '}
                  One person fills one slot.
                </Sub>
              )}
              {isOpen && !isMine && (
                <Sub>
                  Members of <PersonName principal={slot.group} /> may decide
                </Sub>
              )}
            </div>
          </Box>
        );
      })}
    </Box>
  );
}
